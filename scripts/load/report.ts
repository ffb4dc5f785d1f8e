/** Writes the figures into docs/load.md, a part's between its markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMachine, renderMachine } from '../bench/report.ts';
import { type Finding, goalRows, renderMarkdown } from '../bench/results.ts';
import { ROOT } from '../build.ts';
import { replaceBetween } from '../readme-tables.ts';
import type { Part } from './arguments.ts';

/** @returns the file */
export function saveFigures(part: Part, findings: readonly Finding[]): string {
  const path = join(ROOT, 'docs', 'load.md');
  const about = `${new Date().toISOString().slice(0, 10)}; ${renderMachine(readMachine())}`;
  const figures = `${about}\n\n${renderMarkdown(goalRows(findings), 1)}`;
  writeFileSync(path, replaceBetween(readFileSync(path, 'utf8'), part, figures));
  return path;
}
