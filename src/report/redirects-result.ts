import { pathText, type Redirect, targetText } from '../domain/redirects/redirect.ts';
import type { PlanRecord, RedirectsRecord } from './redirects-record.ts';
import { countMade, countRejected } from './redirects-words.ts';
import type { ActionResult } from './result.ts';

/** What the output `result` has of a run of `redirects`. */
export function redirectsResult(record: RedirectsRecord): ActionResult {
  const { command, siteId, domain, absoluteFile, jobs, rejected, oddities, plan, applied, keepsRemoved, comment } =
    record;
  return {
    command,
    site_id: siteId,
    domain,
    file: absoluteFile,
    jobs: jobs.map(({ jobId, kind, status, completed, failed, total, part, parts }) => ({
      id: jobId,
      ...{ kind, status, completed, failed, total, part, parts },
    })),
    rejected: {
      rows: rejected.first.map(({ line, row, message }) => ({ line, ...(row && redirectResult(row)), message })),
      rows_count: countRejected(record),
    },
    oddities: oddities.map(({ title, meaning, count }) => ({ title, meaning, count })),
    plan: plan && planResult(plan),
    applied: applied && {
      added: applied.added,
      changed: applied.changed,
      removed: applied.removed,
      completed: countMade(applied),
      total: applied.toDo,
      uncertain: applied.uncertain,
    },
    deletes: keepsRemoved === undefined ? undefined : !keepsRemoved,
    backup_file: record.backupFile,
    failed_rows_file: record.failedRowsFile,
    note: record.note,
    comment: comment && { id: comment.id, url: comment.url },
  };
}

function planResult({ added, changed, removed, unchanged, first }: PlanRecord) {
  return {
    add: first.added.map(redirectResult),
    add_count: added,
    change: first.changed.map(({ before, after }) => ({
      ...redirectResult(after),
      before: targetText(before.target),
    })),
    change_count: changed,
    remove: first.removed.map(redirectResult),
    remove_count: removed,
    unchanged_count: unchanged,
  };
}

function redirectResult(redirect: Redirect) {
  return { from: pathText(redirect), to: targetText(redirect.target) };
}
