/** From the start of the process to the first line of the log, for each action as a runner starts it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from '../../../emulator/emulator.ts';
import { startEmulator } from '../../../emulator/server.ts';
import { type RunOptions, runAction, startAction } from '../../action-runner.ts';
import { platformOptions, pullRequestEvent } from '../../demo-platform.ts';
import { writeDemoStorefront } from '../../demo-storefront.ts';
import type { BenchOptions } from '../context.ts';
import { type Contender, interleave, type Sample } from '../interleave.ts';
import { nodeCommand, runProcess } from '../processes.ts';
import { type Finding, type PartResult, type Series, seriesOf } from '../results.ts';
import { median, ratioOfMedians } from '../statistics.ts';

const MAX_START_MS = 120;
const MIN_ROUNDS = 11;
const SCENARIO = 'start';
const BARE = 'node -e 0';
/** The goal as a ratio: 120 ms, when bare Node took 25 to 30. */
const GUARD_RATIO = MAX_START_MS / 27.5;

export async function measureStart(options: BenchOptions): Promise<PartResult> {
  const workspace = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const emulator = await startEmulator();
  try {
    writeDemoStorefront(workspace, 0.1);
    writeFileSync(
      join(workspace, 'redirects.csv'),
      'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID\n',
    );
    writeFileSync(join(workspace, 'guests.jsonl'), '{}\n');
    const actions = actionsIn(emulator, workspace);
    const names = options.guard ? ['deploy'] : Object.keys(actions);
    const contenders = names.map((name): Contender => ({ name, run: () => untilFirstLine(actions[name]) }));
    const posts = options.guard ? [] : postsIn(emulator, workspace);
    const rounds = Math.max(options.rounds, MIN_ROUNDS);
    const all = [bareNode(), ...contenders, ...posts];
    const series = await interleave(SCENARIO, all, rounds, () => {});
    return { series, findings: names.flatMap((name) => judgeStart(series, name, options.guard)) };
  } finally {
    await emulator.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

function judgeStart(series: readonly Series[], name: string, guard: boolean): Finding[] {
  const [own, bare] = [seriesOf(series, SCENARIO, name), seriesOf(series, SCENARIO, BARE)];
  const ratio: Finding = {
    goal: `start of ${name}, of bare Node's`,
    measured: ratioOfMedians(own.ms, bare.ms),
    unit: 'ratio',
  };
  const time: Finding = {
    goal: `start of ${name} to its first line`,
    measured: median(own.ms),
    unit: 'ms',
    limit: MAX_START_MS,
  };
  return guard ? [{ ...ratio, limit: GUARD_RATIO }] : [time, ratio];
}

function actionsIn(emulator: Emulator, workspace: string): Record<string, RunOptions> {
  const options = (action: string, inputs: Record<string, string> = {}) =>
    platformOptions(emulator, {
      action,
      workspace,
      inputs,
      event: pullRequestEvent(emulator),
      measuresMemory: false,
    });
  const project = { 'project-name': 'demo-storefront' };
  return {
    deploy: options('.', project),
    rollback: options('rollback', project),
    redirects: options('redirects', {
      command: 'plan',
      file: 'redirects.csv',
      'site-id': `${emulator.redirects.sites[0]?.id}`,
    }),
    'batch-upload': options('batch-upload', { files: 'guests.jsonl' }),
    logs: options('logs', project),
    'preview-gate': { ...options('preview-gate'), inputs: {} },
    'preview-cleanup': options('preview-cleanup'),
  };
}

/** Post steps with nothing to do, the usual case: measured to their end, since they print nothing. */
function postsIn(emulator: Emulator, workspace: string): Contender[] {
  const post = (action: string) => ({
    ...platformOptions(emulator, { action, workspace, postOf: {}, measuresMemory: false }),
    inputs: {},
  });
  const toItsEnd = (options: RunOptions) => async () => {
    const { durationMs, runnerTemp } = await runAction(options);
    rmSync(runnerTemp, { recursive: true, force: true });
    return { ms: durationMs };
  };
  return [
    { name: 'deploy-post, to its end', run: toItsEnd(post('.')) },
    { name: 'preview-gate-post, to its end', run: toItsEnd(post('preview-gate')) },
  ];
}

function bareNode(): Contender {
  return {
    name: BARE,
    run: async () => ({ ms: (await runProcess(nodeCommand(['-e', '0']), { measuresMemory: false })).ms }),
  };
}

/** A command that masks a value is not a line of the log. */
const MASK = /^::add-mask::/;

async function untilFirstLine(options: RunOptions | undefined): Promise<Sample> {
  if (options === undefined) throw new Error('there is no such action');
  let firstMs: number | undefined;
  const run = startAction({
    ...options,
    onLine: (line, { kill }) => {
      if (firstMs !== undefined || MASK.test(line)) return;
      firstMs = performance.now();
      kill('SIGKILL');
    },
  });
  const { runnerTemp, stderr } = await run.finished;
  rmSync(runnerTemp, { recursive: true, force: true });
  if (firstMs === undefined) throw new Error(`${options.action} printed nothing: ${stderr}`);
  return { ms: firstMs - run.startedMs };
}
