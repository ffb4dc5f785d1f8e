import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { CellResult } from './run-matrix.ts';

/** What an earlier run has written, by name; the last one counts. */
export function readResults(path: string | undefined): Map<string, CellResult> {
  if (path === undefined || !existsSync(path)) return new Map();
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return new Map(lines.map((line) => JSON.parse(line) as CellResult).map((result) => [result.name, result]));
}

export function appendResult(path: string | undefined, result: CellResult): void {
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(result)}\n`);
}
