import { describeBroken, describePage, type VerificationRecord } from '../../domain/verification/checks.ts';
import { ActionError } from '../../errors.ts';

/** The platform completed the deployment, and the storefront is broken. @param also what came of a rollback, as sentences */
export function unhealthyError(verification: VerificationRecord, also?: string, cause?: unknown): ActionError {
  const { url = '' } = verification;
  return new ActionError(
    `The deployment is live at ${url}, and ${describeBroken(verification)}.${also === undefined ? '' : ` ${also}`}`,
    {
      title: 'Deployed, but the storefront does not work',
      outcome: 'unhealthy',
      details: detailsOf(verification, also),
      fix: `Open ${url} and read the worker's log. To have the former build back now, run the rollback action for this environment; \`on-verify-failure: rollback\` does that by itself.`,
      cause,
    },
  );
}

/** What is broken, one by one. @param also further sentences */
export function detailsOf(verification: VerificationRecord, also?: string): string[] {
  const broken = verification.pages.filter(({ state }) => state === 'unhealthy');
  return [...broken.map((page) => `${describePage(page)}.`), ...(also === undefined ? [] : [also])];
}
