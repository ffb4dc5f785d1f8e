/** Tries a mutant on the test files that reach it. */
import { basename, dirname } from 'node:path';
import type { Cache, TestRecord, Trial } from './cache.ts';
import type { Mutant, Verdict } from './mutant.ts';
import { runTests } from './run-tests.ts';

/** Of test files for one mutant, as long as they took when they were recorded. */
const BUDGET_MS = 90_000;
/** A file hangs when it takes this many times as long as before, and this much more. */
const SLOWER = 5;
const SLACK_MS = 30_000;
/** The failure of a file that takes at least so long counts when it fails twice. */
const SURE_MS = 5000;

/** The test files that reach a mutant: those that belong to its file first, then by the time that they take. */
export function testsFor({ id, file }: Mutant, cache: Cache, isHeavy: boolean): TestRecord[] {
  return [...cache.tests.values()]
    .filter(({ test, failure }) => failure === undefined && test.endsWith('.heavy.test.ts') === isHeavy)
    .filter(({ test }) => cache.hitsOf(test).has(id))
    .sort((a, b) => distance(file, a.test) - distance(file, b.test) || a.durationMs - b.durationMs);
}

/** 0 for the file's own tests, 1 for those of its folder, 2 for others. */
function distance(file: string, test: string): number {
  const folder = dirname(test.replace(/^__tests__/, 'src'));
  if (folder === dirname(file) && basename(test).startsWith(basename(file, '.ts'))) return 0;
  return folder === dirname(file) ? 1 : 2;
}

/** The verdict, as far as earlier tries and the tests of today give one. */
export function knownVerdict(mutant: Mutant, cache: Cache, isHeavy: boolean): Verdict | undefined {
  const trials = cache.trials.get(mutant.key) ?? [];
  const killed = trials.find(({ ran, killedBy }) => killedBy !== undefined && isOfToday(ran, killedBy, cache));
  if (killed?.killedBy !== undefined) return { result: 'killed', test: killed.killedBy, how: killed.how ?? '' };
  const groups = [false, ...(isHeavy ? [true] : [])].map((heavy) => split(mutant, cache, heavy));
  if (groups.some(({ next }) => next.length > 0)) return undefined;
  const testFiles = groups.reduce((sum, { done }) => sum + done, 0);
  const notRun = groups.reduce((sum, { beyond }) => sum + beyond, 0);
  return testFiles + notRun === 0 ? { result: 'unreached' } : { result: 'lived', testFiles, notRun };
}

function isOfToday(ran: Trial['ran'], test: string, cache: Cache): boolean {
  const state = cache.stateOf(test);
  return state !== undefined && ran[test] === state;
}

/** Which tests of a mutant have run, are to run, and are beyond its budget. */
function split(mutant: Mutant, cache: Cache, isHeavy: boolean) {
  const ran = new Map((cache.trials.get(mutant.key) ?? []).flatMap((trial) => Object.entries(trial.ran)));
  const next: TestRecord[] = [];
  let done = 0;
  let beyond = 0;
  let sumMs = 0;
  for (const record of testsFor(mutant, cache, isHeavy)) {
    sumMs += record.durationMs;
    if (ran.get(record.test) === cache.stateOf(record.test)) done += 1;
    else if (next.length + done > 0 && sumMs > BUDGET_MS) beyond += 1;
    else next.push(record);
  }
  return { next, done, beyond };
}

export async function judge(
  mutant: Mutant,
  copy: string,
  cache: Cache,
  isHeavy: boolean,
  signal: AbortSignal,
): Promise<Verdict> {
  let known = knownVerdict(mutant, cache, isHeavy);
  while (known === undefined) {
    const quick = split(mutant, cache, false).next;
    await tryOn(mutant, copy, quick.length > 0 ? quick : split(mutant, cache, true).next, cache, signal);
    known = knownVerdict(mutant, cache, isHeavy);
  }
  return known;
}

async function tryOn({ id, key }: Mutant, copy: string, records: TestRecord[], cache: Cache, signal: AbortSignal) {
  const takenMs = new Map(records.map(({ test, durationMs }) => [test, durationMs]));
  const limitMsOf = (test: string) => SLOWER * (takenMs.get(test) ?? 0) + SLACK_MS;
  const run = (tests: string[], mutant: number | 'none') => runTests({ copy, tests, mutant, limitMsOf, signal });
  const fails = async (test: string, mutant: number | 'none') => (await run([test], mutant))[0]?.failure !== undefined;
  const files = await run(
    records.map(({ test }) => test),
    id,
  );
  const ran = Object.fromEntries(files.map(({ test }) => [test, cache.stateOf(test)]));
  const killer = files.find(({ failure }) => failure !== undefined);
  if (killer === undefined) {
    cache.addTrial({ key, ran });
    return;
  }
  const { test, failure = '' } = killer;
  if (await fails(test, 'none')) {
    // Once may be the machine's fault; a test that goes on failing says nothing about any mutant.
    if (await fails(test, 'none')) dropTest(test, cache);
    delete ran[test];
    cache.addTrial({ key, ran });
    return;
  }
  // What takes long often has to do with time, and may have failed since the machine is busy.
  const isKilled = (takenMs.get(test) ?? 0) < SURE_MS || (await fails(test, id));
  cache.addTrial({ key, ran, ...(isKilled ? { killedBy: test, how: failure } : {}) });
}

/** For this run: the next one records it anew. */
function dropTest(test: string, cache: Cache): void {
  console.log(`  not used any more, as it fails without a mutant, too: ${test}`);
  const record = cache.tests.get(test);
  if (record !== undefined) cache.tests.set(test, { ...record, failure: 'it fails without a mutant, too' });
}
