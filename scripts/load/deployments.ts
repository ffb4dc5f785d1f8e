/** Many deployments, one after the other and at once, while some requests and some deployments fail. */
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { FinishedRun } from '../action-runner.ts';
import type { Finding } from '../bench/results.ts';
import { median } from '../bench/statistics.ts';
import type { LoadContext, LoadResult } from './context.ts';
import { judgeDeployment } from './judge-run.ts';
import { growthOf, type MemorySample, takeSample } from './memory.ts';
import { createRandom, type Random } from './random.ts';
import { planRequestFaults } from './request-faults.ts';
import { createWorkspace, PLAIN, removeWorkspace, runInTime, tailOf } from './runs.ts';

const AT_ONCE = 20;
const FAULT_SHARE = 0.05;
/** Planned for each run; one that makes more meets no faults then. */
const REQUESTS_PER_CALL = 6;
const SAMPLE_EVERY = 2;
const MAX_PLATFORM_GROWTH_KB = 4096;
const KB = 1024;

interface Counts {
  requests: number;
  hit: number;
  /** Creations without an answer, by the correlation id of the run. */
  unanswered: Map<string, number>;
}

interface Tally {
  emulator: Emulator;
  counts: Counts;
  githubToken: string;
  random: Random;
  context: LoadContext;
  durationsMs: number[];
  outcomes: Map<string, number>;
  problems: string[];
}

export async function loadDeployments(context: LoadContext): Promise<LoadResult> {
  const [inSequence, waves] = context.isShort ? [24, 1] : [200, 5];
  const random = createRandom(context.seed);
  // It remembers little, so that what is left of each deployment is soon known.
  const first = await onPlatform(
    'in sequence',
    { keptRecords: 4, projects: ['storefront'] },
    random,
    context,
    (tally) => deployInSequence(inSequence, tally),
  );
  const names = Array.from({ length: AT_ONCE }, (_, index) => `storefront-${index + 1}`);
  const second = await onPlatform('at once', { keptRecords: 4 * AT_ONCE, projects: names }, random, context, (tally) =>
    deployAtOnce(waves, tally),
  );
  return {
    findings: [...first.findings, ...second.findings],
    problems: [...first.problems, ...second.problems],
  };
}

async function onPlatform(
  way: string,
  options: EmulatorOptions,
  random: Random,
  context: LoadContext,
  work: (tally: Tally) => Promise<Finding[]>,
): Promise<LoadResult> {
  const counts: Counts = { requests: 0, hit: 0, unanswered: new Map() };
  const emulator = await startEmulator({ stepMs: 2, ...options, onRequestEnd: (request) => count(request, counts) });
  // That of a job has 1,000 requests an hour, and here the deployments of many hours follow each other.
  const githubToken = emulator.github.addToken({ login: emulator.github.login });
  const outcomes = new Map<string, number>();
  const tally: Tally = { emulator, counts, githubToken, random, context, durationsMs: [], outcomes, problems: [] };
  try {
    const findings = await work(tally);
    const problems = [...tally.problems, ...emulator.violations.map(({ message }) => message)];
    return { findings: [...findings, ...describe(way, counts, outcomes)], problems };
  } finally {
    await emulator.close();
  }
}

function count({ call, faults, status = 500, aborted, headers }: RecordedRequest, counts: Counts): void {
  counts.requests += 1;
  if (faults.length > 0) counts.hit += 1;
  // One that breaks off has a status, and yet no answer.
  const id = headers['x-correlation-id'];
  if (call !== 'createDeployment' || id === undefined || !(aborted || status >= 500)) return;
  counts.unanswered.set(id, (counts.unanswered.get(id) ?? 0) + 1);
}

/** How often the creation of this run's deployment got no answer: other runs go on at the same time. */
function unansweredOf({ everything }: FinishedRun, { unanswered }: Counts): number {
  return [...unanswered].find(([id]) => everything.includes(id))?.[1] ?? 0;
}

function describe(way: string, { requests, hit }: Counts, outcomes: Tally['outcomes']): Finding[] {
  return [
    { goal: `${way}: requests with a fault`, measured: (100 * hit) / requests, unit: '%' },
    ...[...outcomes].map(
      ([outcome, measured]): Finding => ({ goal: `${way}: outcome ${outcome}`, measured, unit: 'count' }),
    ),
  ];
}

async function deployInSequence(count: number, tally: Tally): Promise<Finding[]> {
  const { context, durationsMs } = tally;
  const workspace = createWorkspace();
  const samples: MemorySample[] = [];
  try {
    for (let number = 1; number <= count; number += 1) {
      planFaults(tally, 1);
      await deployOnce(0, `sequence ${number}`, workspace, tally);
      if (number % SAMPLE_EVERY === 0) samples.push(takeSample(number));
      if (number % 50 === 0) context.say(`${number} of ${count} in sequence`);
    }
  } finally {
    removeWorkspace(workspace);
  }
  const growth = (kind: 'heapBytes' | 'residentBytes') => growthOf(samples, kind, count) / KB;
  return [
    { goal: 'in sequence: deployments', measured: count, unit: 'count' },
    { goal: 'in sequence: one of them, median', measured: median(durationsMs), unit: 'ms' },
    {
      goal: 'in sequence: growth of the platform’s heap',
      measured: growth('heapBytes'),
      unit: 'kB',
      limit: MAX_PLATFORM_GROWTH_KB,
    },
    { goal: 'in sequence: growth of its resident memory', measured: growth('residentBytes'), unit: 'kB' },
  ];
}

async function deployAtOnce(waves: number, tally: Tally): Promise<Finding[]> {
  const workspaces = Array.from({ length: AT_ONCE }, createWorkspace);
  const wavesMs: number[] = [];
  try {
    for (let wave = 1; wave <= waves; wave += 1) {
      planFaults(tally, AT_ONCE);
      const startMs = performance.now();
      await Promise.all(
        workspaces.map((workspace, project) => deployOnce(project, `wave ${wave}, ${project}`, workspace, tally)),
      );
      wavesMs.push(performance.now() - startMs);
    }
  } finally {
    for (const workspace of workspaces) removeWorkspace(workspace);
  }
  return [{ goal: `at once: ${AT_ONCE} deployments, median of ${waves}`, measured: median(wavesMs), unit: 'ms' }];
}

/** 5 % of the requests, and 5 % of the deployments: some of these are worth another try, some are not. */
function planFaults({ emulator, random }: Tally, runs: number): void {
  planRequestFaults(emulator, random, FAULT_SHARE, runs * REQUESTS_PER_CALL);
  for (let skip = 0; skip < runs; skip += 1) {
    if (random.isHit(FAULT_SHARE)) {
      emulator.addFault({ call: 'createDeployment', effect: 'fail', code: random.pick([10, 20, 30, 40, 50]), skip });
    }
  }
}

async function deployOnce(
  project: number,
  name: string,
  workspace: ReturnType<typeof createWorkspace>,
  tally: Tally,
): Promise<void> {
  const { emulator, counts, githubToken, context, outcomes, problems, durationsMs } = tally;
  const { uuid = '' } = emulator.projects[project] ?? {};
  workspace.build(name);
  // A lost answer to the creation is followed by a conflict with the run's own deployment.
  const inputs = { ...PLAIN, 'project-uuid': uuid, 'on-conflict': 'wait' };
  const run = await runInTime(emulator, { workspace: workspace.path, inputs, githubToken }, context.signal);
  durationsMs.push(run.durationMs);
  const { outcome = 'none' } = run.outputs;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const problem = judgeDeployment(run, emulator, uuid, unansweredOf(run, counts) > 1);
  if (problem === undefined) return;
  problems.push(`${name}: ${problem}`);
  tailOf(run, context);
}
