/**
 * An hour of events, in compressed time: by the action's clocks and timers an hour passes, and here two minutes do. The
 * platform ends its streams as often as the real one in that hour, and sends as much.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { Call } from '../../emulator/services.ts';
import type { FinishedRun, RunOptions } from '../action-runner.ts';
import type { LoadContext, LoadResult } from './context.ts';
import { growthOf, type MemorySample } from './memory.ts';
import { createWorkspace, PLAIN, removeWorkspace, runInTime, tailOf } from './runs.ts';

/** How much faster the action's time passes. */
const TIME_FACTOR = 30;
/** The real platform's own (API document, section 1). */
const STREAM_CUT_MS = 30_000;
const TAIL_CUT_MS = 60_000;
const KEEP_ALIVE_MS = 15_000;
const STATES_PER_SECOND = 1;
const LOGS_PER_SECOND = 20;
const REPLAYED = 500;
/** Two minutes for the hour, and as much again. */
const BOUND_MS = 240_000;
const MAX_GROWTH_KB = 4096;
const KB = 1024;
const PRELOAD = new URL('preload.ts', import.meta.url).href;

interface Watched {
  run: FinishedRun;
  samples: MemorySample[];
}

export async function loadEvents(context: LoadContext): Promise<LoadResult> {
  const seconds = context.isShort ? 300 : 3600;
  const emulator = await startEmulator({
    stepMs: 2,
    streamCutMs: STREAM_CUT_MS / TIME_FACTOR,
    logCutMs: TAIL_CUT_MS / TIME_FACTOR,
    logKeepAliveMs: KEEP_ALIVE_MS / TIME_FACTOR,
    projects: ['deployed', 'logged'],
    keptRecords: 500,
    // What is logged between two connections is not lost.
    faults: [{ call: 'logs', effect: 'replay', events: REPLAYED, times: 'always' }],
  });
  try {
    const parts = await Promise.all([
      followDeployment(emulator, seconds, context),
      followLog(emulator, seconds, context),
    ]);
    return { findings: parts.flatMap(({ findings }) => findings), problems: parts.flatMap(({ problems }) => problems) };
  } finally {
    await emulator.close();
  }
}

/** A deployment that takes so long, with an event each second. */
async function followDeployment(emulator: Emulator, seconds: number, context: LoadContext): Promise<LoadResult> {
  const uuid = emulator.projects[0]?.uuid ?? '';
  const workspace = createWorkspace();
  workspace.build('slow');
  emulator.holdDeployments();
  const inputs = { ...PLAIN, 'project-uuid': uuid, 'timeout-minutes': '120' };
  try {
    const watched = runWatched(emulator, { workspace: workspace.path, inputs }, context);
    const deploying = emulator.waitForDeployment(({ step }) => step === 'deploying');
    const { deploymentUuid } = await beforeEnd(watched, deploying, context);
    await beforeEnd(watched, emulator.waitForRequest('events'), context);
    await inTime(seconds, STATES_PER_SECOND, context.signal, (sent, of) => {
      const progress = 75 + Math.floor((20 * sent) / of);
      emulator.setState(deploymentUuid, { status: 'in_progress', step: 'deploying', progress });
    });
    emulator.setState(deploymentUuid, {
      status: 'completed',
      step: 'complete',
      progress: 100,
      deploymentHostnames: ['slow.storefront.example'],
    });
    return describe('deployment', await watched, context, {
      outcome: 'deployed',
      connections: countOf(emulator, 'events'),
      everyMs: STREAM_CUT_MS,
      seconds,
      sent: seconds * STATES_PER_SECOND,
    });
  } finally {
    removeWorkspace(workspace);
  }
}

/** The log of a worker that logs much, from beginning to end. */
async function followLog(emulator: Emulator, seconds: number, context: LoadContext): Promise<LoadResult> {
  const uuid = emulator.projects[1]?.uuid ?? '';
  const workspace = createWorkspace();
  // It ends by itself, a little after the last entry.
  const inputs = { mode: 'tail', 'project-uuid': uuid, 'duration-seconds': String(seconds + TIME_FACTOR) };
  try {
    const watched = runWatched(emulator, { action: 'logs', workspace: workspace.path, inputs }, context);
    await beforeEnd(watched, emulator.waitForRequest('logs'), context);
    await inTime(seconds, LOGS_PER_SECOND, context.signal, (sent) => {
      const timestamp = new Date().toISOString();
      const logs = [{ timestamp, level: 'info' as const, messages: [`entry ${sent}`] }];
      emulator.addWorkerLog(uuid, { timestamp, logs });
    });
    const sent = seconds * LOGS_PER_SECOND;
    const { run, samples } = await watched;
    const connections = countOf(emulator, 'logs');
    const described = describe('log tail', { run, samples }, context, {
      outcome: 'complete',
      connections,
      everyMs: TAIL_CUT_MS,
      seconds,
      sent,
    });
    const lost = sent - Number(run.outputs['entries']);
    if (lost !== 0) described.problems.push(`log tail: ${lost} of ${sent} entries are missing`);
    return described;
  } finally {
    removeWorkspace(workspace);
  }
}

/** What is awaited of a run; one that ends before never gets there. */
async function beforeEnd<T>(watched: Promise<Watched>, awaited: Promise<T>, context: LoadContext): Promise<T> {
  const first = await Promise.race([awaited.then((found) => ({ found })), watched]);
  if ('found' in first) return first.found;
  tailOf(first.run, context);
  throw new Error('The run ended before it was under way.');
}

interface Expected {
  outcome: string;
  sent: number;
  seconds: number;
  connections: number;
  /** How often the platform ends a connection. */
  everyMs: number;
}

function describe(
  name: string,
  { run, samples }: Watched,
  context: LoadContext,
  { outcome, sent, seconds, connections, everyMs }: Expected,
): LoadResult {
  const problems: string[] = [];
  const ended = run.outputs['outcome'];
  if (ended !== outcome || run.exitCode !== 0 || run.stderr !== '') {
    problems.push(`${name}: outcome "${ended}", exit code ${run.exitCode}, stderr "${run.stderr.slice(0, 200)}"`);
    tailOf(run, context);
  }
  const span = seconds / TIME_FACTOR;
  const growth = (kind: 'heapBytes' | 'residentBytes') => growthOf(samples, kind, span) / KB;
  // Opening one again takes a moment, which is 30 times as long by the action's clock.
  const least = Math.floor((0.9 * seconds * 1000) / everyMs);
  return {
    problems,
    findings: [
      { goal: `${name}: minutes that pass for the action`, measured: seconds / 60, unit: 'count' },
      { goal: `${name}: events`, measured: sent, unit: 'count' },
      { goal: `${name}: connections`, measured: connections, unit: 'count', limit: least, bound: 'at-least' },
      { goal: `${name}: growth of its heap`, measured: growth('heapBytes'), unit: 'kB', limit: MAX_GROWTH_KB },
      { goal: `${name}: growth of its resident memory`, measured: growth('residentBytes'), unit: 'kB' },
    ],
  };
}

async function runWatched(emulator: Emulator, options: RunOptions, context: LoadContext): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), 'load-memory-'));
  const memoryFile = join(folder, 'samples');
  const env = {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    LOAD_MEMORY_FILE: memoryFile,
    LOAD_SAMPLE_MS: context.isShort ? '250' : '1000',
    LOAD_TIME_FACTOR: String(TIME_FACTOR),
  };
  try {
    const run = await runInTime(emulator, { ...options, env, boundMs: BOUND_MS }, context.signal);
    const lines = readFileSync(memoryFile, 'utf8').trimEnd().split('\n');
    return { run, samples: lines.map((line) => JSON.parse(line) as MemorySample) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Sends evenly over the time.
 * @param seconds by the action's clocks
 */
async function inTime(
  seconds: number,
  perSecond: number,
  signal: AbortSignal,
  send: (sent: number, of: number) => void,
): Promise<void> {
  const total = seconds * perSecond;
  const everyMs = 1000 / perSecond / TIME_FACTOR;
  const startMs = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.ceil((performance.now() - startMs) / everyMs));
    for (; sent < due; sent += 1) send(sent, total);
    await sleep(5, undefined, { signal });
  }
}

function countOf(emulator: Emulator, call: Call): number {
  return emulator.requests.filter((request) => request.call === call).length;
}
