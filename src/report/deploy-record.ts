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
  uploadUuid?: string;
  urls: readonly string[];
  commit?: CommitRecord;
  bundle?: Bundle;
  variables: readonly { key: string; type: string }[];
  phases: PhaseRecord[];
  warnings: string[];
  failure?: FailureRecord;
}

export type DeployOutcome = FailureOutcome | 'deployed' | 'dry-run';

export interface DeploymentRecord {
  uuid: string;
  /** Set when the platform failed it. */
  failure?: { code: string | undefined; meaning: string };
}

export interface CommitRecord {
  sha: string;
  url: string;
  /** `acme/shop#12`, or a branch. */
  origin?: string;
}

export interface PhaseRecord {
  title: string;
  startMs: number;
  endMs: number;
  state: 'done' | 'failed' | 'cancelled';
  /** What came of it, in a few words. */
  result?: string;
}

export interface FailureRecord {
  title: string;
  message: string;
  fix: string | undefined;
}
