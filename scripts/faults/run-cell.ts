import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { Call } from '../../emulator/services.ts';
import { type FinishedRun, QUICK_START, type RunOptions, startAction } from '../action-runner.ts';
import { platformOptions } from '../demo-platform.ts';
import type { Column } from './columns.ts';
import type { ForeignServer } from './foreign-server.ts';
import { openFront } from './front.ts';
import { countMade, type Made } from './made.ts';
import type { Scenario } from './scenario.ts';

/** A run, and all that it has left, while its platform is still there. */
export interface CellEnd {
  run: FinishedRun;
  emulator: Emulator;
  /** Requests of the run itself. */
  requests: readonly RecordedRequest[];
  /** What the scenario itself has made. */
  madeBefore: Made;
  /** It did not end by itself in time. */
  isKilled: boolean;
  /** Names of files in the system's temporary folder of the run, and in RUNNER_TEMP. */
  temporaryFiles: readonly string[];
  /** What was sent to a server that nothing may be sent to. */
  sentElsewhere: readonly string[];
  /** Runs the action's `post` step, with no fault in force. */
  runPost(): Promise<FinishedRun>;
}

export interface CellRun {
  scenario: Scenario;
  /** Undefined: a run without a fault. */
  hit?: { call: Call; column: Column; precedingCalls: number } | undefined;
  foreign: ForeignServer;
  /** The process is killed after so long. */
  limitMs: number;
  /** Aborted, it kills the process. */
  signal: AbortSignal;
}

let cells = 0;

/** Plays one cell in a platform of its own. @param read takes what it wants to know, before all of it is gone */
export async function runCell<T>(cell: CellRun, read: (end: CellEnd) => T | Promise<T>): Promise<T> {
  cells += 1;
  const folder = mkdtempSync(join(tmpdir(), 'fault-cell-'));
  const [workspace, temporary] = [join(folder, 'workspace'), join(folder, 'tmp')];
  for (const path of [workspace, temporary]) mkdirSync(path);
  const watch = new Watch();
  const emulator = await startEmulator({
    stepMs: 10,
    onRequestEnd: ({ call }) => watch.note(call),
    ...cell.scenario.platform,
  });
  const cleanUps: (() => unknown)[] = [];
  const onCleanUp = (one: () => unknown) => cleanUps.push(one);
  const runnerTemps: string[] = [];
  try {
    const start = await cell.scenario.prepare({ emulator, workspace, onCleanUp });
    const first = emulator.requests.length;
    const madeBefore = countMade(emulator);
    const path = `/cell-${cells}`;
    const env = { ...QUICK_START, TMPDIR: temporary, ...start.env };
    const usual = platformOptions(emulator, { ...start, workspace, env });
    const options = await changeStart(cell, emulator, usual, watch, onCleanUp);
    addFault(cell, emulator, path);
    const run = async (given: RunOptions) => {
      const finished = await runLimited(given, cell);
      runnerTemps.push(finished.run.runnerTemp);
      return finished;
    };
    const finished = await run(options);
    return await read({
      ...finished,
      emulator,
      madeBefore,
      requests: emulator.requests.slice(first),
      temporaryFiles: [...readdirSync(temporary), ...readdirSync(finished.run.runnerTemp)],
      sentElsewhere: cell.foreign.received(path),
      runPost: async () => {
        emulator.clearFaults();
        return (await run({ ...usual, postOf: finished.run.state })).run;
      },
    });
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
    await emulator.close();
    for (const path of [folder, ...runnerTemps]) rmSync(path, { recursive: true, force: true });
  }
}

function addFault({ hit, foreign }: CellRun, emulator: Emulator, path: string): void {
  if (hit?.column.effect === undefined) return;
  const { call, column } = hit;
  const effect = column.effect?.({ foreignOrigin: `${foreign.origin}${path}` });
  emulator.addFault({ call, times: column.isPersistent ? 'always' : 1, ...effect } as Fault);
}

/** What a fault changes of the run itself. */
async function changeStart(
  { hit }: CellRun,
  emulator: Emulator,
  options: RunOptions,
  watch: Watch,
  onCleanUp: (cleanUp: () => unknown) => void,
): Promise<RunOptions> {
  if (hit?.column.name === 'refused') {
    const front = await openFront(emulator.origin);
    onCleanUp(front.close);
    watch.afterRequests(hostOf(hit.call), hit.precedingCalls, front.shut);
    return reachBy(front.origin, hostOf(hit.call), emulator, options);
  }
  const aheadMs = hit?.column.clockAheadMs;
  if (aheadMs === undefined) return options;
  const shifted = `const { now } = Date; Date.now = () => now() + (${aheadMs});`;
  const clock = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shifted)}` };
  return { ...options, env: { ...options.env, ...clock } };
}

/** Which of the run's hosts gets a call. */
export function hostOf(call: string): string {
  return /^(github|artifacts)\./.exec(call)?.[1] ?? 'api';
}

/** The same options with another address of one host. */
function reachBy(origin: string, host: string, emulator: Emulator, options: RunOptions): RunOptions {
  const moved = (values: Readonly<Record<string, string>> = {}, names: RegExp) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        names.test(name) ? value.replace(emulator.origin, origin) : value,
      ]),
    );
  const names = host === 'github' ? /^GITHUB_(API|GRAPHQL)_URL$/ : /^ACTIONS_RESULTS_URL$/;
  return host === 'api'
    ? { ...options, inputs: moved(options.inputs, /^(api-host|base-url)$/) }
    : { ...options, env: moved(options.env, names) };
}

/** Counts the requests of a run that are over, by host. */
class Watch {
  readonly #counts = new Map<string, number>();
  #goal: { host: string; count: number; reached: () => void } | undefined;

  note(call: string): void {
    const host = hostOf(call);
    const count = (this.#counts.get(host) ?? 0) + 1;
    this.#counts.set(host, count);
    if (this.#goal?.host === host && this.#goal.count === count) this.#goal.reached();
  }

  /** From now on. */
  afterRequests(host: string, count: number, reached: () => void): void {
    this.#counts.clear();
    this.#goal = { host, count, reached };
    if (count === 0) reached();
  }
}

async function runLimited(
  options: RunOptions,
  { limitMs, signal }: Pick<CellRun, 'limitMs' | 'signal'>,
): Promise<{ run: FinishedRun; isKilled: boolean }> {
  signal.throwIfAborted();
  const started = startAction({ measuresMemory: false, ...options });
  const end = () => started.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  let isKilled = false;
  const timer = setTimeout(() => {
    isKilled = true;
    end();
  }, limitMs);
  const run = await started.finished;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  return { run, isKilled };
}
