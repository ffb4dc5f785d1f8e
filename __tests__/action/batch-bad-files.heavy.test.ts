/** Every kind of file that is not sound: what is wrong is reported with its place, and nothing is sent. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import {
  annotationsOf,
  type BatchRun,
  batchPlatform,
  expectEnd,
  FILE,
  guest,
  guests,
  refOf,
  runBatch,
  verdictOf,
  workspaceWith,
} from './batch-harness.ts';

/** Also of what the harness's search cannot read: compressed, in UTF-16, cut. A random UUID may have a number in it. */
const SOMEBODY = /ermentrud|quuxmail|visitor-of-the-shop|crm-of-quux|crm-\d|\+49 30|\b77000\d\b/i;

async function runRefused(run: BatchRun): Promise<FinishedRun> {
  const emulator = await batchPlatform();
  const finished = await runBatch({ emulator, ...run });
  expectEnd(finished, 'error', { 'batch-refs': '[]' });
  expect(finished.outputs).not.toHaveProperty('errors-file');
  expect(emulator.requests).toEqual([]);
  expect(finished.everything).not.toMatch(SOMEBODY);
  return finished;
}

/** `file:line: message`, the verdict aside; the message names the place, too, for those who read the log. */
function problemsOf(run: FinishedRun): string[] {
  return annotationsOf(run, 'error')
    .slice(0, -1)
    .map(({ file, line, message }) => {
      const place = line === undefined ? `${file}` : `${file}:${line}`;
      expect(message).toContain(`(${place})`);
      return `${place}: ${message.replace(` (${place})`, '')}`;
    });
}

const TEXT = guests(3);
const GZIP = gzipSync(TEXT);
const PLAIN_ZIP = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(TEXT)]);

test.each<[what: string, name: string, content: string | Uint8Array, fault: string]>([
  ['is empty', FILE, '', 'It is empty.'],
  ['has blank lines alone', FILE, '\n \r\n\t\n', 'It has no records: all of its lines are blank.'],
  ['is a mark alone', FILE, '\ufeff', 'It has no records: all of its lines are blank.'],
  ['is a gzip of nothing', 'g.gz', gzipSync(''), 'It has no records: all of its lines are blank.'],
  ['is a zip', FILE, PLAIN_ZIP, 'It is a zip.'],
  ['is a zip with the name of a gzip', 'g.jsonl.gz', PLAIN_ZIP, 'It has the name of a gzip file, but is not gzip.'],
  ['is plain with the name of a gzip', 'g.jsonl.gz', TEXT, 'It has the name of a gzip file, but is not gzip.'],
  ['is a zip in a gzip', 'g.jsonl.gz', gzipSync(PLAIN_ZIP), 'What its gzip holds is a zip.'],
  ['is a gzip in a gzip', FILE, gzipSync(GZIP), 'What its gzip holds is a gzip.'],
  ['breaks off', 'g.gz', GZIP.subarray(0, -20), 'Its gzip data is truncated.'],
  ['has its end cut off', 'g.gz', GZIP.subarray(0, -1), 'Its gzip data is truncated.'],
  ['is damaged', 'g.gz', damaged(GZIP), 'Its gzip data is damaged, or followed by other data.'],
  ['has a text behind it', 'g.gz', behind(TEXT), 'Its gzip data is damaged, or followed by other data.'],
  ['has NUL bytes behind it', 'g.gz', behind('\0\0\0'), 'Its gzip data ends 3 bytes before the file does.'],
  ['is UTF-16', FILE, Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'It is UTF-16, not UTF-8.'],
  ['is UTF-16 without a mark', FILE, Buffer.from(TEXT, 'utf16le'), 'It is not UTF-8 text: it has NUL bytes in it.'],
  ['is UTF-16 in a gzip', FILE, gzipSync(Buffer.from(TEXT, 'utf16le')), 'What its gzip holds is not UTF-8 text'],
  ['is a JSON array', FILE, `[${guest(1)},${guest(2)}]`, 'It is a JSON array, not JSON lines with one record'],
  ['is pretty-printed', FILE, JSON.stringify(JSON.parse(guest(1)), null, 2), 'Its records span several lines, and'],
])('a file that %s', async (_, name, content, fault) => {
  const run = await runRefused({ files: { [name]: content }, inputs: { files: name } });
  expect(problemsOf(run)).toEqual([expect.stringMatching(`^${name}: ${fault.replaceAll(/[[\]().]/g, '\\$&')}`)]);
  expect(verdictOf(run)).toMatchObject({ message: expect.stringContaining(`${name} has 1 problem.`) });
  expect(run.summary).toContain(`❌ Check and pack ${name}`);
  expect(run.summary).toContain('1 problem in the files');
});

function damaged(gzip: Buffer): Buffer {
  const bytes = Buffer.from(gzip);
  bytes.fill(0x5a, 60, 90);
  return bytes;
}

function behind(text: string): Buffer {
  return Buffer.concat([GZIP, Buffer.from(text)]);
}

test('a zip of the system’s own, whatever its name, is reported to be one', async () => {
  const workspace = workspaceWith({ [FILE]: TEXT });
  const made = spawnSync('python3', ['-m', 'zipfile', '-c', 'guests.zip', FILE], { cwd: workspace });
  expect(made.status).toBe(0);
  const run = await runRefused({ workspace, inputs: { files: 'guests.zip' } });
  expect(problemsOf(run)).toEqual(['guests.zip: It is a zip.']);
});

const NO_REF = { ref: undefined };

test.each<[what: string, line: string | Buffer, problem: string]>([
  ['no ref', guest(4, NO_REF), 'In this record, `ref` is missing.'],
  ['a ref that is none', guest(4, { ref: 'Ermentrud4' }), 'In this record, `ref` is not a UUID.'],
  ['no schema', guest(4, { schema: undefined }), `Record ${refOf(4)}: \`schema\` is missing.`],
  ['an odd schema', guest(4, { schema: 'Ermentrud 4' }), 'is not a word of at most 64 characters.'],
  ['another mode', guest(4, { mode: 'replace' }), `Record ${refOf(4)}: \`mode\` is not insert, create,`],
  ['no mode', guest(4, { mode: undefined }), `Record ${refOf(4)}: \`mode\` is missing.`],
  ['no value', guest(4, { value: undefined }), `Record ${refOf(4)}: \`value\` is missing.`],
  ['a text for a value', guest(4, { value: 'Ermentrud4' }), `Record ${refOf(4)}: \`value\` is not an object.`],
  ['a list for a value', guest(4, { value: ['Ermentrud4'] }), `Record ${refOf(4)}: \`value\` is not an object.`],
  ['all of it wrong', '{"Ermentrud4": 1}', '`ref` is missing, `schema` is missing, `mode` is missing and `value` is'],
  ['null', 'null', 'This is null, not a record.'],
  ['a text', '"Ermentrud4"', 'This is a string, not a record.'],
  ['an array', `[${guest(4)}]`, 'This is an array, not a record.'],
  ['two records', `${guest(4)}${guest(5)}`, 'A second record begins in column'],
  ['half a record', guest(4).slice(0, -30), 'This is not JSON: the line ends before the record does.'],
  ['single quotation marks', guest(4).replaceAll('"', "'"), 'This is not JSON, from column 2 on.'],
  ['a comma at its end', `${guest(4)},`, 'There is a comma after the record. Remove it.'],
  [
    'a byte-order mark',
    `\ufeff${guest(4)}`,
    'There is a byte-order mark (U+FEFF) in column 1, as when files are joined.',
  ],
  ['bytes that are not UTF-8', Buffer.from(guest(4, { value: { a: 'Ærmentrud4' } }), 'latin1'), 'is not valid UTF-8.'],
  ['a control character', guest(4).replace('Ermentrud', 'Ermentrud\x01'), 'This is not JSON, from column'],
  ['more than 4 MiB', guest(4, { value: { a: 'Ermentrud4'.repeat(450_000) } }), 'The line is longer than 4 MiB.'],
])('a line with %s', async (_, line, problem) => {
  // Blank lines count, and so do those of a source with CRLF.
  const content = Buffer.concat([
    Buffer.from(`${guest(1)}\r\n\r\n${guest(2)}\r\n`),
    Buffer.from(line),
    Buffer.from('\r\n'),
  ]);
  const run = await runRefused({ files: { [FILE]: content } });
  expect(problemsOf(run)).toEqual([expect.stringContaining(problem)]);
  expect(annotationsOf(run, 'error')[0]).toMatchObject({ file: FILE, line: 4 });
  expect(run.summary).toContain(`<code>${FILE}&#58;4</code>`);
});

test('10,000 bad lines are nine annotations and a verdict, which has the true count', async () => {
  const content = Array.from({ length: 10_000 }, (_, index) => `${guest(index + 1)}}\n`).join('');
  const run = await runRefused({ files: { [FILE]: `${guest(10_001)}\n${content}` } });
  const errors = annotationsOf(run, 'error');
  expect(errors.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, undefined]);
  expect(verdictOf(run).message).toContain(`${FILE} has 10,000 problems.`);
  expect(run.summary).toContain('10,000 problems in the files');
  expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
});

test('all files are looked at, and what is wrong with each is reported in their order', async () => {
  const files = {
    'c.jsonl': `${guest(1)}\n${guest(2, { mode: 'x' })}\n`,
    'b.jsonl': '',
    'a.jsonl': guests(2),
    'deep/d.jsonl.gz': gzipSync(`\n\n${guest(3, NO_REF)}\n[]\n`),
  };
  const run = await runRefused({ files, inputs: { files: 'c.jsonl\n*.jsonl\ndeep/*' } });
  expect(problemsOf(run).map((text) => text.split(': ')[0])).toEqual([
    'c.jsonl:2',
    'b.jsonl',
    join('deep', 'd.jsonl.gz:3'),
    join('deep', 'd.jsonl.gz:4'),
  ]);
  expect(verdictOf(run).message).toContain('3 of 4 files have 4 problems in total.');
  expect(run.summary).toContain('✅ Check and pack a.jsonl');
});
