/** `npm run faults`: each call of each action × each fault; see arguments.ts. */
import { writeFileSync } from 'node:fs';
import { readArguments } from '../command-line.ts';
import { parseArguments, USAGE } from './arguments.ts';
import { chooseCells } from './choose.ts';
import { type Cell, createCells, ROWS } from './matrix.ts';
import { findGaps } from './not-called.ts';
import { checkDocument, DOCUMENT, renderReport } from './report.ts';
import { appendResult, readResults } from './results.ts';
import { type CellResult, LIMIT_MS, runMatrix } from './run-matrix.ts';
import { cutStreams } from './stream-cuts.ts';

type Arguments = ReturnType<typeof parseArguments>;

async function main(given: Arguments): Promise<boolean> {
  const gaps = findGaps(ROWS);
  for (const gap of gaps) console.log(`✗ ${gap}`);
  if (given.mode === 'check') return check() && gaps.length === 0;
  const all = createCells();
  const known = readResults(given.results);
  const isGood = await run(all, known, given);
  if (given.mode === 'save') await save(all, known);
  return isGood && gaps.length === 0;
}

function check(): boolean {
  const problems = checkDocument();
  for (const problem of problems) console.log(`✗ ${problem}`);
  if (problems.length === 0) console.log(`${DOCUMENT} has the rows and columns of the code.`);
  return problems.length === 0;
}

/** Adds what it finds to the known results. @returns whether all cells were run, and none has a problem */
async function run(all: readonly Cell[], known: Map<string, CellResult>, given: Arguments): Promise<boolean> {
  const chosen = chooseCells(all, given);
  const cells = chosen.filter(({ name }) => known.get(name)?.problems.length !== 0);
  const seed = given.sample === undefined ? '' : ` Seed: ${given.seed}.`;
  console.log(
    `${cells.length} of ${all.length} cells.${seed} No cell is begun after ${given.timeMs / 60_000} min; each has at most ${LIMIT_MS / 60_000} min.`,
  );
  const startMs = performance.now();
  const stop = createStop();
  const results = await runMatrix(cells, {
    timeMs: given.timeMs,
    signal: stop,
    onResult: (result) => {
      known.set(result.name, result);
      appendResult(given.results, result);
      printProblems(result);
    },
  });
  stop.throwIfAborted();
  const failed = chosen.filter(({ name }) => (known.get(name)?.problems.length ?? 0) > 0).length;
  const left = cells.length - results.length;
  const seconds = Math.round((performance.now() - startMs) / 1000);
  console.log(`${results.length} cells in ${seconds} s: ${failed} with problems. ${left} were not begun.`);
  return failed === 0 && left === 0;
}

class MatrixStopped extends Error {}

/** Runs are killed and files removed before the process ends; a second signal ends it at once. */
function createStop(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new MatrixStopped(`Stopped by ${name}.`)));
  }
  return stop.signal;
}

async function save(cells: readonly Cell[], results: ReadonlyMap<string, CellResult>): Promise<void> {
  console.log('Cutting event streams at each byte …');
  const cuts = await cutStreams();
  for (const problem of cuts.problems) console.log(`✗ ${problem}`);
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(DOCUMENT, renderReport({ cells, results, cuts, date }));
  console.log(`Written: ${DOCUMENT}`);
}

function printProblems({ name, durationMs, problems }: CellResult): void {
  if (problems.length === 0) return;
  console.log(`✗ ${name} (${(durationMs / 1000).toFixed(1)} s)`);
  for (const problem of problems) console.log(`    ${problem}`);
}

try {
  process.exitCode = (await main(readArguments(parseArguments, USAGE))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof MatrixStopped ? error.message : error);
  process.exitCode = 1;
}
