import type { Bundle } from '../domain/bundle.ts';
import type { SourceKind } from '../domain/rollback.ts';
import type { EnvironmentVariable } from '../domain/variables.ts';
import type { FailureOutcome } from '../errors.ts';
import type { FieldRules } from './field-rules.ts';
import { type CommitRecord, RUN_FIELDS, type RunRecord } from './run-record.ts';

/** All that is known of a run of the deploy action, as the step summary shows it. Holds no secret values. */
export interface DeployRecord extends RunRecord {
  outcome: DeployOutcome;
  dryRun: boolean;
  project: { uuid?: string; name?: string };
  deployments: DeploymentRecord[];
  urls: readonly string[];
  commit?: CommitRecord;
  bundle?: Bundle;
  variables: readonly Pick<EnvironmentVariable, 'key' | 'type'>[];
  /** The GitHub environment that the run is for. */
  environment?: string;
  githubDeployment?: { id: number; url: string };
  comment?: { id: number; url: string };
  artifact?: ArtifactRecord;
  /** Set if the bundle is an earlier one. */
  source?: SourceRecord;
}

/** Where an earlier bundle comes from. */
export interface SourceRecord {
  kind: SourceKind;
  /** The GitHub deployment whose bundle it is; undefined if none names the artifact. */
  deployment: { id: number; url: string; environment: string; succeededAt: string | undefined } | undefined;
  /** The GitHub deployment that it replaces, if known. */
  replaced: { id: number; commit: { sha: string; url: string } } | undefined;
  commit: { sha: string; url: string } | undefined;
  run: { id: string; url: string } | undefined;
  artifactId: number;
}

export interface ArtifactRecord {
  id: number;
  name: string;
  url: string;
  /** SHA-256, hex. */
  digest: string;
}

export type DeployOutcome = Exclude<FailureOutcome, 'partial' | 'corrupted'> | 'deployed' | 'dry-run' | 'skipped';

export interface DeploymentRecord {
  uuid: string;
  /** Set if the platform failed it. */
  failure?: { code?: string | undefined; meaning: string } | undefined;
}

export const DEPLOY_FIELDS: FieldRules<DeployRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  project: { uuid: 'public', name: 'public' },
  deployments: { uuid: 'public' },
  urls: 'public',
  commit: { sha: 'public', url: 'public' },
  bundle: { path: 'public', sha256: 'public' },
  variables: { type: 'own' },
  environment: 'public',
  githubDeployment: { url: 'public' },
  comment: { url: 'public' },
  artifact: { name: 'public', url: 'public', digest: 'public' },
  source: {
    kind: 'own',
    deployment: { url: 'public', environment: 'public', succeededAt: 'public' },
    replaced: { commit: { sha: 'public', url: 'public' } },
    commit: { sha: 'public', url: 'public' },
    run: { id: 'public', url: 'public' },
  },
};
