/** How soon the action ends once the platform has completed the deployment, and the cost of a cut stream. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmulatorOptions } from '../../../emulator/emulator.ts';
import { startEmulator } from '../../../emulator/server.ts';
import { runAction } from '../../action-runner.ts';
import { platformOptions } from '../../demo-platform.ts';
import { writeDemoStorefront } from '../../demo-storefront.ts';
import type { BenchOptions } from '../context.ts';
import { interleave, type Sample } from '../interleave.ts';
import { type PartResult, seriesOf } from '../results.ts';
import { median, range } from '../statistics.ts';

const EXIT = "from the platform's `completed` to the exit";
const RECONNECT = 'without a stream after it was cut';
const SCENARIO = 'verdict';
const MAX_EXIT_MS = 100;
const MAX_RECONNECT_MS = 1_000;
/** Instead of the platform's 30 seconds. */
const CUT_MS = 400;

export async function measureVerdict(options: BenchOptions): Promise<PartResult> {
  const workspace = mkdtempSync(join(tmpdir(), 'bench-verdict-'));
  try {
    writeDemoStorefront(workspace, 0.1);
    const contenders = [
      { name: EXIT, run: async () => await timeExit(workspace) },
      { name: RECONNECT, run: async () => await timeReconnect(workspace) },
    ];
    const series = await interleave(SCENARIO, contenders, options.rounds, options.say);
    const exit = median(seriesOf(series, SCENARIO, EXIT).ms);
    const { max } = range(seriesOf(series, SCENARIO, RECONNECT).ms);
    return {
      series,
      findings: [
        { goal: `verdict: ${EXIT}`, measured: exit, unit: 'ms', limit: MAX_EXIT_MS },
        { goal: `verdict: ${RECONNECT}, at worst`, measured: max, unit: 'ms', limit: MAX_RECONNECT_MS },
      ],
    };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function timeExit(workspace: string): Promise<Sample> {
  let completedMs = Number.NaN;
  const onDeploymentChange: EmulatorOptions['onDeploymentChange'] = ({ status }) => {
    if (status === 'completed') completedMs = performance.now();
  };
  const { exitedMs } = await deployOnce(workspace, { stepMs: 20, onDeploymentChange });
  return { ms: exitedMs - completedMs };
}

/** The longest time without a requested or open stream of events, between the first one and the last. */
async function timeReconnect(workspace: string): Promise<Sample> {
  const { gapsMs } = await deployOnce(workspace, { stepMs: 200, streamCutMs: CUT_MS });
  if (gapsMs.length === 0) throw new Error('no stream was cut');
  return { ms: Math.max(...gapsMs) };
}

async function deployOnce(
  workspace: string,
  settings: EmulatorOptions,
): Promise<{ exitedMs: number; gapsMs: number[] }> {
  const emulator = await startEmulator(settings);
  try {
    const inputs = { 'project-name': 'demo-storefront', 'github-token': '' };
    const options = platformOptions(emulator, { workspace, inputs, measuresMemory: false });
    const run = await runAction(options);
    const exitedMs = performance.now();
    rmSync(run.runnerTemp, { recursive: true, force: true });
    if (run.exitCode !== 0) throw new Error(`the deployment failed:\n${run.lines.join('\n')}${run.stderr}`);
    const streams = emulator.requests.filter(({ call }) => call === 'events');
    const gapsMs = streams
      .slice(1)
      .map(({ startedAtMs }, index) => startedAtMs - (streams[index]?.endedAtMs ?? startedAtMs));
    return { exitedMs, gapsMs };
  } finally {
    await emulator.close();
  }
}
