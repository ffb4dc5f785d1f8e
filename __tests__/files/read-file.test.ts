/** Files are read and searched in blocks: no border between two of them hides anything, or changes the zip. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ContentInspector } from '../../src/domain/content-rules.ts';
import { ForbiddenValues } from '../../src/domain/content-scanners.ts';
import { InspectedFile } from '../../src/files/read-file.ts';
import { openFilesUnder, removeScratch, scratch } from './helpers.ts';

afterAll(removeScratch);

const BLOCK_BYTES = 512 * 1024;
const KEY = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----\n`;
const TOKEN = 'a-token-that-nobody-has';
/** Longer than what deflate looks back on. */
const LONG = 'long-secret-'.repeat(4_000);
const FORBIDDEN = [TOKEN, LONG].map((value) => ({ label: value.slice(0, 7), value, severity: 'refuse' as const }));
const signal = new AbortController().signal;

interface Looked {
  problems: string[];
  /** The concatenated blocks. */
  sha256: string;
  blockBytes: number[];
  areDictionariesRight: boolean;
}

async function look(content: Buffer): Promise<Looked> {
  const path = join(await scratch(), 'a.js');
  await writeFile(path, content);
  const inspector = new ContentInspector({
    name: 'a.js',
    origin: { kind: 'zip' },
    forbidden: new ForbiddenValues(FORBIDDEN),
  });
  const walked = { name: 'a.js', targetName: 'a.js', path, sizeBytes: content.length };
  const file = new InspectedFile(walked, inspector, signal);
  const buffer = Buffer.alloc(file.bufferBytes);
  const hash = createHash('sha256');
  const looked: Looked = { problems: [], sha256: '', blockBytes: [], areDictionariesRight: true };
  let position = 0;
  for (let block = file.next(buffer); block !== undefined; block = file.next(buffer)) {
    hash.update(block.bytes);
    looked.blockBytes.push(block.bytes.length);
    const before = content.subarray(Math.max(0, position - 32 * 1024), position);
    position += block.bytes.length;
    looked.areDictionariesRight &&= block.dictionary.equals(before) && block.isLast === (position === content.length);
  }
  file.close();
  expect(openFilesUnder(path)).toEqual([]);
  return { ...looked, problems: inspector.finish().problems, sha256: hash.digest('hex') };
}

test.each([
  [1, [1]],
  [BLOCK_BYTES * 1.25, [BLOCK_BYTES * 1.25]],
  [BLOCK_BYTES * 1.25 + 1, [BLOCK_BYTES, BLOCK_BYTES * 0.25 + 1]],
  [BLOCK_BYTES * 2.25, [BLOCK_BYTES, BLOCK_BYTES * 1.25]],
  [BLOCK_BYTES * 2.25 + 1, [BLOCK_BYTES, BLOCK_BYTES, BLOCK_BYTES * 0.25 + 1]],
  [0, []],
])('%d bytes come in blocks of 512 KiB, the last one of up to a quarter more', async (bytes, blocks) => {
  expect((await look(Buffer.alloc(bytes, 'x'))).blockBytes).toEqual(blocks);
});

test.each([-47_999, -40_000, -32_769, -32_768, -1, 0])(
  'a value longer than deflate’s window is found from %d bytes around a border on',
  async (shift) => {
    const before = Buffer.alloc(BLOCK_BYTES + shift, 'some text, ');
    const content = Buffer.concat([before, Buffer.from(LONG), Buffer.alloc(BLOCK_BYTES, '-----')]);
    expect((await look(content)).problems).toEqual([expect.stringContaining('the value of long-se')]);
  },
);

test('a forbidden value is found at any position, and nothing else is', async () => {
  const around = fc.oneof(
    fc.integer({ min: -100, max: 100 }),
    fc.integer({ min: -5_000, max: 5_000 }),
    fc.integer({ min: -50_000, max: 50_000 }),
  );
  const needle = fc.constantFrom(KEY, TOKEN, LONG, '-----BEGIN PRIVATE KEY-----', 'long-secret-', '');
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      around,
      needle,
      fc.nat(60_000),
      async (block, shift, text, rest) => {
        const content = Buffer.concat([
          Buffer.alloc(block * BLOCK_BYTES + shift, 'some text, '),
          Buffer.from(text),
          // So much that a border is where the text is, and no last block goes beyond it.
          Buffer.alloc(BLOCK_BYTES / 2 + rest, '-----'),
        ]);
        const looked = await look(content);
        expect(looked.problems).toHaveLength([KEY, TOKEN, LONG].includes(text) ? 1 : 0);
        expect(looked.sha256).toBe(createHash('sha256').update(content).digest('hex'));
        expect(looked.areDictionariesRight).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('a file that was closed is not opened again', async () => {
  const path = join(await scratch(), 'a.js');
  await writeFile(path, 'a');
  const walked = { name: 'a.js', targetName: 'a.js', path, sizeBytes: 1 };
  const file = new InspectedFile(
    walked,
    new ContentInspector({ name: 'a.js', origin: { kind: 'zip' }, forbidden: new ForbiddenValues([]) }),
    signal,
  );
  file.close();
  expect(() => file.next(Buffer.alloc(file.bufferBytes))).toThrow('was closed before');
  expect(openFilesUnder(path)).toEqual([]);
});

test('a small file has a buffer of its own size, larger ones have one that is used again', () => {
  const inspector = new ContentInspector({ name: 'a', origin: { kind: 'zip' }, forbidden: new ForbiddenValues([]) });
  const bufferBytes = (sizeBytes: number) => {
    const file = new InspectedFile({ name: 'a', targetName: 'a', path: 'a', sizeBytes }, inspector, signal);
    return [file.bufferBytes, file.blockBufferBytes] as const;
  };
  const [small] = bufferBytes(0.75 * BLOCK_BYTES - 1);
  expect(small).toBe(0.75 * BLOCK_BYTES);
  const [large, block] = bufferBytes(0.75 * BLOCK_BYTES);
  expect(large).toBe(block);
  expect(large).toBeGreaterThan(1.25 * BLOCK_BYTES);
});
