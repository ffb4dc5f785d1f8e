import type { PageResult } from '../../domain/verification/checks.ts';
import { type AskDependencies, Asker, type CheckTarget, eachOf, SYSTEM_CLOCK } from './ask-pages.ts';
import { PageProgress } from './page-progress.ts';

/** For all pages. */
const LOOK_MS = 8_000;
const ATTEMPT_MS = 5_000;
const SECOND_LOOK_MS = 250;

/**
 * Asks each page once, as it is before a deployment; what is broken once more, since it is no fault of the build only if
 * it was surely broken before.
 * @param timeLeftMs for all of it, if that is less than the time that a look has
 * @returns as many as there are checks, in their order
 * @throws only the signal's reason
 */
export async function lookAtPages(
  target: CheckTarget,
  dependencies: AskDependencies,
  timeLeftMs = LOOK_MS,
): Promise<PageResult[]> {
  const { signal, clock = SYSTEM_CLOCK } = dependencies;
  const asker = new Asker(target, dependencies);
  const endMs = clock.nowMs() + Math.min(LOOK_MS, timeLeftMs);
  const pages = target.checks.map((check) => new PageProgress(check));
  const ask = async (page: PageProgress) => {
    const timeoutMs = Math.min(ATTEMPT_MS, endMs - clock.nowMs());
    if (timeoutMs <= 0) return;
    const answer = await asker.get(page.check.path, timeoutMs);
    page.note(asker.judge(page.check, answer), clock.nowMs(), timeoutMs < ATTEMPT_MS);
  };
  await eachOf(pages, ask);
  const broken = pages.filter((page) => page.lastResult().state === 'unhealthy');
  if (broken.length > 0) await clock.pause(SECOND_LOOK_MS, signal);
  await eachOf(broken, ask);
  return pages.map((page) => page.lastResult());
}
