/** What counts as killed, and what earlier runs have found that still holds. No Jest: its results are given. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openCache } from '../../scripts/mutants/cache.ts';
import type { Instrumented, Mutant } from '../../scripts/mutants/mutant.ts';
import type { TestFile, TestRun } from '../../scripts/mutants/run-tests.ts';
import { temporaryFolder } from '../clean-up.ts';

/** How the runs of a test file end, one after the other; the last goes on for ever. */
const endings = new Map<string, ('passes' | 'fails')[]>();
const runs: string[] = [];
jest.unstable_mockModule('../../scripts/mutants/run-tests.ts', () => ({
  runTests: async ({ tests, mutant }: TestRun): Promise<TestFile[]> => {
    const files: TestFile[] = [];
    for (const file of tests) {
      runs.push(`${file} ${mutant}`);
      const left = endings.get(file) ?? ['passes'];
      const ending = left.length > 1 ? left.shift() : left[0];
      files.push({ test: file, durationMs: 1, ...(ending === 'fails' && { failure: 'it says so' }) });
      if (ending === 'fails') break;
    }
    return files;
  },
}));
const { judge, knownVerdict } = await import('../../scripts/mutants/judge.ts');

const MUTANT: Mutant = {
  ...{ id: 7, file: 'src/a.ts', line: 1, within: 'f', kind: 'number', source: '1', change: '+ 1', key: 'the key' },
};
const OTHER: Mutant = { ...MUTANT, id: 8, file: 'src/b.ts', key: 'another key' };
const QUICK = '__tests__/a.test.ts';
const SLOW = '__tests__/slow.test.ts';
const { signal } = new AbortController();
let tree = '';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
  endings.clear();
  runs.length = 0;
  tree = temporaryFolder();
  process.env['MUTANTS_CACHE'] = join(tree, 'cache');
  mkdirSync(join(tree, '__tests__'));
  for (const file of [QUICK, SLOW]) writeFileSync(join(tree, file), 'first');
});

afterEach(() => {
  delete process.env['MUTANTS_CACHE'];
  jest.restoreAllMocks();
});

function open({
  hashes = { 'src/a.ts': 'a', 'src/b.ts': 'b' } as Record<string, string>,
  mutants = [MUTANT, OTHER],
} = {}) {
  const instrumented: Instrumented = { mutants, sources: new Map(), hashes: new Map(Object.entries(hashes)) };
  return openCache(instrumented, tree, { isFresh: false, isUsed: () => true });
}

/** With both test files, as they were recorded. */
function recorded() {
  const cache = open();
  cache.addTest({ test: QUICK, durationMs: 10 }, [MUTANT.id]);
  cache.addTest({ test: SLOW, durationMs: 6000 }, [MUTANT.id]);
  return cache;
}

describe('a test file that fails with a mutant', () => {
  test('and passes without it kills it', async () => {
    const cache = recorded();
    endings.set(QUICK, ['fails', 'passes']);
    expect(await judge(MUTANT, 'copy', cache, false, signal)).toEqual({
      result: 'killed',
      test: QUICK,
      how: 'it says so',
    });
    expect(runs).toEqual([`${QUICK} 7`, `${QUICK} none`]);
  });

  test('and without it, too, once, says nothing: it is tried again', async () => {
    const cache = recorded();
    endings.set(QUICK, ['fails', 'fails', 'passes']);
    expect(await judge(MUTANT, 'copy', cache, false, signal)).toEqual({ result: 'lived', testFiles: 2, notRun: 0 });
    expect(runs).toEqual([`${QUICK} 7`, `${QUICK} none`, `${QUICK} none`, `${QUICK} 7`, `${SLOW} 7`]);
  });

  test('and goes on failing without it is not used any more', async () => {
    const cache = recorded();
    endings.set(QUICK, ['fails']);
    expect(await judge(MUTANT, 'copy', cache, false, signal)).toEqual({ result: 'lived', testFiles: 1, notRun: 0 });
    expect(cache.tests.get(QUICK)?.failure).toBe('it fails without a mutant, too');
    expect(open().tests.get(QUICK)?.failure).toBeUndefined();
  });

  test('and takes long has to fail twice', async () => {
    const cache = recorded();
    endings.set(SLOW, ['fails', 'passes', 'passes']);
    expect(await judge(MUTANT, 'copy', cache, false, signal)).toEqual({ result: 'lived', testFiles: 2, notRun: 0 });
    expect(runs.slice(1)).toEqual([`${SLOW} 7`, `${SLOW} none`, `${SLOW} 7`]);
    endings.set(SLOW, ['fails', 'passes', 'fails']);
    const killed = await judge({ ...MUTANT, key: 'as new' }, 'copy', cache, false, signal);
    expect(killed).toMatchObject({ result: 'killed', test: SLOW });
  });
});

describe('what was found', () => {
  beforeEach(async () => {
    const cache = recorded();
    endings.set(QUICK, ['fails', 'passes']);
    await judge(MUTANT, 'copy', cache, false, signal);
  });

  test('holds for the next run, also where the numbers of the mutants are others', () => {
    const mutants = [OTHER, MUTANT].map((mutant, index) => ({ ...mutant, id: index + 1 }));
    const cache = open({ mutants });
    expect([...cache.hitsOf(QUICK)]).toEqual([2]);
    expect(knownVerdict(mutants[1] as Mutant, cache, false)).toMatchObject({ result: 'killed', test: QUICK });
  });

  test('holds when a file has changed that the test does not reach', () => {
    const cache = open({ hashes: { 'src/a.ts': 'a', 'src/b.ts': 'changed' } });
    expect(knownVerdict(MUTANT, cache, false)).toMatchObject({ result: 'killed' });
  });

  test('is forgotten when the test or a file that it reaches has changed', () => {
    expect([...open({ hashes: { 'src/a.ts': 'changed', 'src/b.ts': 'b' } }).tests.keys()]).toEqual([]);
    writeFileSync(join(tree, QUICK), 'second');
    const cache = open();
    expect([...cache.tests.keys()]).toEqual([SLOW]);
    expect(knownVerdict(MUTANT, cache, false)).toBeUndefined();
  });

  test('is forgotten by `--fresh`', () => {
    const instrumented: Instrumented = { mutants: [MUTANT], sources: new Map(), hashes: new Map([['src/a.ts', 'a']]) };
    const cache = openCache(instrumented, tree, { isFresh: true, isUsed: () => true });
    expect({ tests: cache.tests.size, trials: cache.trials.size }).toEqual({ tests: 0, trials: 0 });
  });
});
