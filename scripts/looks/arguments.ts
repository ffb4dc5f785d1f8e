import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..', '..');

export const USAGE = `npm run looks -- [options]

Runs the actions against the embedded platform, once for each kind of summary, comment and check run; takes pictures of
what they write, as GitHub shows it, on a desktop and a phone, light and dark; and checks that nothing is too high or cut
off. It needs Chromium.

  --only TEXT   only kinds whose name has this in it: "deploy/", "unhealthy"; may be repeated
  --to FOLDER   where the pictures go (.demo/looks); index.html shows all of them
  --list        names the kinds, and runs nothing
`;

export interface LooksArguments {
  only: readonly string[];
  /** Absolute. */
  to: string;
  isList: boolean;
}

/** @throws Error whose message says what is wrong */
export function parseArguments(args: readonly string[]): LooksArguments {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true }, to: { type: 'string' }, list: { type: 'boolean' } },
  });
  const { only = [], to = join(ROOT, '.demo', 'looks'), list = false } = values;
  return { only, to: resolve(to), isList: list };
}

/** Those with one of the texts in their names; all where none is given. @throws Error when there is none */
export function chooseKinds<T extends { name: string }>(kinds: readonly T[], only: readonly string[]): readonly T[] {
  const chosen = only.length === 0 ? kinds : kinds.filter(({ name }) => only.some((text) => name.includes(text)));
  if (chosen.length === 0) throw new Error(`No kind has "${only.join('" or "')}" in its name: see --list.`);
  return chosen;
}
