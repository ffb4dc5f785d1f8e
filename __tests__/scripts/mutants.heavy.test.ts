import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { instrumentAll, makeCopy, testFilesOf } from '../../scripts/mutants/copies.ts';
import { runTests } from '../../scripts/mutants/run-tests.ts';
import { temporaryFolder } from '../clean-up.ts';

const TEST = '__tests__/pause.test.ts';
const { mutants, sources } = instrumentAll();

/** A copy without dist/, which the tests of this file need not. */
function copyOfSources(): string {
  const copy = join(temporaryFolder(), '0');
  makeCopy(copy, sources);
  return copy;
}

test('a test passes in a copy, fails with a mutant that it notices, and the sources stay as they are', async () => {
  const before = readFileSync('src/pause.ts', 'utf8');
  const copy = copyOfSources();
  const run = { copy, tests: [TEST], limitMsOf: () => 60_000, signal: new AbortController().signal };
  expect(await runTests({ ...run, mutant: 'none' })).toEqual([{ test: TEST, durationMs: expect.any(Number) }]);
  const mutant = mutants.find(
    ({ file, within, kind }) => file === 'src/pause.ts' && within === 'pause' && kind === 'block',
  );
  const [killed] = await runTests({ ...run, mutant: mutant?.id ?? 0 });
  expect(killed).toMatchObject({ test: TEST, failure: expect.stringMatching(/wait/) });
  expect(readFileSync('src/pause.ts', 'utf8')).toBe(before);
  expect(readlinkSync(join(copy, 'tree/node_modules'))).toBe(join(process.cwd(), 'node_modules'));
  expect(testFilesOf(join(copy, 'tree'))).toContain(TEST);
});

test('what hangs, ends its process, or is cut short is told from what passes', async () => {
  const copy = copyOfSources();
  const names = ['hangs', 'exits', 'open'].map((name) => `__tests__/${name}.test.ts`);
  const [hangs, exits, open] = names as [string, string, string];
  writeFileSync(join(copy, 'tree', hangs), `test('it', () => { for (;;) {} });\n`);
  writeFileSync(join(copy, 'tree', exits), `process.kill(process.pid, 'SIGTERM');\n`);
  writeFileSync(join(copy, 'tree', open), `setInterval(() => {}, 1000); test('it', () => {});\n`);
  const signal = new AbortController().signal;
  const run = { copy, mutant: 'none', limitMsOf: () => 5000, signal } as const;
  expect(await runTests({ ...run, tests: [hangs] })).toMatchObject([{ test: hangs, failure: 'it hung' }]);
  expect(await runTests({ ...run, tests: [exits, TEST] })).toMatchObject([
    { test: exits, failure: 'the process ended (SIGTERM)' },
  ]);
  // Jest would wait for what is open; the file has passed.
  expect(await runTests({ ...run, tests: [open] })).toEqual([{ test: open, durationMs: expect.any(Number) }]);
  await expect(runTests({ ...run, tests: [TEST], signal: AbortSignal.timeout(10) })).rejects.toThrow();
});
