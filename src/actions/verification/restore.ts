import { describeBroken, type VerificationRecord } from '../../domain/verification/checks.ts';
import { ActionError } from '../../errors.ts';
import { shortSha } from '../../report/sections.ts';
import type { RestoredRecord } from '../../report/verification-record.ts';
import { deployBundle } from '../deploy-bundle.ts';
import { type Deployed, type LastGood, type VerifiedFlow, type VerifyDependencies, verify } from './verify.ts';
import { detailsOf, loggedWords, noLastGoodError, restoreFailedError } from './verify-errors.ts';

/** What is live, and broken. */
interface Broken extends Deployed {
  verification: VerificationRecord;
}

/**
 * Deploys the last good bundle once, and verifies it.
 * @returns the error that ends the run: its outcome is `rolled-back`, or `unhealthy` where that was not possible
 * @throws the signal's reason
 */
export async function restoreLastGood(
  broken: Broken,
  inputs: VerifiedFlow,
  dependencies: VerifyDependencies,
): Promise<ActionError> {
  const { run, signal, verifying } = dependencies;
  const { bundle, projectUuid, verification } = broken;
  run.info(`The storefront does not work: ${describeBroken(verification)}. Rolling back to the last good bundle.`);
  let good: LastGood;
  try {
    good = await verifying.findLastGood({ projectUuid, bundle });
  } catch (error) {
    signal.throwIfAborted();
    return noLastGoodError(verification, error);
  }
  const restored: RestoredRecord = { ...good.source, state: 'restoring' };
  run.emit({ type: 'restored', restored });
  try {
    const urls = await deployBundle(good.bundle, projectUuid, inputs, dependencies);
    run.emit({ type: 'restored', restored: { ...restored, state: 'live' } });
    const again = await verify(
      'Verify again',
      { bundle: good.bundle, projectUuid, urls, before: { ...broken.before, buildId: bundle.buildId } },
      inputs.verification,
      dependencies,
    );
    run.emit({ type: 'restored', restored: { ...restored, state: 'live', verification: again } });
    return rolledBackError(verification, { ...restored, verification: again });
  } catch (error) {
    signal.throwIfAborted();
    run.emit({ type: 'restored', restored: { ...restored, state: 'failed' } });
    return restoreFailedError(verification, error);
  }
}

function rolledBackError(broken: VerificationRecord, { commit, verification }: RestoredRecord): ActionError {
  const sha = shortSha(commit.sha);
  const live = {
    healthy: `It was rolled back: the build of commit ${sha} is live again, and works.`,
    inconclusive: `It was rolled back: the build of commit ${sha} is live again. Whether it works is not known.`,
    skipped: `It was rolled back: the build of commit ${sha} is live again.`,
    unhealthy: `It was rolled back: the build of commit ${sha} is live again, and does not work, either: ${verification === undefined ? '' : describeBroken(verification)}.`,
  }[verification?.state ?? 'skipped'];
  const isBrokenToo = verification?.state === 'unhealthy';
  return new ActionError(`The deployment did not work: ${describeBroken(broken)}.${loggedWords(broken)} ${live}`, {
    topic: 'rolled-back',
    title: 'Rolled back: the storefront did not work',
    outcome: 'rolled-back',
    details: detailsOf(broken, live),
    fix: isBrokenToo
      ? 'Both builds fail in the same environment: look at what they share, such as variables, secrets and the store’s backend, and at the worker’s log.'
      : 'Find out what broke, with the same variables: the pages above, and the worker’s log of that time. Then deploy the mended build.',
  });
}
