/** `npm run faults`: each call of each action × each fault; see arguments.ts. */
import { parseArguments, USAGE } from './arguments.ts';
import { chooseCells } from './choose.ts';
import { createCells } from './matrix.ts';
import { appendResult, readResults } from './results.ts';
import { type CellResult, runMatrix } from './run-matrix.ts';

type Arguments = ReturnType<typeof parseArguments>;

async function main(given: Arguments): Promise<boolean> {
  const all = createCells();
  const known = readResults(given.results);
  const chosen = chooseCells(all, given);
  const cells = chosen.filter(({ name }) => !known.has(name));
  const seed = given.sample === undefined ? '' : ` Seed: ${given.seed}.`;
  console.log(
    `${cells.length} of ${all.length} cells.${seed} No cell is begun after ${given.timeMs / 60_000} min; each has at most 4 min.`,
  );
  const startMs = performance.now();
  const results = await runMatrix(cells, {
    timeMs: given.timeMs,
    onResult: (result) => {
      appendResult(given.results, result);
      printProblems(result);
    },
  });
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const left = cells.length - results.length;
  console.log(
    `${results.length} cells in ${Math.round((performance.now() - startMs) / 1000)} s: ${failed} with problems.${left > 0 ? ` ${left} were not begun.` : ''}`,
  );
  return failed === 0 && left === 0;
}

function printProblems({ name, durationMs, problems }: CellResult): void {
  if (problems.length === 0) return;
  console.log(`✗ ${name} (${(durationMs / 1000).toFixed(1)} s)`);
  for (const problem of problems) console.log(`    ${problem}`);
}

function readArguments(): Arguments {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(1);
  }
}

process.exitCode = (await main(readArguments())) ? 0 : 1;
