import type { SkipRecord } from './deploy-record.ts';
import type { FieldRules } from './field-rules.ts';
import type { RunReporter } from './reporters.ts';
import { RUN_FIELDS, type RunRecord } from './run-record.ts';

/** All that a run of `preview-cleanup` can tell, as the step summary shows it. Holds no secret values. */
export interface CleanupRecord extends RunRecord {
  outcome: CleanupOutcome;
  dryRun: boolean;
  previews: readonly PreviewRecord[];
  /** Why nothing is deleted, where that takes a sentence. */
  note?: string;
  /** Set when the run gets no secrets, and that is right. */
  skipped?: SkipRecord;
}

export type CleanupOutcome = 'deleted' | 'nothing' | 'dry-run' | 'skipped' | 'cancelled' | 'error';

/** A project that is a preview of this repository, and what became of it. */
export interface PreviewRecord {
  project: string;
  uuid: string;
  pullRequest: number;
  pullRequestUrl: string;
  fate: PreviewFate;
  /** A few words. */
  why: string;
}

/**
 * `waiting`: not come to (yet); `uncertain`: the request to delete it is under way, or nobody knows what came of it;
 * `gone`: it was deleted (by this run, or by somebody else at the same time).
 */
export type PreviewFate = 'waiting' | 'kept' | 'uncertain' | 'failed' | 'gone' | 'would-go';

/** What the use case tells. */
export interface CleanupReporter extends RunReporter {
  /** What is known of a project by now; a later word takes the place of an earlier one. */
  preview(preview: Omit<PreviewRecord, 'pullRequestUrl'>): void;
  /** Why nothing is deleted. @param isNotice it is shown as an annotation, too: somebody may not expect it */
  nothing(message: string, isNotice: boolean): void;
}

export const CLEANUP_FIELDS: FieldRules<CleanupRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  previews: { project: 'public', uuid: 'public', pullRequestUrl: 'public', fate: 'own' },
  skipped: { reason: 'public' },
};
