import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The entry file of one of this action's threads: dist/entries/<name>.js, or src/entries/<name>.ts when the sources
 * run as they are.
 */
export function threadEntry(name: string): string {
  const paths = [`entries/${name}.js`, `entries/${name}.ts`].map((path) => join(import.meta.dirname, path));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`The entry file of the thread is missing: ${paths[0]}`);
  return found;
}
