/** How time and memory grow with the number of files and with their size. */
import { rmSync } from 'node:fs';
import type { BenchOptions } from '../context.ts';
import { REPETITIVE_CODE } from '../fixture-packages.ts';
import { type FixtureSpec, makeFixture } from '../fixtures.ts';
import { interleave } from '../interleave.ts';
import { type Axis, type Finding, MB, type PartResult, type Series } from '../results.ts';
import { median } from '../statistics.ts';
import { ADM_ZIP, admZip, OURS, ours, preparePackaging } from './packaging.ts';

const FILE_BYTES = 20 * 1024;
const FILE_COUNTS = [1, 3, 10, 30, 100, 300, 1_000];
const MEGABYTES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const QUICK = { files: [1, 30, 1_000], MB: [1, 16, 128] };
const MAX_ROUNDS = 3;

export async function measureScale(options: BenchOptions): Promise<PartResult> {
  const tools = await preparePackaging();
  const rounds = Math.min(options.rounds, MAX_ROUNDS);
  const series: Series[] = [];
  for (const { axis, value } of points(options.quick)) {
    const scenario = axis === 'files' ? `${value} files, 20 KB on average` : `${value} MB in ${filesOf(value)} files`;
    const fixture = makeFixture(specOf(axis, value));
    const found = await interleave(scenario, [ours(tools, fixture), admZip(tools, fixture)], rounds);
    series.push(...found.map((one) => ({ ...one, at: { axis, value } })));
    options.say(scenario);
    // All sizes together would fill a small disk.
    if (fixture.bytes > 64 * MB) rmSync(fixture.workspace, { recursive: true, force: true });
  }
  return { series, findings: [OURS, ADM_ZIP].flatMap((name) => growth(series, name)) };
}

function points(quick: boolean): { axis: Axis; value: number }[] {
  const files = quick ? QUICK.files : FILE_COUNTS;
  const megabytes = quick ? QUICK.MB : MEGABYTES;
  return [
    ...files.map((value) => ({ axis: 'files' as const, value })),
    ...megabytes.map((value) => ({ axis: 'MB' as const, value })),
  ];
}

function filesOf(megabytes: number): number {
  return Math.max(2, megabytes);
}

/** All within the platform's limits: the largest is 512 MB of code that is mostly alike. */
function specOf(axis: Axis, value: number): FixtureSpec {
  const shape = { mediaBytes: 0, code: REPETITIVE_CODE, name: `scale-${value}-${axis}` };
  return axis === 'files'
    ? { ...shape, files: value, totalBytes: value * FILE_BYTES, workerBytes: FILE_BYTES }
    : { ...shape, files: filesOf(value), totalBytes: value * MB, workerBytes: Math.min(20, value / 2) * MB };
}

/** Shown without a limit: the cost of the last tenfold increase in size. */
function growth(series: readonly Series[], name: string): Finding[] {
  const sizes = series.filter(({ contender, at }) => contender === name && at?.axis === 'MB');
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined) return [];
  const cost = (median(last.ms) - median(first.ms)) / ((last.at?.value ?? 0) - (first.at?.value ?? 0));
  return [{ goal: `scale, ${name}: for each MB more`, measured: cost, unit: 'ms' }];
}
