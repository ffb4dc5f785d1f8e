/** Runs each test file once without a mutant, and notes which mutants it reaches and how long it takes. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { runTests, type TestFile } from './run-tests.ts';

/** For a file, on a busy machine. */
const LIMIT_MS = 10 * 60_000;
const PROCESSES = '__tests__/action/';

/**
 * Those that fail are tried once more: the machine may have been busy.
 * @param tests paths from the root; those that are recorded already are left out, unless they failed
 */
export async function recordTests(
  tests: readonly string[],
  copies: readonly string[],
  cache: Cache,
  signal: AbortSignal,
): Promise<void> {
  const hasFailed = (test: string) => cache.tests.get(test)?.failure !== undefined;
  const pending = tests.filter((test) => !cache.tests.has(test) || hasFailed(test));
  if (pending.length === 0) return;
  console.log(`Recording what ${pending.length} test files reach …`);
  await recordAll(pending, copies, cache, signal);
  const failed = pending.filter(hasFailed);
  if (failed.length > 0) await recordAll(failed, copies, cache, signal);
  for (const test of failed.filter(hasFailed)) {
    console.log(`  not used, as it fails in a copy: ${test}: ${cache.tests.get(test)?.failure}`);
  }
}

async function recordAll(pending: string[], copies: readonly string[], cache: Cache, signal: AbortSignal) {
  // Whole processes take longest: a run that is ended before has the others.
  pending.sort((a, b) => Number(a.startsWith(PROCESSES)) - Number(b.startsWith(PROCESSES)));
  // Files of a folder take much the same time.
  const shares = copies.map((_, index) => pending.filter((_, place) => place % copies.length === index));
  await Promise.all(copies.map((copy, index) => recordShare(shares[index] ?? [], copy, cache, signal)));
}

async function recordShare(share: readonly string[], copy: string, cache: Cache, signal: AbortSignal): Promise<void> {
  let left = share;
  const onFile = (file: TestFile) => {
    const hits = join(copy, 'hits', file.test.replaceAll('/', '+'));
    const lines = existsSync(hits) ? readFileSync(hits, 'utf8').split('\n') : [];
    cache.addTest(file, lines.filter((line) => line !== '').map(Number));
    rmSync(hits, { force: true });
    left = left.filter((test) => test !== file.test);
  };
  while (left.length > 0) {
    const before = left;
    const run = {
      copy,
      tests: left,
      mutant: 'record',
      limitMsOf: () => LIMIT_MS,
      runsAll: true,
      onFile,
      signal,
    } as const;
    const last = (await runTests(run)).at(-1);
    // One that hung, or ended the process.
    if (last !== undefined && left.includes(last.test)) onFile(last);
    if (left === before) throw new Error(`Jest runs none of ${left.join(', ')}`);
  }
}
