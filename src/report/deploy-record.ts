import type { Bundle } from '../domain/bundle.ts';
import type { FailureOutcome } from '../errors.ts';

/** All that a run of the deploy action can tell, as the step summary shows it. Holds no secret values. */
export interface DeployRecord {
  outcome: DeployOutcome;
  startedAt: Date;
  durationMs: number;
  correlationId: string;
  dryRun: boolean;
  /** Whether any request was made: before that, a correlation id helps nobody. */
  networkUsed: boolean;
  project: { uuid?: string; name?: string };
  deployments: DeploymentRecord[];
  urls: readonly string[];
  commit?: CommitRecord;
  bundle?: Bundle;
  variables: readonly { key: string; type: string }[];
  phases: PhaseRecord[];
  warnings: string[];
  failure?: FailureRecord;
  /** Set when there was nothing to do, and that is right. */
  skipped?: SkipRecord;
  /** The GitHub environment that the run is for. */
  environment?: string;
  githubDeployment?: { id: number; url: string };
  comment?: { id: number; url: string };
  artifact?: ArtifactRecord;
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

export type DeployOutcome = FailureOutcome | 'deployed' | 'dry-run' | 'skipped';

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

export interface PhaseRecord {
  title: string;
  startMs: number;
  endMs: number;
  state: 'done' | 'failed' | 'cancelled';
  /** What came of it, in a few words. */
  result?: string;
  /** It ended well, but for something that was warned of. */
  hasWarnings?: boolean;
}

export interface FailureRecord {
  title: string;
  message: string;
  /** What is wrong, one by one; `message` says the same in one text. */
  details: readonly string[];
  /** How many there are, where `details` lists fewer and says so in its last line. */
  detailCount?: number;
  fix: string | undefined;
}

/**
 * A copy whose free texts have passed the redactor. The fields that hold words of this action's own are left alone: a
 * secret may well be called `done`. Done before rendering, since escaping would hide a secret from the redactor.
 */
export function redactRecord(record: DeployRecord, redact: (text: string) => string): DeployRecord {
  const { project, commit, bundle, failure } = record;
  return {
    ...record,
    project: redactStrings(project, redact),
    deployments: redactStrings(record.deployments, redact),
    urls: redactStrings(record.urls, redact),
    variables: record.variables.map(({ key, type }) => ({ key: redact(key), type })),
    phases: record.phases.map((phase) =>
      phase.result === undefined ? phase : { ...phase, result: redact(phase.result) },
    ),
    warnings: redactStrings(record.warnings, redact),
    ...(commit === undefined ? {} : { commit: redactStrings(commit, redact) }),
    ...(bundle === undefined ? {} : { bundle: redactStrings(bundle, redact) }),
    ...(failure === undefined ? {} : { failure: redactStrings(failure, redact) }),
    ...(record.environment === undefined ? {} : { environment: redact(record.environment) }),
    ...(record.artifact === undefined ? {} : { artifact: redactStrings(record.artifact, redact) }),
  };
}

function redactStrings<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactStrings(item, redact)])) as T;
}
