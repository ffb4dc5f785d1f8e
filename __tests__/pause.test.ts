/** Timers of any length: Node's own fire at once if the length is 2^31 ms or more. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, jest, test } from '@jest/globals';
import { pause, startTimer, timeoutSignal } from '../src/pause.ts';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));
const CENTURY_MS = 100 * 365 * 24 * 60 * 60 * 1000;
const LENGTHS = [2 ** 31 - 1, 2 ** 31, 2 ** 32, CENTURY_MS, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY];

const settle = async () => await new Promise((resolve) => setTimeout(resolve, 30));

afterEach(() => {
  jest.useRealTimers();
});

test.each(LENGTHS)('a wait of %d ms does not end after 1 ms, but with the signal', async (durationMs) => {
  const cancel = new AbortController();
  let end: unknown = 'none yet';
  const waiting = pause(durationMs, cancel.signal).then(
    () => {
      end = 'over';
    },
    (error: unknown) => {
      end = error;
    },
  );
  await settle();
  expect(end).toBe('none yet');
  const reason = new Error('cancelled');
  cancel.abort(reason);
  await waiting;
  expect(end).toBe(reason);
});

test.each(LENGTHS)('neither does a timer, nor a time limit, of %d ms', async (durationMs) => {
  const fired: string[] = [];
  const timer = startTimer(() => fired.push('timer'), durationMs);
  const limit = timeoutSignal(durationMs);
  limit.addEventListener('abort', () => fired.push('limit'));
  await settle();
  clearTimeout(timer);
  expect(fired).toEqual([]);
});

test.each([0, -1, Number.NaN])('a wait of %d ms is over at once', async (durationMs) => {
  await pause(durationMs, new AbortController().signal);
  expect(timeoutSignal(durationMs).aborted).toBe(false);
});

test('no other code sets a timer that could overflow', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('emulator/') && file !== 'pause.ts');
  const offences = files.flatMap((file) =>
    readFileSync(join(SRC, file), 'utf8')
      .split('\n')
      .filter((line) => /\bAbortSignal\.timeout\(|\bsetTimeout\(|\bsetInterval\((?!\(\) =>)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(offences).toEqual([]);
});
