/** Which build answers, by the route that serves the bundle's `BUILD_ID`. Pure. */
import type { BuildIdentity } from './checks.ts';
import type { PageAnswer } from './page.ts';

/** The build writes its id there, among the assets (Next.js with OpenNext). */
export const BUILD_ID_PATH = '/BUILD_ID';

/** One line of text that is neither HTML nor JSON: a page under 200 is what some storefronts have for a 404. */
const OTHER_ID = /^[^\p{C}<{["][^\p{C}<]{0,199}$/u;

/** @param buildId what the bundle has */
export function identifyBuild(buildId: string, answer: PageAnswer): BuildIdentity {
  if (answer.kind === 'none' || answer.hops.at(-1)?.status !== 200) return 'unknown';
  if (answer.body.trim() === buildId.trim()) return 'matched';
  return readBuildId(answer) === undefined ? 'unknown' : 'other';
}

/** The id of the build that answers; undefined if the answer is none. */
export function readBuildId(answer: PageAnswer): string | undefined {
  if (answer.kind === 'none' || answer.hops.at(-1)?.status !== 200) return undefined;
  const text = answer.body.trim();
  return OTHER_ID.test(text) ? text : undefined;
}
