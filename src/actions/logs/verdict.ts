import { describeProblem } from '../../domain/worker-logs/problems.ts';
import { ActionError } from '../../errors.ts';
import type { LogsInputs } from '../../inputs/logs.ts';
import { limitLabel } from '../../report/limits.ts';
import type { LogsFindings } from '../../report/logs-record.ts';
import { entriesWords, foundWords } from '../../report/logs-words.ts';
import type { EntryFile } from './dependencies.ts';

/** Kinds that the message names. */
const MAX_NAMED = 5;
const MAX_DETAIL_CHARS = 300;

/** The failure, if the log has what `fail-on` names. */
export function foundProblems(
  findings: LogsFindings,
  { failOn, format }: Pick<LogsInputs, 'failOn' | 'format'>,
  { shownPath }: Pick<EntryFile, 'shownPath'>,
): ActionError | undefined {
  const found = failOn === 'never' ? 0 : findings.exceptions + (failOn === 'error' ? findings.errors : 0);
  if (found === 0) return undefined;
  const problems = findings.problems.filter(({ level }) => failOn === 'error' || level === 'exception');
  const named = problems.slice(0, MAX_NAMED).map((problem) => limitLabel(describeProblem(problem), MAX_DETAIL_CHARS));
  const more = problems.length - named.length + findings.moreProblems;
  const details = more > 0 ? [...named, `and ${more} more kinds`] : named;
  const counted = failOn === 'error' ? findings : { errors: 0, exceptions: findings.exceptions };
  const headline = `The worker logged ${foundWords(counted)}, in ${entriesWords(findings.entries)} (\`fail-on: ${failOn}\`):`;
  const request =
    format === 'request' || format === 'json' ? '' : ' With `format: request` each line names its request.';
  return new ActionError([headline, ...details.map((detail) => `- ${detail}`)].join('\n'), {
    title: failOn === 'error' && findings.errors > 0 ? 'Errors in the worker’s log' : 'Exceptions in the worker’s log',
    outcome: 'failed',
    details: [headline.replace(/:$/, '.'), ...details],
    fix: `Look at the lines of these in the job log or in ${shownPath}, and mend the storefront, or bring the former build back with the rollback action.${request}`,
  });
}
