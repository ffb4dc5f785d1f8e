import { availableParallelism } from 'node:os';
import { runPool } from '../run-pool.ts';
import { type Baseline, endOf, findProblems, readBaseline } from './cell-check.ts';
import { type ForeignServer, openForeignServer } from './foreign-server.ts';
import type { Cell } from './matrix.ts';
import type { End } from './rules.ts';
import { hostOf, runCell } from './run-cell.ts';
import type { Scenario } from './scenario.ts';

/** So many processes at once whose fault is a wait. */
const WAITING = 40;
/** So many others for each core: they wait, too, between their tries. */
const OTHERS_PER_CORE = 8;
/** The longest is a bundle that trickles in, which is given up after 5 min; a machine with much to do adds to it. */
export const LIMIT_MS = 7 * 60_000;
const BASELINE_LIMIT_MS = 60_000;

export interface CellResult {
  /** Of the cell. */
  name: string;
  end: End | 'not run';
  durationMs: number;
  problems: readonly string[];
}

export interface MatrixOptions {
  /** No cell is begun after so long. */
  timeMs: number;
  onResult: (result: CellResult) => void;
  /** Aborted, it ends with the results so far. */
  signal: AbortSignal;
}

/** Runs cells, each in a process and on a platform of its own, as many at once as the machine can bear. */
export async function runMatrix(
  cells: readonly Cell[],
  { timeMs, onResult, signal }: MatrixOptions,
): Promise<CellResult[]> {
  const foreign = await openForeignServer();
  const endMs = performance.now() + timeMs;
  const results: CellResult[] = [];
  const work = async (cell: Cell) => {
    if (performance.now() > endMs || signal.aborted) return;
    const result = await playCell(cell, foreign, signal);
    if (signal.aborted) return;
    results.push(result);
    onResult(result);
  };
  try {
    await Promise.all([
      runPool(
        cells.filter(({ column }) => column.isWaiting),
        WAITING,
        work,
      ),
      runPool(
        cells.filter(({ column }) => !column.isWaiting),
        availableParallelism() * OTHERS_PER_CORE,
        work,
      ),
    ]);
    return results;
  } finally {
    foreign.close();
  }
}

async function playCell(cell: Cell, foreign: ForeignServer, signal: AbortSignal): Promise<CellResult> {
  const { name, row, column } = cell;
  const { scenario, call } = row;
  try {
    const baseline = await baselineOf(scenario, foreign, signal);
    const index = baseline.calls.indexOf(call);
    if (index < 0)
      throw new Error(`"${scenario.name}" does not make the call ${call}: it makes ${baseline.calls.join(' ')}`);
    const precedingCalls = baseline.calls.slice(0, index).filter((one) => hostOf(one) === hostOf(call)).length;
    const hit = { call, column, precedingCalls };
    return await runCell({ scenario, hit, foreign, limitMs: LIMIT_MS, signal }, async (end) => ({
      name,
      end: endOf(end, row, baseline),
      durationMs: Math.round(end.run.durationMs),
      problems: await findProblems(cell, end, baseline),
    }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, end: 'not run', durationMs: 0, problems: [reason] };
  }
}

const baselines = new Map<Scenario, Promise<Baseline>>();

/** Of each scenario, one run without a fault. */
export function baselineOf(scenario: Scenario, foreign: ForeignServer, signal: AbortSignal): Promise<Baseline> {
  const known = baselines.get(scenario);
  if (known !== undefined) return known;
  const run = { scenario, foreign, limitMs: BASELINE_LIMIT_MS, signal };
  const made = runCell(run, (end) => readBaseline(scenario, end));
  baselines.set(scenario, made);
  return made;
}
