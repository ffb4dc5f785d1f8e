import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { type ErrorLogOptions, readErrorLog } from '../../src/files/batch/read-error-log.ts';
import { temporaryFolder } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';
import { createRecord, linesOf, writeSource } from './batch-helpers.ts';

const records = Array.from({ length: 10 }, (_, index) =>
  createRecord(undefined, { firstName: 'Jane', zip: `Z${index}` }),
);
const refOf = (line: number) => records[line - 1]?.ref ?? '';

async function read(log: string | Buffer, options: Partial<ErrorLogOptions> = {}) {
  const folder = temporaryFolder();
  const source = options.source ?? (await writeSource(linesOf(records)));
  const logPath = join(folder, 'log');
  const errorsPath = options.errorsPath ?? join(folder, 'errors.jsonl');
  await writeFile(logPath, log);
  const found = await readErrorLog(logPath, {
    source,
    shownSource: 'data/guests.jsonl',
    part: { firstLine: 1, lastLine: 10 },
    folder,
    errorsPath,
    redact: (text) => text.replaceAll('s3cret', '***'),
    signal: new AbortController().signal,
    ...options,
  });
  const text = await readFile(errorsPath, 'utf8').catch(() => '');
  const errors = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { found, errors, source, left: (await readdir(folder)).sort() };
}

test('entries are joined to the lines of the source, in their order, and unmatched come last', async () => {
  const stranger = randomUUID();
  const log = linesOf([
    { ref: refOf(7), code: 400, message: 'firstName: Jane is wrong, s3cret' },
    { ref: stranger, code: 'INVALID', message: 'of a@b.example' },
    { ref: refOf(2).toUpperCase(), message: 'zip Z1 is wrong' },
    { ref: refOf(7), code: 401, message: 'another' },
  ]);
  const { found, errors, source, left } = await read(gzipSync(log));
  const first = [
    { path: source, line: 2, ref: refOf(2), code: '', message: 'zip … is wrong' },
    { path: source, line: 7, ref: refOf(7), code: '400', message: 'firstName: … is wrong, *** (and 1 more)' },
    { path: undefined, line: undefined, ref: stranger, code: 'INVALID', message: 'of …' },
  ];
  expect(found).toEqual({ records: 2, unmatched: 1, unreadable: 0, first });
  expect(errors).toEqual(
    first.map(({ line, ref, code, message }) => ({
      file: 'data/guests.jsonl',
      line: line ?? null,
      ref,
      code,
      message,
    })),
  );
  expect(left).toEqual(['errors.jsonl', 'log']);
});

test('a log of many pieces comes to the same as one that fits into the memory', async () => {
  const unmatched = [randomUUID(), randomUUID()];
  const lines = [9, 3, 0, 5, 3, 1, 9, 2, -1, 0, 9];
  const entries = lines.map((line, index) => ({
    ref: line > 0 ? refOf(line) : unmatched[-line],
    code: index,
    message: `m ${index}`,
  }));
  const whole = await read(linesOf(entries));
  const source = whole.source;
  expect(whole.found).toMatchObject({ records: 5, unmatched: 3, unreadable: 0 });
  expect(whole.errors.map(({ line }) => line)).toEqual([1, 2, 3, 5, 9, null, null]);
  for (const limits of [{ maxRefs: 2 }, { maxRefs: 1 }, { maxRefs: 3, maxChars: 1 }]) {
    const { found, errors, left } = await read(gzipSync(linesOf(entries)), { source, limits });
    expect(found.records).toBe(5);
    expect(found.unmatched).toBe(3);
    expect(found.first.slice(0, 5)).toEqual(whole.found.first.slice(0, 5));
    expect(errors.slice(0, 5)).toEqual(whole.errors.slice(0, 5));
    expect(left).toEqual(['errors.jsonl', 'log']);
  }
});

test('of records that have the same ref, none is quoted, and no more are rejected than there are entries', async () => {
  const ref = refOf(1);
  const twins = ['Maria', 'Olga', 'Ines'].map((firstName) => createRecord(ref, { firstName }));
  const source = await writeSource(linesOf([...twins, createRecord()]));
  const entry = { ref, code: 400, message: 'Maria or Ines is not allowed' };
  const once = await read(linesOf([entry]), { source });
  expect(once.found).toMatchObject({ records: 1, first: [{ line: 1, message: '… or … is not allowed' }] });
  for (const limits of [{}, { maxRefs: 1 }]) {
    const log = linesOf([entry, { ref: refOf(9) }, entry]);
    expect((await read(log, { source, limits })).found).toMatchObject({ records: 2, unmatched: 1 });
  }
  expect((await read(linesOf([entry, entry, entry, entry]), { source })).found).toMatchObject({ records: 3 });
});

test('of a word that is cut with a long message nothing is shown', async () => {
  const source = await writeSource(linesOf([createRecord(refOf(1), { lastName: 'Schwarzenegger' })]));
  const message = `${' '.repeat(4990)}Schwarzenegger`;
  const { found } = await read(linesOf([{ ref: refOf(1), message }]), { source });
  expect(found.first).toMatchObject([{ message: '…' }]);
});

test('only the lines of the part are looked at', async () => {
  const log = linesOf([{ ref: refOf(3) }, { ref: refOf(4) }, { ref: refOf(6) }, { ref: refOf(7) }]);
  const { found } = await read(log, { part: { firstLine: 4, lastLine: 6 } });
  expect(found).toMatchObject({ records: 2, unmatched: 2 });
  expect(found.first.map(({ line }) => line)).toEqual([4, 6, undefined, undefined]);
});

test('lines that are no entries are counted', async () => {
  const log = `${linesOf([{ ref: refOf(1) }, { ref: 'jane@doe.example' }, { code: 1 }, [1], { ref: refOf(2), message: 'a'.repeat(70_000) }])}{"ref\n\n`;
  const { found } = await read(log);
  expect(found).toMatchObject({ records: 1, unmatched: 0, unreadable: 5 });
});

test('the errors file takes what each batch adds, and is not made where there is nothing', async () => {
  const folder = temporaryFolder();
  const errorsPath = join(folder, 'all.jsonl');
  expect(await read(gzipSync(''), { errorsPath })).toMatchObject({ found: { records: 0, unmatched: 0 }, errors: [] });
  expect(await readdir(folder)).toEqual([]);
  await read(linesOf([{ ref: refOf(3) }]), { errorsPath });
  const { errors } = await read(linesOf([{ ref: refOf(1) }]), { errorsPath });
  expect(errors.map(({ ref }) => ref)).toEqual([refOf(3), refOf(1)]);
});

test.each<[name: string, log: string | Buffer, message: RegExp]>([
  ['empty', '', /It is empty/],
  ['a page', '<html>\nJane\n', /None of its lines is an entry/],
  ['half a gzip', gzipSync(linesOf([{ ref: randomUUID() }])).subarray(0, 30), /Its gzip data is truncated/],
  ['too large', gzipSync(' '.repeat(2000)), /more than 1000 bytes unzipped/],
])('a log that cannot be used is an error: %s', async (_, log, message) => {
  const reading = read(log, { limits: { maxBytes: 1000 } });
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toMatchObject({ title: 'Error log not usable', outcome: 'error' });
});

test('a log that takes long to work through lets signals in, and ends with them', async () => {
  // All of the source is read as one piece: nothing is waited for while its records are looked up.
  const small = Array.from({ length: 2500 }, () => createRecord(undefined, {}));
  const source = await writeSource(linesOf(small));
  const message = 'Nobody 4711 sent this, of jane@doe.example and 12.5 others. '.repeat(80);
  const log = linesOf(small.map(({ ref }) => ({ ref, message })));
  const controller = new AbortController();
  const limits = { maxRefs: 1e6, maxChars: 1e9 };
  const reading = read(log, { source, signal: controller.signal, limits, part: { firstLine: 1, lastLine: 2500 } });
  const ended = expect(reading).rejects.toThrow('time is up');
  let [lastMs, longestMs] = [performance.now(), 0];
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastMs);
    lastMs = performance.now();
    if (lastMs - startMs > 600) controller.abort(new Error('time is up'));
  }, 5);
  const startMs = performance.now();
  await ended;
  clearInterval(timer);
  expect(Math.max(longestMs, performance.now() - lastMs)).toBeLessThan(timeoutMs(400));
});

test('a gigabyte of newlines ends with the signal, promptly', async () => {
  const newlines = gzipSync(Buffer.alloc(16 * 2 ** 20, '\n'));
  const log = Buffer.concat(Array.from({ length: 64 }, () => newlines));
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('time is up')), 300);
  const startMs = performance.now();
  await expect(read(log, { signal: controller.signal })).rejects.toThrow('time is up');
  expect(performance.now() - startMs).toBeLessThan(1500);
});

test('a run that is cancelled ends with its reason; a source that is gone is reported by its name', async () => {
  const log = linesOf([{ ref: refOf(1) }]);
  await expect(read(log, { signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
  await expect(read(log, { source: '/nowhere/guests.jsonl' })).rejects.toThrow(
    'There is no file /nowhere/guests.jsonl.',
  );
});
