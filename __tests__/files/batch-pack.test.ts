import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync, type InflateRaw, inflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packFile } from '../../src/files/batch/pack-file.ts';
import { temporaryFolder } from '../clean-up.ts';
import { onPosix, PRIVATE_FILE_MODE } from '../systems.ts';
import { contentOf, createRecord, linesOf, packContent, writeSource } from './batch-helpers.ts';

/** About as large as real ones are, and not much smaller once they are zipped. */
const records = Array.from({ length: 300 }, (_, index) =>
  createRecord(undefined, { note: createHash('sha512').update(String(index)).digest('base64'), index }),
);
const SMALL = { blockBytes: 4096, maxPartBytes: 8000 };

test('a file becomes one gzip of one member with a fixed header, with its exact size and MD5', async () => {
  const packed = await packContent(linesOf(records));
  const [part] = packed.parts;
  const bytes = await readFile(part?.path ?? '');
  expect(packed).toMatchObject({
    records: 300,
    isGzipped: false,
    fault: undefined,
    problemCount: 0,
    duplicateCount: 0,
  });
  expect(part).toEqual({
    path: expect.any(String),
    sizeBytes: bytes.length,
    md5: createHash('md5').update(bytes).digest('hex'),
    records: 300,
    firstLine: 1,
    lastLine: 300,
  });
  expect(bytes.subarray(0, 10).toString('hex')).toBe('1f8b0800000000000003');
  expect(await contentOf(packed)).toEqual([linesOf(records)]);
  expect((await stat(part?.path ?? '')).mode & 0o777).toBe(PRIVATE_FILE_MODE);
});

onPosix("the system's gzip reads the parts, each as one member", async () => {
  const packed = await packContent(linesOf(records), SMALL);
  expect(packed.parts.length).toBeGreaterThan(2);
  for (const { path } of packed.parts) {
    expect(spawnSync('gzip', ['-t', path]).status).toBe(0);
    const bytes = await readFile(path);
    // One deflate stream, and then eight bytes alone.
    const { engine } = inflateRawSync(bytes.subarray(10), { info: true }) as unknown as { engine: InflateRaw };
    expect(engine.bytesWritten).toBe(bytes.length - 18);
  }
});

test('parts are whole records within the limit, and the same bytes whatever is at work at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(299), fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\n')), {
        minLength: 1,
        maxLength: 200,
        size: 'max',
      }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(500, 1000, 4096),
      fc.constantFrom(3000, 8000),
      async (rows, inFlight, blockBytes, maxPartBytes) => {
        const text = rows
          .map(
            ([index, end]) =>
              JSON.stringify(records[index], null, index % 3 === 0 ? ' ' : '').replaceAll('\n', '') + end,
          )
          .join('');
        const packed = await packContent(text, { inFlight, blockBytes, maxPartBytes });
        const again = await packContent(gzipSync(`\ufeff${text}`), { inFlight: 1, blockBytes, maxPartBytes });
        const contents = await contentOf(packed);
        expect(contents.join('')).toBe(linesOf(rows.map(([index]) => records[index])));
        expect(contents.map((content) => content.split('\n').length - 1)).toEqual(
          packed.parts.map((part) => part.records),
        );
        expect(contents.every((content) => content.endsWith('}\n'))).toBe(true);
        expect(packed.parts.every(({ sizeBytes }) => sizeBytes <= maxPartBytes)).toBe(true);
        expect(again.parts).toEqual(packed.parts.map((part) => ({ ...part, path: expect.any(String) })));
      },
    ),
    { numRuns: 40 },
  );
});

test('a record larger than a block, and one that is no larger than it, are blocks of their own', async () => {
  const large = [1, 9000, 2, 4000, 3].map((length) => createRecord(undefined, { note: 'ab'.repeat(length) }));
  const packed = await packContent(linesOf(large), { blockBytes: 4096 });
  expect(await contentOf(packed)).toEqual([linesOf(large)]);
});

test('a record that no part can hold is a fault that names its line, and no part is left', async () => {
  const path = await writeSource(linesOf(records));
  const folder = temporaryFolder();
  const packed = await packFile(path, {
    folder,
    signal: new AbortController().signal,
    blockBytes: 10,
    maxPartBytes: 120,
  });
  expect(packed).toMatchObject({
    parts: [],
    fault: expect.stringMatching(/^Line 1 alone is \d+ bytes gzipped; a batch may be at most 120\.$/),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('lines that are no records are reported with their numbers, and nothing is packed', async () => {
  const sound = JSON.stringify(records[0]);
  const text = `\n${sound}\r\nJane\n{"ref":"Jane"\n\n[1]\n${'{"a":"Jane" Doe}'}\n${sound.replace('upsert', 'Jane')}\n{"a":"Ja\tne"}`;
  const bytes = Buffer.concat([Buffer.from(text), Buffer.from('\n{"Jane":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const folder = temporaryFolder();
  const packed = await packContent(bytes, { folder });
  expect(packed).toMatchObject({ records: 1, parts: [], fault: undefined, problemCount: 7 });
  expect(packed.problems).toEqual([
    { line: 3, message: 'This is not JSON, from column 1 on.' },
    { line: 4, message: 'This is not JSON: the line ends before the record does.' },
    { line: 6, message: expect.stringMatching(/^This is an array, not a record/) },
    { line: 7, message: 'This is not JSON, from column 13 on.' },
    { line: 8, message: expect.stringMatching(`^Record ${records[0]?.ref}: \`mode\` is not insert, create,`) },
    { line: 9, message: 'This is not JSON, from column 9 on.' },
    { line: 10, message: 'The line is not valid UTF-8.' },
  ]);
  expect(JSON.stringify(packed)).not.toContain('Jane');
  expect(readdirSync(folder)).toEqual([]);
});

test('behind one line that is no record nothing is packed any more, however much there is', async () => {
  const many = linesOf(Array.from({ length: 500 }, () => createRecord()));
  const folder = temporaryFolder();
  const packed = await packContent(`${many}Jane\n${many}`, { folder, blockBytes: 1000 });
  expect(packed).toMatchObject({ records: 1000, parts: [], problemCount: 1 });
  expect(spawnSync('ls', ['-A', folder]).stdout.toString()).toBe('');
});

test('what people write between records is named for what it is, with what to do', async () => {
  const sound = JSON.stringify(records[0]);
  const lines = [
    `${sound},`,
    ` , ${sound}`,
    `${sound}${sound}`,
    `${sound} , ${sound}`,
    `\ufeff${sound}`,
    sound.replace(',', ',\ufeff'),
    sound,
    `${sound}]`,
  ];
  const packed = await packContent(`${lines.join('\n')}\n`);
  const column = sound.length + 1;
  expect(packed.fault).toBeUndefined();
  expect(packed.problems).toEqual([
    {
      line: 1,
      message: expect.stringMatching(/^There is a comma after the record\. Remove it\. Each record must be on/),
    },
    { line: 2, message: expect.stringMatching(/^The line begins with a comma\. Remove it\./) },
    {
      line: 3,
      message: expect.stringMatching(`^A second record begins in column ${column}\\. Each record must be on a line`),
    },
    { line: 4, message: expect.stringMatching(`^A second record begins in column ${column + 3}\\.`) },
    {
      line: 5,
      message: expect.stringMatching(
        /^There is a byte-order mark \(U\+FEFF\) in column 1, as when files are joined\. Remove/,
      ),
    },
    { line: 6, message: expect.stringMatching(/^There is a byte-order mark \(U\+FEFF\) in column 47/) },
    { line: 8, message: `This is not JSON, from column ${column} on.` },
  ]);
  expect(JSON.stringify(packed)).not.toContain('Jane');
});

test.each([
  ['commas', (one: string, other: string) => `${one},${other},`],
  ['nothing, and a comma at the end', (one: string, other: string) => `${one}${other},`],
  ['a third that breaks off', (one: string, other: string) => `${one},${other},{`],
])('records on the first line with %s are named for what they are', async (_, join) => {
  const [one = '', other = ''] = records.map((record) => JSON.stringify(record));
  const packed = await packContent(`${join(one, other)}\n${one}\n`);
  expect(packed.fault).toBeUndefined();
  expect(packed.problems).toEqual([
    { line: 1, message: expect.stringMatching(/^A second record begins in column \d+\. Each record must be on/) },
  ]);
});

test('the modes of a file are reported, each once', async () => {
  const of = (mode: string) => ({ ...createRecord(), mode });
  const packed = await packContent(linesOf(['upsert', 'insert', 'upsert', 'delete'].map(of)));
  expect(packed).toMatchObject({ problemCount: 0, modes: ['delete', 'insert', 'upsert'] });
});

test('a CR ends a line, too, and the records are the same', async () => {
  const text = linesOf(records.slice(0, 5));
  const [lf, cr, crlf] = await Promise.all(
    ['\n', '\r', '\r\n'].map((end) => packContent(text.replaceAll('\n', end), { blockBytes: 100 })),
  );
  expect(cr).toMatchObject({
    problemCount: 0,
    records: 5,
    parts: [{ firstLine: 1, lastLine: 5, md5: lf?.parts[0]?.md5 }],
  });
  expect(crlf?.parts[0]).toMatchObject({ lastLine: 5, md5: lf?.parts[0]?.md5 });
  const pretty = JSON.stringify(records[0], null, 1).replaceAll('\n', '\r');
  expect(await packContent(pretty)).toMatchObject({
    fault: expect.stringMatching(/^Its records span several lines/),
  });
});

test('a field that is there more than once is a problem, however it is written: parsers differ in which one counts', async () => {
  const sound = JSON.stringify(records[0]);
  const twice = (more: string) => sound.replace('{', `{${more},`);
  const lines = [
    twice('"ref":"Jane"'),
    twice('"v\\u0061lue":{"name":"Jane"}'),
    twice('"note":1,"note":2'),
    twice('"toString":1,"__proto__":{"ref":1}'),
    'null',
  ];
  const packed = await packContent(lines.join('\n'));
  expect(packed.problems).toEqual([
    { line: 1, message: 'This record has `ref` more than once.' },
    { line: 2, message: 'This record has `value` more than once.' },
    { line: 5, message: expect.stringMatching(/^This is null, not a record/) },
  ]);
});

test('a line that is too long is a problem of its own, and the ones behind it keep their numbers', async () => {
  const [one, two] = [JSON.stringify(records[0]), JSON.stringify(records[1])];
  const packed = await packContent(`${one}\n"${'a'.repeat(4 * 1024 * 1024)}"\n${two}\n{`);
  expect(packed.problems.map(({ line }) => line)).toEqual([2, 4]);
  expect(packed.problems[0]?.message).toBe('The line is longer than 4 MiB.');
  const longest = JSON.stringify(createRecord(undefined, { note: '' }));
  const fits = longest.replace('""', `"${'a'.repeat(4 * 1024 * 1024 - longest.length)}"`);
  expect(await packContent(`${fits}\n${one}`)).toMatchObject({ records: 2, problemCount: 0 });
  expect(await packContent(fits.replace('aa"', 'aaa"'))).toMatchObject({ records: 0, problemCount: 1 });
});

test('progress comes to the size of the file on the disk', async () => {
  for (const content of [Buffer.from(linesOf(records)), gzipSync(linesOf(records))]) {
    const seen: [number, number][] = [];
    await packContent(content, { onProgress: (read, size) => seen.push([read, size]) });
    expect(seen.at(-1)).toEqual([content.length, content.length]);
  }
});

test('a run that is cancelled ends with its reason and leaves no part', async () => {
  const controller = new AbortController();
  const folder = temporaryFolder();
  const onProgress = () => controller.abort(new Error('cancelled by the test'));
  const text = linesOf(records).repeat(20);
  await expect(packContent(text, { ...SMALL, folder, signal: controller.signal, onProgress })).rejects.toThrow(
    'cancelled by the test',
  );
  expect(readdirSync(folder).join()).not.toContain('part-');
});

onPosix('a FIFO that nobody writes to is no file, at once', async () => {
  const path = `${temporaryFolder()}/fifo.jsonl`;
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  const packing = packFile(path, { folder: temporaryFolder(), signal: new AbortController().signal });
  await expect(packing).rejects.toThrow('fifo.jsonl is not a file.');
});

test('a gigabyte of newlines ends with the signal, promptly', async () => {
  const newlines = gzipSync(Buffer.alloc(16 * 2 ** 20, '\n'));
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('stop')), 300);
  const startMs = performance.now();
  const content = Buffer.concat(Array.from({ length: 64 }, () => newlines));
  await expect(packContent(content, { signal: controller.signal })).rejects.toThrow('stop');
  expect(performance.now() - startMs).toBeLessThan(1500);
});

test('a file that is not there, and a folder that cannot be written to, are reported', async () => {
  const signal = new AbortController().signal;
  await expect(packFile('/nowhere/guests.jsonl', { folder: '/nowhere', signal })).rejects.toThrow(
    'There is no file /nowhere/guests.jsonl.',
  );
  await expect(packFile(tmpdir(), { folder: '/nowhere', signal })).rejects.toThrow(`${tmpdir()} is a folder.`);
  await expect(packContent(linesOf(records), { folder: '/nowhere' })).rejects.toThrow(
    /^The file [\\/]nowhere[\\/]part-1\.gz could not be written/,
  );
});
