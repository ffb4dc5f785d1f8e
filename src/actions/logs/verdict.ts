import { describeProblem } from '../../domain/worker-logs/problems.ts';
import { ActionError } from '../../errors.ts';
import type { LogsInputs } from '../../inputs/logs.ts';
import { count } from '../../report/format.ts';
import { limitLabel } from '../../report/limits.ts';
import { entriesWords, foundWords } from '../../report/logs-words.ts';
import type { EntryFile } from './dependencies.ts';
import type { EntryCollector } from './entry-collector.ts';

/** Kinds that the message names. */
const MAX_NAMED = 5;
const MAX_DETAIL_CHARS = 300;

/** The failure, if the log has what `fail-on` names. */
export function foundProblems(
  collector: Pick<EntryCollector, 'findings' | 'failingKinds'>,
  { failOn, format }: Pick<LogsInputs, 'failOn' | 'format'>,
  { shownPath }: Pick<EntryFile, 'shownPath'>,
): ActionError | undefined {
  const { entries, errors, exceptions } = collector.findings;
  const counted = { errors: failOn === 'error' ? errors : 0, exceptions };
  if (failOn === 'never' || counted.errors + exceptions === 0) return undefined;
  const { problems, moreProblems } = collector.failingKinds(MAX_NAMED);
  const named = problems.map((problem) => limitLabel(describeProblem(problem), MAX_DETAIL_CHARS));
  const details = moreProblems > 0 ? [...named, `and ${count(moreProblems, 'more kind')}`] : named;
  const headline = `The worker logged ${foundWords(counted)}, in ${entriesWords(entries)} (\`fail-on: ${failOn}\`):`;
  const request =
    format === 'request' || format === 'json' ? '' : ' With `format: request` each line names its request.';
  return new ActionError([headline, ...details.map((detail) => `- ${detail}`)].join('\n'), {
    topic: 'errors-in-the-workers-log',
    title: counted.errors > 0 ? 'Errors in the worker’s log' : 'Exceptions in the worker’s log',
    outcome: 'failed',
    details: [headline.replace(/:$/, '.'), ...details],
    fix: `Look at the lines of these in the job log or in ${shownPath}, and mend the storefront, or bring the former build back with the rollback action.${request}`,
  });
}
