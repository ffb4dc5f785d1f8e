import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file that a thread of this action starts with: dist/entries/<name>.js, or src/entries/<name>.ts where the sources
 * run as they are.
 */
export function threadEntry(name: string): string {
  const paths = [`entries/${name}.js`, `entries/${name}.ts`].map((path) => join(import.meta.dirname, path));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`The start of the thread is not there: ${paths[0]}`);
  return found;
}
