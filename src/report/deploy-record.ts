import type { Bundle } from '../domain/bundle.ts';
import type { SourceKind } from '../domain/rollback.ts';
import type { FailureOutcome } from '../errors.ts';
import { type RunRecord, redactRun, redactStrings } from './run-record.ts';

/** All that a run of the deploy action can tell, as the step summary shows it. Holds no secret values. */
export interface DeployRecord extends RunRecord {
  outcome: DeployOutcome;
  dryRun: boolean;
  project: { uuid?: string; name?: string };
  deployments: DeploymentRecord[];
  urls: readonly string[];
  commit?: CommitRecord;
  bundle?: Bundle;
  variables: readonly { key: string; type: string }[];
  /** Set when there was nothing to do, and that is right. */
  skipped?: SkipRecord;
  /** The GitHub environment that the run is for. */
  environment?: string;
  githubDeployment?: { id: number; url: string };
  comment?: { id: number; url: string };
  artifact?: ArtifactRecord;
  /** Set when the bundle is an earlier one. */
  source?: SourceRecord;
}

/** Where an earlier bundle comes from. */
export interface SourceRecord {
  kind: SourceKind;
  /** The GitHub deployment whose bundle it is; undefined where none names the artifact. */
  deployment: { id: number; url: string; environment: string; succeededAt: string | undefined } | undefined;
  /** The GitHub deployment whose place it takes, where that is known. */
  replaced: { id: number; commit: { sha: string; url: string } } | undefined;
  commit: { sha: string; url: string } | undefined;
  run: { id: string; url: string } | undefined;
  artifactId: number;
}

export interface SkipRecord {
  /** A word for the output `skipped-reason`. */
  reason: string;
  /** A sentence or two. */
  message: string;
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
  /** Set when the platform failed it. */
  failure?: { code: string | undefined; meaning: string };
}

export interface CommitRecord {
  sha: string;
  url: string;
  /** `#12`, or a branch. */
  origin?: string;
}

/**
 * A copy whose free texts have passed the redactor. The fields that hold words of this action's own are left alone: a
 * secret may well be called `done`. Done before rendering, since escaping would hide a secret from the redactor.
 */
export function redactRecord(record: DeployRecord, redact: (text: string) => string): DeployRecord {
  const { project, commit, bundle } = record;
  return {
    ...redactRun(record, redact),
    project: redactStrings(project, redact),
    deployments: redactStrings(record.deployments, redact),
    urls: redactStrings(record.urls, redact),
    variables: record.variables.map(({ key, type }) => ({ key: redact(key), type })),
    ...(commit === undefined ? {} : { commit: redactStrings(commit, redact) }),
    ...(bundle === undefined ? {} : { bundle: redactStrings(bundle, redact) }),
    ...(record.environment === undefined ? {} : { environment: redact(record.environment) }),
    ...(record.artifact === undefined ? {} : { artifact: redactStrings(record.artifact, redact) }),
    ...(record.source === undefined ? {} : { source: redactSource(record.source, redact) }),
  };
}

function redactSource(source: SourceRecord, redact: (text: string) => string): SourceRecord {
  const { deployment } = source;
  if (deployment === undefined) return source;
  return { ...source, deployment: { ...deployment, environment: redact(deployment.environment) } };
}
