/** Runs each test file once without a mutant, and notes which mutants it reaches and how long it takes. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { runTests, type TestFile } from './run-tests.ts';

/** For a file, on a busy machine. */
const LIMIT_MS = 10 * 60_000;
const PROCESSES = '__tests__/action/';

/** @param tests paths from the root; those that are recorded already are left out, unless they failed */
export async function recordTests(
  tests: readonly string[],
  copies: readonly string[],
  cache: Cache,
  signal: AbortSignal,
): Promise<void> {
  const pending = tests.filter((test) => {
    const known = cache.tests.get(test);
    return known?.hash !== cache.hashOf(test) || known?.failure !== undefined;
  });
  if (pending.length === 0) return;
  console.log(`Recording what ${pending.length} test files reach …`);
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
    cache.addTest({ ...file, hash: cache.hashOf(file.test) }, lines.filter((line) => line !== '').map(Number));
    rmSync(hits, { force: true });
    if (file.failure !== undefined) console.log(`  not used, as it fails in a copy: ${file.test}: ${file.failure}`);
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
