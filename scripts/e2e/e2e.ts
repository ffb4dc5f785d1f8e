/** Runs workflows through a real runner, act, against the embedded platform: `npm run e2e`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../emulator/usage-error.ts';
import { HELP, parseE2eArguments } from './arguments.ts';
import type { Case } from './case.ts';
import { CASES } from './cases.ts';
import { ActUnavailable, installAct } from './install-act.ts';
import { onStage, type Stage, type Tools } from './stage.ts';
import { createStandIns } from './stand-ins.ts';

/** Those of a run without act: it is built first. */
const BOUND_MINUTES = 10;
const MAX_AT_ONCE = 4;

interface Failure {
  error: unknown;
  /** What its runs have shown. */
  log: string;
}

async function run(args: readonly string[]): Promise<void> {
  const parsed = parseE2eArguments(args, CASES);
  if (parsed === 'help') return void process.stdout.write(HELP);
  if (parsed === 'list') return void process.stdout.write(CASES.map(({ name }) => `${name}\n`).join(''));
  const reason = await playAll(parsed.cases, parsed.atOnce ?? Math.min(availableParallelism(), MAX_AT_ONCE));
  if (reason !== undefined) console.log(`Skipped: ${reason}. Nothing was tested.`);
}

/** @returns why nothing was played, where it was not */
async function playAll(cases: readonly Case[], atOnce: number): Promise<string | undefined> {
  if (process.platform === 'win32') return 'without containers, act runs the scripts of these workflows on no Windows';
  const begin = performance.now();
  let act: string;
  try {
    act = await installAct();
  } catch (error) {
    if (error instanceof ActUnavailable) return error.message;
    throw error;
  }
  console.log(`${cases.length} cases, ${atOnce} at once, in at most ${BOUND_MINUTES} minutes; act: ${act}`);
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'e2e-')));
  // The platforms' files, too. All of it goes also where this is interrupted, and so do the runs (act-process.ts).
  process.env['TMPDIR'] = root;
  process.once('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const timer = setTimeout(() => {
    console.error(`The cases took more than ${BOUND_MINUTES} minutes.`);
    process.exit(1);
  }, BOUND_MINUTES * 60_000);
  const standIns = createStandIns(join(root, 'stand-ins'));
  const ends = await playQueue(cases, atOnce, (index) => {
    const folder = join(root, `case-${index}`);
    mkdirSync(folder);
    return { act, standIns, folder };
  });
  clearTimeout(timer);
  const counts = (['passed', 'skipped', 'failed'] as const).map(
    (end) => `${ends.filter((one) => one === end).length} ${end}`,
  );
  console.log(`${counts.join(', ')}, in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  process.exitCode = ends.includes('failed') ? 1 : 0;
  return undefined;
}

type End = 'passed' | 'skipped' | 'failed';

async function playQueue(cases: readonly Case[], atOnce: number, tools: (index: number) => Tools): Promise<End[]> {
  const ends: End[] = [];
  const queue = [...cases.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      ends.push(await playOne(next[1], tools(next[0])));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ends;
}

async function playOne(one: Case, tools: Tools): Promise<End> {
  if (one.needs !== undefined && spawnSync(one.needs, ['--version']).error !== undefined) {
    console.log(`skip         ${one.name}: it needs ${one.needs}, which is not installed`);
    return 'skipped';
  }
  const begin = performance.now();
  const failure = await play(one, tools);
  const time = `${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s`;
  console.log(`${failure === undefined ? 'ok  ' : 'FAIL'} ${time}  ${one.name}`);
  if (failure !== undefined) {
    console.log(failure.log);
    console.log(failure.error instanceof Error ? failure.error.stack : failure.error);
  }
  rmSync(tools.folder, { recursive: true, force: true, maxRetries: 3 });
  return failure === undefined ? 'passed' : 'failed';
}

async function play(one: Case, tools: Tools): Promise<Failure | undefined> {
  let runs: Stage['runs'] = [];
  try {
    await onStage(tools, one, async (stage) => {
      ({ runs } = stage);
      await one.play(stage);
    });
    return undefined;
  } catch (error) {
    return { error, log: runs.map(({ shown }) => shown.replaceAll(/^/gm, '    | ')).join('\n    --------\n') };
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsage ? `${message}\nTry 'npm run e2e -- --help'.` : message);
  process.exitCode = isUsage ? 2 : 1;
}
