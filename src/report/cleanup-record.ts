import type { ActionError } from '../errors.ts';
import type { EventRules, FieldRules } from './field-rules.ts';
import { RUN_EVENT_FIELDS, type RunEvent } from './run-events.ts';
import { RUN_FIELDS, type RunRecord } from './run-record.ts';

/** Everything that is known of a run of `preview-cleanup`, as the step summary shows it. Holds no secret values. */
export interface CleanupRecord extends RunRecord {
  outcome: CleanupOutcome;
  dryRun: boolean;
  previews: PreviewRecord[];
  /** Why nothing is deleted, where that takes a sentence. */
  note?: string;
}

export type CleanupOutcome = 'deleted' | 'nothing' | 'dry-run' | 'skipped' | 'cancelled' | 'error';

/** A project that is a preview of this repository, and what happened to it. */
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
 * `waiting`: not processed (yet); `uncertain`: the request to delete it is under way, or its result is unknown;
 * `gone`: it was deleted (by this run, or by somebody else at the same time).
 */
export type PreviewFate = 'waiting' | 'kept' | 'uncertain' | 'failed' | 'gone' | 'would-go';

/** What happens in a run of `preview-cleanup`. */
export type CleanupEvent =
  | RunEvent<CleanupOutcome>
  /** The inputs are valid. */
  | { type: 'started'; dryRun: boolean }
  /** What is known of a project now; it replaces what was known before. */
  | ({ type: 'preview-updated' } & Omit<PreviewRecord, 'pullRequestUrl'>)
  /** Why nothing is deleted. `isNotice`: it is shown as an annotation, too, since somebody may not expect it. */
  | { type: 'nothing-deleted'; message: string; isNotice: boolean };

export const CLEANUP_FIELDS: FieldRules<CleanupRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  previews: { project: 'public', uuid: 'public', pullRequestUrl: 'public', fate: 'own' },
};

export const CLEANUP_EVENT_FIELDS: EventRules<CleanupEvent> = {
  ...RUN_EVENT_FIELDS,
  ended: { outcome: 'own' },
  'preview-updated': { project: 'public', uuid: 'public', fate: 'own' },
};

/** @returns applies an event to the record; made for one run, since it remembers where each project is in the list */
export function createCleanupFold(
  pullRequestUrlOf: (pullRequest: number) => string,
): (record: CleanupRecord, event: CleanupEvent) => void {
  const indexes = new Map<string, number>();
  return (record, event) => {
    switch (event.type) {
      case 'started':
        record.dryRun = event.dryRun;
        break;
      case 'preview-updated': {
        const { type: _, ...preview } = event;
        const index = indexes.get(preview.uuid) ?? record.previews.length;
        indexes.set(preview.uuid, index);
        record.previews[index] = { ...preview, pullRequestUrl: pullRequestUrlOf(preview.pullRequest) };
        break;
      }
      case 'nothing-deleted':
        record.note = event.message;
    }
  };
}

/** How a run ended: what the output `outcome` says. */
export function cleanupOutcomeOf(record: Readonly<CleanupRecord>, error: ActionError | undefined): CleanupOutcome {
  if (error !== undefined) return error.outcome === 'cancelled' ? 'cancelled' : 'error';
  if (record.skipped !== undefined) return 'skipped';
  if (record.dryRun) return 'dry-run';
  return record.previews.some(({ fate }) => fate === 'gone') ? 'deleted' : 'nothing';
}
