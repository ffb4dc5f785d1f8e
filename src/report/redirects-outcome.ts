import { jobVerdictOf } from '../domain/redirects/job.ts';
import type { ActionError } from '../errors.ts';
import type { RedirectsOutcome, RedirectsRecord } from './redirects-record.ts';
import { countRejected, countToDo, countUnaccounted, isUntouched } from './redirects-words.ts';

/** How a run of `redirects` ended: what the output `outcome` says (`redirects/action.yml`). Pure. */
export function redirectsOutcomeOf(record: RedirectsRecord, error: ActionError | undefined): RedirectsOutcome {
  if (error === undefined) return greenOutcome(record);
  const outcome = error.outcome === 'conflict' || error.outcome === 'corrupted' ? 'error' : error.outcome;
  return outcome === 'error' ? notUntouched(record) : outcome;
}

function greenOutcome(record: RedirectsRecord): RedirectsOutcome {
  if (record.skipped !== undefined) return 'skipped';
  switch (record.command) {
    case 'import':
      return record.jobs.length === 0 ? 'unchanged' : jobOutcome(record);
    case 'export':
      return jobOutcome(record);
    case 'plan':
      return countToDo(record) === 0 ? 'unchanged' : 'planned';
    case 'sync':
      return countToDo(record) === 0 ? 'unchanged' : 'complete';
    case undefined:
      return 'error';
  }
}

/** A complete job that counts fewer than all rows may not have processed all of them. */
function jobOutcome(record: RedirectsRecord): RedirectsOutcome {
  return countRejected(record) + countUnaccounted(record) > 0 ? 'partial' : 'complete';
}

/** `error` says that nothing was changed: that must not hide changes that the record has. */
function notUntouched({ jobs, applied }: RedirectsRecord): RedirectsOutcome {
  const imports = jobs.filter(({ kind }) => kind === 'import');
  if (imports.some((job) => jobVerdictOf(job) === undefined)) return 'unknown';
  const isTouched = applied !== undefined && !isUntouched(applied);
  return isTouched || imports.some(({ completed }) => completed > 0) ? 'partial' : 'error';
}
