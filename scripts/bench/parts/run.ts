/** The whole run against the embedded platform, which adds no waiting time, compared with the vendor's tool. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../../../emulator/emulator.ts';
import { startEmulator } from '../../../emulator/server.ts';
import { runAction } from '../../action-runner.ts';
import { platformOptions } from '../../demo-platform.ts';
import { vendorToolEnvironment } from '../../vendor-tool.ts';
import type { BenchOptions } from '../context.ts';
import { FIXTURES, type Fixture, makeFixture } from '../fixtures.ts';
import { interleave, type Sample } from '../interleave.ts';
import { CACHE, emptyFolder, installPackages } from '../packages.ts';
import { nodeCommand, runProcess } from '../processes.ts';
import { type PartResult, seriesOf } from '../results.ts';
import { ratioOfMedians } from '../statistics.ts';

const OURS = 'this action, github-token empty';
const VENDOR = '@bigcommerce/catalyst 1.4.1: catalyst deploy --prebuilt';
const SCENARIO = 'whole run, typical';
const MAX_RATIO = 0.45;

/** Both over TLS, the only protocol of the vendor's tool. */
export async function measureRun(options: BenchOptions): Promise<PartResult> {
  const fixture = makeFixture(FIXTURES.typical);
  prepareStorefront(fixture);
  const tool = join(
    installPackages('vendor', ['@bigcommerce/catalyst@1.4.1']),
    'node_modules/@bigcommerce/catalyst/dist/cli.js',
  );
  const home = emptyFolder(join(CACHE, 'vendor-home'));
  const contenders = [
    { name: OURS, run: () => onPlatform((emulator) => runOurs(emulator, fixture)) },
    { name: VENDOR, run: () => onPlatform((emulator) => runVendor(emulator, fixture, tool, home)) },
  ];
  const series = await interleave(SCENARIO, contenders, options.rounds, options.say);
  const [own, vendor] = [seriesOf(series, SCENARIO, OURS), seriesOf(series, SCENARIO, VENDOR)];
  const time = ratioOfMedians(own.ms, vendor.ms);
  const peak = ratioOfMedians(own.peakBytes, vendor.peakBytes);
  return {
    series,
    findings: [
      { goal: "whole run, typical: time, of the vendor's tool", measured: time, unit: 'ratio', limit: MAX_RATIO },
      {
        goal: "whole run, typical: peak memory, of the vendor's tool",
        measured: peak,
        unit: 'ratio',
        limit: MAX_RATIO,
      },
    ],
  };
}

/** The least that the vendor's tool accepts as a configured storefront. */
function prepareStorefront({ workspace }: Fixture): void {
  const manifest = join(workspace, 'package.json');
  if (existsSync(manifest)) return;
  writeFileSync(join(workspace, 'middleware.ts'), '');
  writeFileSync(join(workspace, 'package-lock.json'), '{}');
  writeFileSync(manifest, JSON.stringify({ private: true, dependencies: { '@opennextjs/cloudflare': '1.17.3' } }));
}

/** A separate platform for each run; a run counts only if the platform completed its deployment. */
async function onPlatform(deploy: (emulator: Emulator) => Promise<Sample>): Promise<Sample> {
  const emulator = await startEmulator({ tls: true, stepMs: 0 });
  try {
    const sample = await deploy(emulator);
    const states = emulator.deployments.map(({ status }) => status).join();
    if (states !== 'completed')
      throw new Error(`expected one completed deployment, but the platform's deployments are "${states}"`);
    return sample;
  } finally {
    await emulator.close();
  }
}

async function runOurs(emulator: Emulator, { workspace }: Fixture): Promise<Sample> {
  const options = platformOptions(emulator, {
    workspace,
    inputs: { 'project-uuid': emulator.projects[0]?.uuid ?? '', 'github-token': '' },
    env: { NODE_EXTRA_CA_CERTS: emulator.certificatePath ?? '' },
  });
  const { durationMs, peakMemoryBytes, exitCode, runnerTemp, lines } = await runAction(options);
  rmSync(runnerTemp, { recursive: true, force: true });
  if (exitCode !== 0) throw new Error(`the action failed:\n${lines.join('\n')}`);
  return { ms: durationMs, peakBytes: peakMemoryBytes };
}

async function runVendor(emulator: Emulator, { workspace }: Fixture, tool: string, home: string): Promise<Sample> {
  const env = vendorToolEnvironment(emulator, home);
  const { ms, peakBytes } = await runProcess(nodeCommand([tool, 'deploy', '--prebuilt'], { cwd: workspace, env }));
  rmSync(join(workspace, '.bigcommerce', 'bundle.zip'), { force: true });
  return { ms, peakBytes };
}
