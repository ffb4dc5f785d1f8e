/** Time and memory that it takes to make the zip: this project against the alternatives. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleOwn } from '../bundles.ts';
import type { BenchOptions } from '../context.ts';
import { FIXTURES, type Fixture, type FixtureName, makeFixture } from '../fixtures.ts';
import { type Contender, interleave } from '../interleave.ts';
import { CACHE, emptyFolder, installPackages } from '../packages.ts';
import { type Command, isInstalled, nodeCommand, runProcess } from '../processes.ts';
import { type Finding, MB, type PartResult, type Series, seriesOf } from '../results.ts';
import { median, ratioOfMedians } from '../statistics.ts';

export const OURS = 'this action, all checks on';
const BARE = 'this action, no checks';
const BARE_WITHOUT_CRYPTO = 'this action, no checks, node:crypto not loaded';
export const ADM_ZIP = "adm-zip 0.5.18, as the vendor's tool uses it";
const ARCHIVER_STREAMS = 'archiver 8.0.0, level 6, streamed';
const ARCHIVER_BUFFERS = 'archiver 8.0.0, level 6, compressed types stored, buffers';

/** Limits on wall time as a share of adm-zip's, and on memory. */
const LIMITS: Readonly<Record<FixtureName, { time: number; peakMb?: number; zip?: number }>> = {
  small: { time: 0.65 },
  typical: { time: 0.3, peakMb: 110 },
  large: { time: 0.36, peakMb: 150 },
  next: { time: 0.36, peakMb: 80, zip: 1.012 },
};
/** Short runs are measured more often: disturbances of the machine weigh more there. */
const MIN_ROUNDS: Readonly<Record<FixtureName, number>> = { small: 21, typical: 11, large: 1, next: 11 };
/** It takes many rounds to distinguish contenders that are a few percent apart. */
const MIN_CHECKS_ROUNDS: Readonly<Record<FixtureName, number>> = { small: 61, typical: 21, large: 1, next: 21 };
const MAX_CHECKS_RATIO = 1.1;
const MAX_ZIP_RATIO = 1.015;
/** The goal for typical as a ratio: 110 MB, where adm-zip needed 224. */
const GUARD_PEAK_RATIO = 110 / 224;

export async function measurePackaging(options: BenchOptions): Promise<PartResult> {
  const names = fixturesFor(options);
  const tools = await preparePackaging();
  const series: Series[] = [];
  const findings: Finding[] = [];
  for (const name of names) {
    const fixture = makeFixture(FIXTURES[name]);
    options.say(`${name}: ${fixture.files} files, ${fixture.bytes} bytes, SHA-256 of the tree ${fixture.sha256}`);
    const contenders = options.guard ? [ours(tools, fixture), admZip(tools, fixture)] : allContenders(tools, fixture);
    const found = await interleave(name, contenders, roundsFor(options, MIN_ROUNDS[name]), options.say);
    series.push(...found);
    findings.push(...judgePackaging(name, found, options.guard));
  }
  if (options.guard) return { findings, series };
  const more = [await measureCores(tools, options)];
  for (const name of names) more.push(await measureChecks(tools, name, options));
  return {
    findings: [...findings, ...more.flatMap((result) => result.findings)],
    series: [...series, ...more.flatMap((result) => result.series)],
  };
}

/** CI does not bundle a worker: its machines have no cache. */
function fixturesFor({ quick, guard }: BenchOptions): FixtureName[] {
  if (guard) return ['small', 'typical'];
  return quick ? ['small', 'typical', 'next'] : ['small', 'typical', 'large', 'next'];
}

function roundsFor({ rounds, quick, guard }: BenchOptions, atLeast: number): number {
  return quick || guard ? rounds : Math.max(rounds, atLeast);
}

function judgePackaging(name: FixtureName, series: readonly Series[], guard: boolean): Finding[] {
  const [own, peer] = [seriesOf(series, name, OURS), seriesOf(series, name, ADM_ZIP)];
  const { time, peakMb, zip = MAX_ZIP_RATIO } = LIMITS[name];
  const zips = (own.zipBytes ?? Number.NaN) / (peer.zipBytes ?? Number.NaN);
  const findings: Finding[] = [
    ratioFinding(`packaging ${name}: time, of adm-zip's`, ratioOfMedians(own.ms, peer.ms), time),
    { ...ratioFinding(`packaging ${name}: zip, of adm-zip's`, zips, zip), isExact: true },
  ];
  if (peakMb === undefined) return findings;
  const goal = `packaging ${name}: peak memory`;
  const ofPeer = ratioOfMedians(own.peakBytes, peer.peakBytes);
  const peak: Finding = guard
    ? ratioFinding(`${goal}, of adm-zip's`, ofPeer, GUARD_PEAK_RATIO)
    : { goal, measured: median(own.peakBytes) / MB, unit: 'MB', limit: peakMb };
  return [...findings, peak];
}

function ratioFinding(goal: string, measured: number, limit: number): Finding {
  return { goal, measured, unit: 'ratio', limit };
}

/** Packaging on one processor and on more, as far as there are any. */
async function measureCores(tools: PackagingTools, options: BenchOptions): Promise<PartResult> {
  const fixture = makeFixture(FIXTURES.typical);
  const counts = [1, 2, 4].filter((count) => count <= navigator.hardwareConcurrency);
  const missing = isInstalled('taskset') ? undefined : 'taskset is not installed';
  const contenders = counts.map((count) => ours(tools, fixture, count, missing));
  const scenario = 'typical, processors';
  const series = await interleave(scenario, contenders, options.rounds, options.say);
  const one = series[0];
  const findings = series.slice(1).flatMap((many, index): Finding[] => {
    if (one === undefined || missing !== undefined) return [];
    const goal = `packaging typical: times as fast on ${counts[index + 1]} processors as on one`;
    return [{ goal, measured: ratioOfMedians(one.ms, many.ms), unit: 'ratio' }];
  });
  return { findings, series };
}

/** The cost of the checks: this project's packaging against the same without them. */
async function measureChecks(tools: PackagingTools, name: FixtureName, options: BenchOptions): Promise<PartResult> {
  const fixture = makeFixture(FIXTURES[name]);
  const scenario = `${name}, checks`;
  const contenders = [ours(tools, fixture), bare(tools, fixture, BARE), bare(tools, fixture, BARE_WITHOUT_CRYPTO)];
  const series = await interleave(scenario, contenders, roundsFor(options, MIN_CHECKS_ROUNDS[name]), options.say);
  const [own, plain] = [seriesOf(series, scenario, OURS), seriesOf(series, scenario, BARE)];
  const alone = seriesOf(series, scenario, BARE_WITHOUT_CRYPTO);
  if (own.zipBytes !== plain.zipBytes) throw new Error('the zip differs without the checks: nothing to compare');
  const goal = `packaging ${name}: time with all checks, of that without any`;
  return {
    findings: [
      ratioFinding(goal, ratioOfMedians(own.ms, plain.ms), MAX_CHECKS_RATIO),
      { goal: `${goal}, node:crypto not loaded`, measured: ratioOfMedians(own.ms, alone.ms), unit: 'ratio' },
    ],
    series,
  };
}

export interface PackagingTools {
  /** The bundle of this project's packaging. */
  own: string;
  /** Packaging without checks. */
  bare: string;
  /** The folder with the compared packages in its node_modules. */
  peers: string;
  /** Where the zips go. */
  output: string;
}

export async function preparePackaging(): Promise<PackagingTools> {
  const bundles = await bundleOwn(['package', 'package-bare']);
  return {
    own: bundles.package,
    bare: bundles['package-bare'],
    peers: installPackages('packaging', ['adm-zip@0.5.18', 'archiver@8.0.0']),
    output: emptyFolder(join(CACHE, 'zips')),
  };
}

/** @param processors how many it may use: all unless given */
export function ours(tools: PackagingTools, { dist }: Fixture, processors?: number, missing?: string): Contender {
  const cpus = processors === undefined ? {} : { cpus: `0-${processors - 1}` };
  const name = processors === undefined ? OURS : `this action, ${processors} of the processors`;
  let sha256: string | undefined;
  const check = (stdout: string) => {
    const found = (JSON.parse(stdout) as { sha256: string }).sha256;
    if (sha256 !== undefined && sha256 !== found)
      throw new Error(`one bundle gave two different zips: ${sha256} and ${found}`);
    sha256 = found;
  };
  const zip = join(tools.output, 'ours.zip');
  return packager(name, zip, nodeCommand([tools.own, dist, zip], cpus), { check, missing });
}

function bare(tools: PackagingTools, { dist }: Fixture, name: typeof BARE | typeof BARE_WITHOUT_CRYPTO): Contender {
  const zip = join(tools.output, 'bare.zip');
  const how = name === BARE ? [] : ['without-crypto'];
  return packager(name, zip, nodeCommand([tools.bare, dist, zip, ...how]));
}

export function admZip(tools: PackagingTools, { dist }: Fixture): Contender {
  const zip = join(tools.output, 'adm-zip.zip');
  return packager(ADM_ZIP, zip, nodeCommand([peer('adm-zip.mjs'), tools.peers, dist, zip]));
}

function allContenders(tools: PackagingTools, fixture: Fixture): Contender[] {
  const zip = (name: string) => join(tools.output, name);
  const archiver = (how: string) =>
    nodeCommand([peer('archiver.mjs'), tools.peers, fixture.dist, zip(`${how}.zip`), how]);
  const cwd = fixture.dist;
  const shell = `tar -cf - . | pigz -6 > '${zip('pigz.tgz')}'`;
  const tool = (name: string, needs: string, to: string, file: string, args: string[]) =>
    packager(name, zip(to), { file, args, cwd }, { missing: isInstalled(needs) ? undefined : 'not installed' });
  return [
    ours(tools, fixture),
    admZip(tools, fixture),
    packager(ARCHIVER_STREAMS, zip('streams.zip'), archiver('streams')),
    packager(ARCHIVER_BUFFERS, zip('buffers.zip'), archiver('buffers')),
    tool('Info-ZIP -6', 'zip', 'info.zip', 'zip', ['-6', '-q', '-r', zip('info.zip'), '.']),
    tool('7z -tzip -mmt -mx1', '7z', '7z.zip', '7z', [
      'a',
      '-tzip',
      '-mmt',
      '-mx1',
      '-bso0',
      '-bsp0',
      zip('7z.zip'),
      '.',
    ]),
    tool('tar and pigz -6 (no zip; memory of all added up)', 'pigz', 'pigz.tgz', 'sh', ['-c', shell]),
  ];
}

interface PackagerOptions {
  /** Checks its output. */
  check?: (stdout: string) => void;
  missing?: string | undefined;
}

function packager(name: string, zip: string, command: Command, { check, missing }: PackagerOptions = {}): Contender {
  const run = async () => {
    // Some would add to an existing zip.
    rmSync(zip, { force: true });
    const { ms, peakBytes, stdout } = await runProcess(command);
    check?.(stdout);
    return { ms, peakBytes, zipBytes: statSync(zip).size };
  };
  return { name, run, ...(missing === undefined ? {} : { missing }) };
}

function peer(name: string): string {
  return fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
}
