/** What arrives, read by tools that nobody here wrote. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { BatchRecord } from '../../emulator/services/sitecore/records.ts';
import { batchPlatform, expectEnd, guest, guests, refOf, runBatch, workspaceWith } from './batch-harness.ts';

function tool(name: string, args: readonly string[], input: string | Buffer = ''): Buffer {
  const { status, stdout, stderr } = spawnSync(name, args, { input, maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return stdout;
}

const READ = `
import gzip, json, sys
with gzip.open(sys.argv[1], 'rb') as file: lines = file.read()
assert lines.endswith(b'\\n') and b'\\r' not in lines
records = [json.loads(line) for line in lines[:-1].decode('utf-8').split('\\n')]
json.dump(records, sys.stdout)
`;

/** What Python makes of it. */
function recordsOf(path: string): unknown[] {
  return JSON.parse(tool('python3', ['-c', READ, path]).toString());
}

function onlyBatch(emulator: Emulator): BatchRecord & { path: string } {
  const [batch, ...others] = emulator.sitecore.list;
  if (batch?.path === undefined || others.length > 0) throw new Error('There is not exactly one batch.');
  return { ...batch, path: batch.path };
}

/** Uploads `guests.any`. */
async function send(content: string | Buffer): Promise<BatchRecord & { path: string }> {
  const emulator = await batchPlatform();
  const run = await runBatch({ emulator, files: { 'guests.any': content }, inputs: { files: 'guests.any' } });
  const batch = onlyBatch(emulator);
  expectEnd(run, 'success', { records: `${batch.recordCount}`, succeeded: `${batch.recordCount}`, failed: '0' });
  return batch;
}

test('gzip, zcat, md5sum and Python read what was sent, and find what was announced', async () => {
  const emulator = await batchPlatform();
  const text = guests(5000);
  const run = await runBatch({ emulator, files: { 'guests.jsonl': text } });
  expectEnd(run, 'success', { records: '5000', succeeded: '5000' });
  const { path, md5, sizeBytes } = onlyBatch(emulator);
  tool('gzip', ['-t', path]);
  expect(tool('zcat', ['-f', path]).toString()).toBe(text);
  expect(recordsOf(path)).toEqual(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  const sum = tool('md5sum', [path]).toString().slice(0, 32);
  const size = Number(tool('stat', ['-c', '%s', path]));
  const [allocated, uploaded] = emulator.requests;
  expect([md5, sizeBytes, allocated?.body]).toEqual([sum, size, { checksum: sum, size }]);
  const digest = tool('python3', [
    '-c',
    'import base64, sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())',
    sum,
  ]);
  expect(uploaded?.headers).toMatchObject({
    'content-md5': digest.toString().trim(),
    'content-length': `${size}`,
    'content-type': 'application/gzip',
    'x-amz-server-side-encryption': 'AES256',
  });
  expect(uploaded?.headers).not.toHaveProperty('authorization');
  expect(uploaded?.headers).not.toHaveProperty('transfer-encoding');
});

test('the same records are the same bytes, whatever the source is like', async () => {
  const text = guests(3000);
  const lines = text.trim().split('\n');
  const half = text.length / 2;
  const members = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(''), gzipSync(text.slice(half))]);
  const sources: Record<string, string | Buffer> = {
    'as it is': text,
    'gzip -9': tool('gzip', ['-9', '-c'], text),
    'gzip -1': tool('gzip', ['-1', '-c'], text),
    'several members': members,
    CRLF: text.replaceAll('\n', '\r\n'),
    'a mark, blank lines, and no end of the last line': `\ufeff\n \n${lines.join('\n\n')}`,
    'spaces that mean nothing': lines.map((line) => spaced(line)).join('\n'),
  };
  const sent = new Map<string, string>();
  for (const [name, content] of Object.entries(sources)) sent.set(name, (await send(content)).md5);
  expect([...sent.entries()].filter(([, md5]) => md5 !== sent.get('as it is'))).toEqual([]);
});

/** With a space wherever JSON allows one. */
function spaced(line: string): string {
  return ` ${line.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, ' $& \t')} `;
}

test('numbers, escapes and what else a record has arrive as they are', async () => {
  const odd = String.raw`{"big":12345678901234567890,"small":1.10e-7,"zero":-0,"long":0.1000000000000000055511151231257827,"slash":"\/","e":"\u00e9é\ud83d\ude00","space":" \" : , ","same":1,"same":2,"deep":[[{"a":[]}]]}`;
  const line = `{"ref":"${refOf(1).toUpperCase()}","schema":"guest","mode":"upsert","more":null,"value":${odd}}`;
  const { path } = await send(`${line}\n`);
  expect(tool('zcat', ['-f', path]).toString()).toBe(`${line}\n`);
  // Space that means nothing goes; that of texts stays.
  const again = await send(spaced(line));
  expect(tool('zcat', ['-f', again.path]).toString()).toBe(`${line}\n`);
});

test('one record is sent, and so are those of many files in their order, each as its own gzip', async () => {
  const emulator = await batchPlatform();
  const workspace = workspaceWith({ 'one.jsonl': guest(1) });
  mkdirSync(join(workspace, 'more'));
  for (let n = 2; n < 8; n += 1) writeFileSync(join(workspace, 'more', `${n}.json`), guest(n));
  const run = await runBatch({ emulator, workspace, inputs: { files: 'one.jsonl\nmore/*.json' } });
  expectEnd(run, 'success', { records: '7', succeeded: '7', failed: '0' });
  const sent = emulator.sitecore.list.map(({ path }) => recordsOf(String(path)));
  expect(sent).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => [JSON.parse(guest(n))]));
});
