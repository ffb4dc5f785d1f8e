/** Time passes faster in a process with the preload, by its clocks and by its timers; and its memory is sampled. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../clean-up.ts';

const PRELOAD = new URL('../../../scripts/load/preload.ts', import.meta.url).href;

const SCRIPT = `
  import { setTimeout as sleep } from 'node:timers/promises';
  import { statSync } from 'node:fs';
  const before = { date: Date.now(), clock: performance.now(), real: process.hrtime.bigint() };
  await sleep(20_000);
  await new Promise((done) => setTimeout(done, 20_000));
  // The timer of a signal keeps no process alive.
  const alive = setInterval(() => {}, 1e6);
  await new Promise((done) => AbortSignal.timeout(20_000).addEventListener('abort', done));
  clearInterval(alive);
  console.log(JSON.stringify({
    date: Date.now() - before.date,
    made: new Date().getTime() - before.date,
    clock: performance.now() - before.clock,
    real: Number(process.hrtime.bigint() - before.real) / 1e6,
    fixed: new Date(5).getTime(),
    isDate: statSync('.').mtime instanceof Date && new Date() instanceof Date,
  }));
`;

test('a minute is over in a moment', () => {
  const memoryFile = join(temporaryFolder(), 'samples');
  const env = { ...process.env, LOAD_TIME_FACTOR: '100', LOAD_MEMORY_FILE: memoryFile, LOAD_SAMPLE_MS: '50' };
  const output = execFileSync(process.execPath, ['--import', PRELOAD, '--input-type=module', '--eval', SCRIPT], {
    env,
  });
  const { real, fixed, isDate, ...passed } = JSON.parse(output.toString());
  expect({ fixed, isDate }).toEqual({ fixed: 5, isDate: true });
  expect(real).toBeGreaterThanOrEqual(590);
  for (const ms of Object.values<number>(passed)) {
    expect(ms).toBeGreaterThanOrEqual(59_000);
    expect(ms).toBeLessThan(real * 101);
  }
  const samples = readFileSync(memoryFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(samples.length).toBeGreaterThan(2);
  for (const sample of samples) {
    expect(sample).toEqual({
      at: expect.any(Number),
      heapBytes: expect.any(Number),
      residentBytes: expect.any(Number),
    });
  }
});
