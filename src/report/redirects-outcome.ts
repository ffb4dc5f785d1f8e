import { jobVerdictOf } from '../domain/redirects/job.ts';
import type { ActionError } from '../errors.ts';
import type { RedirectsOutcome, RedirectsRecord } from './redirects-record.ts';
import { countRejected, countToDo, countUntold, isUntouched } from './redirects-words.ts';

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

/** A job that is complete and counts less than all has not done all, for what anybody knows. */
function jobOutcome(record: RedirectsRecord): RedirectsOutcome {
  return countRejected(record) + countUntold(record) > 0 ? 'partial' : 'complete';
}

/** `error` says that nothing was changed: what the record knows better is not hidden by a fault of another kind. */
function notUntouched({ jobs, applied }: RedirectsRecord): RedirectsOutcome {
  const imports = jobs.filter(({ kind }) => kind === 'import');
  if (imports.some((job) => jobVerdictOf(job) === undefined)) return 'unknown';
  const isTouched = applied !== undefined && !isUntouched(applied);
  return isTouched || imports.some(({ completed }) => completed > 0) ? 'partial' : 'error';
}
