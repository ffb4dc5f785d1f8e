/** In which order the blocks of files are read, so that neither the main thread nor the others wait for long. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blockSizes } from '../../src/files/read-file.ts';
import { readingOrder } from '../../src/files/reading-order.ts';
import type { WalkedFile } from '../../src/files/walk-directory.ts';

const KIB = 1024;

function file(name: string, sizeBytes: number): WalkedFile {
  return { name, targetName: name, path: `/d/${name}`, sizeBytes };
}

/** The names, each with how often it comes in a row. */
function runs(files: WalkedFile[]): string[] {
  const found: { name: string; times: number }[] = [];
  for (const { name } of readingOrder(files)) {
    const last = found.at(-1);
    if (last?.name === name) last.times++;
    else found.push({ name, times: 1 });
  }
  return found.map(({ name, times }) => (times === 1 ? name : `${name} ×${times}`));
}

const files = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,8}\.(js|png|html)$/),
    sizeBytes: fc.oneof(fc.nat(2_000), fc.nat(200_000), fc.nat(8_000_000)),
  }),
  { selector: ({ name }) => name, maxLength: 60 },
);

test('each file comes as often as it has blocks, in an order that depends on names and sizes alone', () => {
  fc.assert(
    fc.property(files, fc.infiniteStream(fc.nat()), (list, keys) => {
      const walked = list.map(({ name, sizeBytes }) => file(name, sizeBytes));
      const order = readingOrder(walked);
      const counts = new Map<string, number>();
      for (const { name } of order) counts.set(name, (counts.get(name) ?? 0) + 1);
      expect(counts).toEqual(new Map(order.map(({ name, sizeBytes }) => [name, blockSizes(sizeBytes).length])));
      expect(counts.size).toBe(walked.length);
      const shuffled = walked.map((one) => ({ one, key: keys.next().value })).sort((a, b) => a.key - b.key);
      expect(readingOrder(shuffled.map(({ one }) => one))).toEqual(order);
    }),
  );
});

test('files for other threads come largest first, interleaved with files for the main thread', () => {
  const small = Array.from({ length: 8 }, (_, index) => file(`small-${index}.js`, 1_000));
  const list = [file('worker.js', 2_048 * KIB), file('chunk.js', 512 * KIB), file('photo.png', 512 * KIB), ...small];
  expect(runs(list)).toEqual([
    'worker.js',
    // It takes the main thread as long as six small ones.
    'photo.png',
    'worker.js ×2',
    'small-0.js',
    'small-1.js',
    'small-2.js',
    'worker.js',
    'small-3.js',
    'small-4.js',
    'chunk.js',
    'small-5.js',
    'small-6.js',
    'small-7.js',
  ]);
});

test('files of one kind follow each other, the largest first', () => {
  expect(runs([file('a.png', 10), file('b.png', 2_048 * KIB), file('c.png', 10)])).toEqual([
    'b.png ×4',
    'a.png',
    'c.png',
  ]);
  expect(runs([file('a.js', 100 * KIB), file('b.js', 2_048 * KIB)])).toEqual(['b.js ×4', 'a.js']);
  expect(runs([])).toEqual([]);
});
