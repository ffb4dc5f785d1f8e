/** Advice on a file of a bundle. It never suggests leaving out worker.js: nothing runs without it. */

import type { BundleOrigin } from './bundle.ts';
import { excludePattern, OUTPUT_PREFIX, type PathKind, printableName, WORKER_NAME } from './bundle-names.ts';

/** What to do about a file in a ready zip: there is no exclude for it. */
export const ZIP_REMEDY = 'Rebuild the zip without it.';

const PLAIN_WORKER = 'Build again, so that it is a plain file: the platform runs it.';

/** A file or folder; the name is relative to what is packaged, or to `output/` in a zip. */
interface Item {
  name: string;
  kind: PathKind;
}

/** The name as the user knows it: in a zip everything is under `output/`. */
export function bundleLabel(name: string, origin: BundleOrigin): string {
  return (origin.kind === 'zip' ? OUTPUT_PREFIX : '') + printableName(name);
}

/** How to leave it out; undefined for worker.js. */
export function leavingOut(item: Item, origin: BundleOrigin): string | undefined {
  if (item.name === WORKER_NAME) return undefined;
  return origin.kind === 'zip' ? ZIP_REMEDY : `Add to exclude: ${excludePattern(item.name, item.kind)}`;
}

/** A sentence, turned into the end of another one. */
export function asClause(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** A sentence about a file or folder of a packaged folder, with the pattern that leaves it out. */
export function withRemedy(sentence: string, item: Item): string {
  return `${sentence} ${leavingOut(item, { kind: 'directory', directory: '' }) ?? PLAIN_WORKER}`;
}
