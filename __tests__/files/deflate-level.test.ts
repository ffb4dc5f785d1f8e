/** Which level of zlib a block gets. */
import { expect, test } from '@jest/globals';
import { deflateLevel } from '../../src/files/deflate-level.ts';

const BLOCK_BYTES = 512 * 1024;
const SOURCES = Buffer.alloc(BLOCK_BYTES, '"const a = 1;\\n", ');
const MAPPINGS = Buffer.alloc(BLOCK_BYTES, 'AAAA,SAASA,CAAC;EACpB,IAAI');

test('two of three blocks of mappings are compressed more, and nothing else is', () => {
  const levels = (name: string, bytes: Buffer) =>
    Array.from({ length: 7 }, (_, index) => deflateLevel(name, bytes, index));
  expect(levels('output/worker.js.map', MAPPINGS)).toEqual([6, 6, 5, 6, 6, 5, 6]);
  expect(levels('output/worker.js.map', SOURCES)).toEqual([5, 5, 5, 5, 5, 5, 5]);
  expect(levels('output/worker.js', MAPPINGS)).toEqual([5, 5, 5, 5, 5, 5, 5]);
});

test('a block is judged by its middle', () => {
  const half = BLOCK_BYTES / 2;
  const first = Buffer.concat([SOURCES.subarray(0, half - 1024), MAPPINGS]).subarray(0, BLOCK_BYTES);
  const last = Buffer.concat([SOURCES.subarray(0, half + 1024), MAPPINGS]).subarray(0, BLOCK_BYTES);
  expect(deflateLevel('a.js.map', first, 0)).toBe(6);
  expect(deflateLevel('a.js.map', last, 0)).toBe(5);
  expect(deflateLevel('a.js.map', Buffer.alloc(0), 0)).toBe(6);
});
