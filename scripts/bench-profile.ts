/**
 * Where the time of packaging `typical` and of the starts goes: `npm run bench:profile`. V8's CPU profile of the main
 * thread, by what was being done, and the processor time of the other threads. Processor time, since that is steadier
 * than wall time while the machine is busy; each figure is a median, in ms.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOwn } from './bench/bundles.ts';
import { FIXTURES, makeFixture } from './bench/fixtures.ts';
import { plainEnvironment } from './bench/processes.ts';
import { median } from './bench/statistics.ts';
import { WORKS, workTimes } from './bench/work-times.ts';
import { ROOT } from './build.ts';

const ROUNDS = 11;
const INTERVAL_US = 100;
const USAGE = /^usage (\d+) (\d+)$/m;
/** Prints the processor time of the main thread and of all threads, in microseconds. */
const PROBE = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => {
    const sum = ({ user, system }) => user + system;
    console.error('usage ' + sum(process.threadCpuUsage()) + ' ' + sum(process.cpuUsage()));
  });`,
)}`;

/** Runs a script once; ms by what the main thread did. */
function profile(args: readonly string[]): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
  try {
    const flags = ['--import', PROBE, '--cpu-prof', `--cpu-prof-interval=${INTERVAL_US}`, `--cpu-prof-dir=${folder}`];
    const env = { ...plainEnvironment(), RUNNER_TEMP: folder, GITHUB_WORKSPACE: folder };
    const { stderr } = spawnSync(process.execPath, [...flags, ...args], { cwd: folder, env, encoding: 'utf8' });
    const [, mainUs, allUs] = USAGE.exec(stderr) ?? [];
    const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
    if (file === undefined || mainUs === undefined) throw new Error(`${args[0]} left no profile:\n${stderr}`);
    const times = workTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')), Number(mainUs) / 1000);
    times.set('other threads', (Number(allUs) - Number(mainUs)) / 1000);
    times.set('all', Number(allUs) / 1000);
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { dist } = makeFixture(FIXTURES.typical);
const own = await bundleOwn(['package', 'package-bare']);
const cases = {
  'all checks': [own.package, dist, 'typical.zip'],
  'no checks': [own['package-bare'], dist, 'typical.zip'],
  // Without inputs a run ends at once: what is left is the start.
  deploy: [join(ROOT, 'dist/entries/deploy.js')],
  rollback: [join(ROOT, 'dist/entries/rollback.js')],
  redirects: [join(ROOT, 'dist/entries/redirects.js')],
  'node -e 0': ['-e', '0'],
};
const runs = new Map<string, Map<string, number>[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, args] of Object.entries(cases)) runs.set(name, [...(runs.get(name) ?? []), profile(args)]);
}
const names = Object.keys(cases);
console.log(`| ms | ${names.join(' | ')} |\n| --- |${' ---: |'.repeat(names.length)}`);
for (const work of [...WORKS, 'other threads', 'all']) {
  const figures = names.map((name) => median((runs.get(name) ?? []).map((times) => times.get(work) ?? 0)).toFixed(1));
  console.log(`| ${work} | ${figures.join(' | ')} |`);
}
