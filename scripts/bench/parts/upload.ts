/** The upload of a zip to a server on the same machine that only receives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noise } from '../../demo-storefront.ts';
import { bundleOwn } from '../bundles.ts';
import type { BenchOptions } from '../context.ts';
import { type Contender, interleave } from '../interleave.ts';
import { CACHE, emptyFolder } from '../packages.ts';
import { type Command, isInstalled, nodeCommand, runProcess } from '../processes.ts';
import { type Finding, MB, type PartResult, type Series, seriesOf } from '../results.ts';
import { median, ratioOfMedians } from '../statistics.ts';

const OURS = 'this action';
const VENDOR = "readFile and fetch, the vendor's way";
const CURL = 'curl -T';
const MAX_OF_VENDOR = 0.42;
const MIN_OF_CURL = 0.5;
const MAX_GROWTH_MB = 15;
const LARGE_MB = 512;
const SMALL_MB = 64;
const GUARD_MB = 128;

export async function measureUpload(options: BenchOptions): Promise<PartResult> {
  const sizes = options.guard ? [GUARD_MB] : [SMALL_MB, LARGE_MB];
  const own = (await bundleOwn(['upload'])).upload;
  const folder = emptyFolder(join(CACHE, 'uploads'));
  const sink = await startSink();
  const series: Series[] = [];
  try {
    for (const megabytes of sizes) {
      const path = join(folder, `${megabytes}.zip`);
      writeBytes(path, megabytes);
      const contenders = uploaders(path, sink.url, own, options.guard);
      series.push(...(await interleave(scenarioOf(megabytes), contenders, options.rounds, options.say)));
    }
  } finally {
    sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return { series, findings: options.guard ? [ofVendor(series, GUARD_MB)] : judgeUpload(series) };
}

function scenarioOf(megabytes: number): string {
  return `${megabytes} MB`;
}

function ofVendor(series: readonly Series[], megabytes: number): Finding {
  const scenario = scenarioOf(megabytes);
  const [own, vendor] = [seriesOf(series, scenario, OURS), seriesOf(series, scenario, VENDOR)];
  const measured = ratioOfMedians(own.ms, vendor.ms);
  return { goal: `upload of ${scenario}: time, of the vendor's way`, measured, unit: 'ratio', limit: MAX_OF_VENDOR };
}

function judgeUpload(series: readonly Series[]): Finding[] {
  const [small, large] = [SMALL_MB, LARGE_MB].map((size) => seriesOf(series, scenarioOf(size), OURS).peakBytes);
  const findings: Finding[] = [ofVendor(series, LARGE_MB)];
  const curl = series.find(({ scenario, contender }) => scenario === scenarioOf(LARGE_MB) && contender === CURL);
  if (curl !== undefined && curl.missing === undefined) {
    const own = seriesOf(series, scenarioOf(LARGE_MB), OURS);
    const measured = ratioOfMedians(curl.ms, own.ms);
    const goal = `upload of ${LARGE_MB} MB: throughput, of curl's`;
    findings.push({ goal, measured, unit: 'ratio', limit: MIN_OF_CURL, bound: 'at-least' });
  }
  const growth = (median(large ?? []) - median(small ?? [])) / MB;
  const goal = `upload: peak memory for ${LARGE_MB} MB, over that for ${SMALL_MB} MB`;
  return [...findings, { goal, measured: growth, unit: 'MB', limit: MAX_GROWTH_MB }];
}

function uploaders(path: string, url: string, own: string, guard: boolean): Contender[] {
  const uploader = (name: string, command: Command, missing?: string): Contender => ({
    name,
    run: async () => await runProcess(command),
    ...(missing === undefined ? {} : { missing }),
  });
  const vendor = fileURLToPath(new URL('../peers/fetch-upload.mjs', import.meta.url));
  const curl: Command = { file: 'curl', args: ['-sS', '--fail', '--noproxy', '*', '-T', path, url] };
  return [
    uploader(OURS, nodeCommand([own, path, url])),
    uploader(VENDOR, nodeCommand([vendor, path, url])),
    ...(guard ? [] : [uploader(CURL, curl, isInstalled('curl') ? undefined : 'not installed')]),
  ];
}

interface Sink {
  url: string;
  stop: () => void;
}

/** The server, as a process of its own. */
async function startSink(): Promise<Sink> {
  const script = fileURLToPath(new URL('../peers/sink.mjs', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.once('exit', () => reject(new Error('the sink did not start')));
  });
  return { url: `http://127.0.0.1:${port}/bundle`, stop: () => child.kill() };
}

/** A file of bytes that do not compress. */
function writeBytes(path: string, megabytes: number): void {
  const block = noise(megabytes, MB);
  const file = openSync(path, 'w');
  try {
    for (let count = 0; count < megabytes; count += 1) writeSync(file, block);
  } finally {
    closeSync(file);
  }
}
