import {
  CLEANUP_EVENT_FIELDS,
  CLEANUP_FIELDS,
  type CleanupEvent,
  type CleanupRecord,
  cleanupOutcomeOf,
  createCleanupFold,
} from './cleanup-record.ts';
import { cleanupResult } from './cleanup-result.ts';
import { lastCleanupLines, renderCleanupSummary } from './cleanup-summary.ts';
import type { ActionReport } from './create-run.ts';
import { cleanupEffect } from './effects.ts';
import type { JobLog } from './job-log.ts';
import { logRunEvent } from './log-run.ts';
import type { Outputs } from './outputs.ts';
import type { Occurrence } from './run-events.ts';

type CleanupOccurrence = Occurrence<CleanupEvent, CleanupRecord>;

/** The report of a run of `preview-cleanup`: outputs after each deletion, the summary at the end. */
export function createCleanupReport(
  pullRequestUrlOf: (pullRequest: number) => string,
): ActionReport<CleanupEvent, CleanupRecord> {
  return {
    initial: { outcome: 'error', dryRun: false, previews: [] },
    fold: createCleanupFold(pullRequestUrlOf),
    fields: CLEANUP_FIELDS,
    eventFields: CLEANUP_EVENT_FIELDS,
    failureTitle: 'Cleanup failed',
    outcomeOf: cleanupOutcomeOf,
    effectOf: cleanupEffect,
    log: logCleanup,
    outputs: createCleanupOutputs(),
    result: cleanupResult,
    summary: renderCleanupSummary,
  };
}

function logCleanup(occurrence: CleanupOccurrence, log: JobLog): void {
  switch (occurrence.type) {
    case 'nothing-deleted': {
      const { message, isNotice } = occurrence.event;
      if (isNotice) log.notice(message, 'Nothing deleted');
      else log.info(message);
      break;
    }
    case 'reported':
      for (const line of lastCleanupLines(occurrence.record)) log.info(line);
      break;
    default:
      logRunEvent(occurrence, log);
  }
}

/** The list of deletions is written again once it is longer by this factor. */
const LIST_GROWTH = 1.05;

/** Reads the events alone: a copy of thousands of previews takes a while. Nor is the list written with every single deletion. */
function createCleanupOutputs(): (occurrence: CleanupOccurrence) => Outputs | undefined {
  const deleted = new Map<string, string>();
  let nextList = 0;
  return (occurrence) => {
    switch (occurrence.type) {
      case 'skipped':
        return { 'skipped-reason': occurrence.event.reason };
      case 'preview-updated': {
        const { uuid, project } = occurrence.event;
        if (!isDeleted(occurrence.event)) return undefined;
        deleted.set(uuid, project);
        if (deleted.size < nextList) return undefined;
        nextList = Math.ceil(deleted.size * LIST_GROWTH);
        return deletedOutputs([...deleted.values()]);
      }
      case 'ended': {
        const { record, event } = occurrence;
        const names = record.previews.filter(isDeleted).map(({ project }) => project);
        return { outcome: event.outcome, ...deletedOutputs(names) };
      }
      default:
        return undefined;
    }
  };
}

function deletedOutputs(names: readonly string[]): Outputs {
  return { deleted: JSON.stringify(names), 'deleted-count': names.length };
}

function isDeleted({ fate }: Pick<CleanupRecord['previews'][number], 'fate'>): boolean {
  return fate === 'gone' || fate === 'would-go';
}
