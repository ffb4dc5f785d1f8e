import {
  describeBroken,
  describePage,
  hasOnlyOldFaults,
  type VerificationRecord,
} from '../../domain/verification/checks.ts';
import type { FlowInputs } from '../../inputs/flow.ts';
import { restoreLastGood } from './restore.ts';
import { type Deployed, type VerifyDependencies, verify } from './verify.ts';
import { earlierError, failedBeforeError, unhealthyError } from './verify-errors.ts';

/**
 * Verifies what is live now, and does what the user wants done when it is broken.
 * @returns undefined if it was not asked for
 * @throws ActionError with the outcome `unhealthy` or `rolled-back`
 */
export async function verifyDeployment(
  deployed: Deployed,
  inputs: FlowInputs,
  dependencies: VerifyDependencies,
): Promise<VerificationRecord | undefined> {
  const { verification: wanted } = inputs;
  if (wanted === 'off') return undefined;
  const { run, verifying } = dependencies;
  const verification = await verify('Verify', deployed, wanted, dependencies);
  run.emit({ type: 'verified', verification });
  if (verification.state === 'inconclusive')
    run.warn(inconclusiveText(verification), 'Not known whether the storefront works');
  if (verification.state !== 'unhealthy') return verification;
  if (wanted.onFailure === 'warn') {
    run.warn(
      `The storefront is live, and ${describeBroken(verification)}. (\`on-verify-failure: warn\`)`,
      'The storefront does not work',
    );
    return verification;
  }
  if (wanted.onFailure === 'fail')
    throw verifying.isEarlier ? earlierError(verification) : unhealthyError(verification);
  if (hasOnlyOldFaults(verification)) throw failedBeforeError(verification);
  throw await restoreLastGood({ ...deployed, verification }, { ...inputs, verification: wanted }, dependencies);
}

function inconclusiveText({ reason, pages }: VerificationRecord): string {
  const doubtful = pages.find(({ state }) => state === 'inconclusive');
  const what = reason ?? (doubtful === undefined ? 'No page could be judged.' : `${describePage(doubtful)}.`);
  const advice = doubtful?.advice === undefined ? '' : ` ${doubtful.advice}`;
  return `Whether the storefront works is not known: ${what}${advice}`;
}
