import { describeBroken, describePage, type VerificationRecord } from '../../domain/verification/checks.ts';
import { describeProblem } from '../../domain/worker-logs/problems.ts';
import { loggedDetail, problemsWords } from '../../domain/worker-logs/worker-logs-record.ts';
import { ActionError, describeError } from '../../errors.ts';
import { limitLabel } from '../../report/limits.ts';

/** Of a log message in the failure's; the summary and the support bundle have more of it. */
const MAX_LOGGED_CHARS = 300;
const GO_BACK = 'To have the former build back now, run the rollback action for this environment';

/**
 * The platform completed the deployment, and the storefront is broken.
 * @param also why it was not rolled back, where that was wished for: sentences
 * @param advice what to do beside looking at it: a sentence or two
 */
export function unhealthyError(
  verification: VerificationRecord,
  also?: string,
  {
    advice = `${GO_BACK}; \`on-verify-failure: rollback\` does that by itself.`,
    cause,
  }: { advice?: string; cause?: unknown } = {},
): ActionError {
  const { url = '' } = verification;
  return new ActionError(
    `The deployment is live at ${url}, and ${describeBroken(verification)}.${loggedWords(verification)}${also === undefined ? '' : ` ${also}`}`,
    {
      topic: 'the-storefront-does-not-work',
      title: 'Deployed, but the storefront does not work',
      outcome: 'unhealthy',
      details: detailsOf(verification, also),
      fix: `Open ${url} and read the worker's log. ${advice}`,
      cause,
    },
  );
}

/** What was brought back is broken; what was live before it may be no better. */
export function earlierError(verification: VerificationRecord): ActionError {
  const advice = 'To go back to another build, run the rollback action with `from-deployment`.';
  return unhealthyError(verification, undefined, { advice });
}

/** What was live before was no better, be it for what the pages need, or since that build was broken already. */
export function failedBeforeError(verification: VerificationRecord): ActionError {
  const advice =
    'Look at what these pages need, such as the store’s backend. If what was live before was a broken build itself, run the rollback action for this environment: it goes back to the last one that worked.';
  const what = verification.workerLogs?.wasLoggedBefore === true ? 'it logged the same' : 'the same pages failed';
  const why = `Nothing was rolled back, since ${what} before this deployment.`;
  return unhealthyError(verification, why, { advice });
}

/** There is nothing to go back to, or it cannot be had. */
export function noLastGoodError(verification: VerificationRecord, cause: unknown): ActionError {
  const fix = cause instanceof ActionError ? cause.fix : undefined;
  const also = fix === undefined ? '.' : `, or go back with the rollback action: ${fix}`;
  const what = cause instanceof Error ? cause.message : String(cause);
  return unhealthyError(verification, `It was not rolled back: ${what}`, {
    advice: `Then deploy the mended build${also}`,
    cause,
  });
}

/** The last good bundle was found, and could not be deployed. */
export function restoreFailedError(verification: VerificationRecord, cause: unknown): ActionError {
  return unhealthyError(verification, `Rolling back failed: ${describeError(cause)}`, { advice: `${GO_BACK}.`, cause });
}

/** What is broken, one by one. @param also further sentences */
export function detailsOf(verification: VerificationRecord, also?: string): string[] {
  const broken = verification.pages.filter(({ state }) => state === 'unhealthy');
  return [
    ...broken.map((page) => `${describePage(page)}.`),
    ...(verification.workerLogs?.problems ?? []).map(loggedDetail),
    ...(also === undefined ? [] : [also]),
  ];
}

/** What its worker logged most often, after a blank; '' if that is nothing. */
export function loggedWords({ pages, workerLogs }: VerificationRecord): string {
  const [first] = workerLogs?.problems ?? [];
  if (first === undefined || workerLogs === undefined) return '';
  const isSaid = pages.every(({ state }) => state !== 'unhealthy');
  const shown = limitLabel(describeProblem(first), MAX_LOGGED_CHARS);
  const most = workerLogs.problems.length === 1 ? '' : ' most often';
  return isSaid
    ? ` It logged${most}: ${shown}.`
    : ` Its worker logged ${problemsWords(workerLogs)} meanwhile${most === '' ? '' : `,${most}`}: ${shown}.`;
}
