import { describeBroken, describePage, type VerificationRecord } from '../../domain/verification/checks.ts';
import { ActionError } from '../../errors.ts';

/** Why what is broken was left live. */
export interface LeftLive {
  /** What came of a rollback that was wished for: sentences. */
  also?: string | undefined;
  /** What to do beside looking at it: sentences. */
  fix: string;
  cause?: unknown;
}

const ROLL_BACK =
  'To have the former build back now, run the rollback action for this environment; `on-verify-failure: rollback` does that by itself.';

/** The platform completed the deployment, and the storefront is broken. */
export function unhealthyError(
  verification: VerificationRecord,
  { also, fix, cause }: LeftLive = { fix: ROLL_BACK },
): ActionError {
  const { url = '' } = verification;
  return new ActionError(
    `The deployment is live at ${url}, and ${describeBroken(verification)}.${also === undefined ? '' : ` ${also}`}`,
    {
      title: 'Deployed, but the storefront does not work',
      outcome: 'unhealthy',
      details: detailsOf(verification, also),
      fix: `Open ${url} and read the worker's log. ${fix}`,
      cause,
    },
  );
}

/** What is broken, one by one. @param also further sentences */
export function detailsOf(verification: VerificationRecord, also?: string): string[] {
  const broken = verification.pages.filter(({ state }) => state === 'unhealthy');
  return [...broken.map((page) => `${describePage(page)}.`), ...(also === undefined ? [] : [also])];
}
