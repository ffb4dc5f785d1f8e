import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findChromium } from '../../scripts/browser.ts';
import { decode, shrinkPng } from '../../scripts/png.ts';
import { renderPage } from '../../scripts/render-page.ts';

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/** A PNG of three channels, each row with a filter of its own. */
function encode(widthPx: number, rows: readonly (readonly number[])[], filters: readonly number[]): Buffer {
  const head = Buffer.from([0, 0, 0, widthPx, 0, 0, 0, rows.length, 8, 2, 0, 0, 0]);
  const byteAt = (row: number, at: number) => (at < 0 ? 0 : (rows[row]?.[at] ?? 0));
  const filtered = rows.flatMap((bytes, row) => {
    const filter = filters[row] ?? 0;
    const guess = (at: number) => {
      const [a, b, c] = [byteAt(row, at - 3), byteAt(row - 1, at), byteAt(row - 1, at - 3)];
      const closest = [a, b, c].toSorted((x, y) => Math.abs(a + b - c - x) - Math.abs(a + b - c - y))[0] ?? 0;
      return [0, a, b, Math.floor((a + b) / 2), closest][filter] ?? 0;
    };
    return [filter, ...bytes.map((byte, at) => (byte - guess(at) + 256) % 256)];
  });
  const data = chunk('IDAT', deflateSync(Buffer.from(filtered)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', head), data, chunk('IEND', Buffer.alloc(0))]);
}

test('a picture of few colours comes out as it was, whatever filters its rows had', () => {
  const row = fc.array(fc.oneof(fc.nat(255), fc.nat(4)), { minLength: 12, maxLength: 12 });
  const filter = fc.nat(4);
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 5, maxLength: 5 }),
      fc.array(filter, { minLength: 5, maxLength: 5 }),
      (rows, filters) => {
        const expected = rows.flatMap((bytes) =>
          [0, 3, 6, 9].map((at) => ((bytes[at] ?? 0) << 16) + ((bytes[at + 1] ?? 0) << 8) + (bytes[at + 2] ?? 0)),
        );
        const png = encode(4, rows, filters);
        expect([...decode(png).pixels]).toEqual(expected);
        expect([...decode(shrinkPng(png)).pixels]).toEqual(expected);
      },
    ),
  );
});

test('of too many colours, those that stand out are kept', () => {
  const colours = Array.from({ length: 400 }, (_, n) => [0, n % 200, n < 200 ? 0 : 1]);
  colours[321] = [255, 0, 0];
  const png = encode(200, [colours.slice(0, 200).flat(), colours.slice(200).flat()], []);
  const { pixels } = decode(shrinkPng(png));
  expect(new Set(decode(png).pixels).size).toBe(400);
  expect(new Set(pixels).size).toBe(256);
  expect(pixels[321]).toBe(0xff0000);
});

test('what is no PNG is refused', () => {
  expect(() => shrinkPng(Buffer.from('GIF89a'))).toThrow('no PNG');
});

test('a comment stands in a box, where line breaks count; a summary stands by itself', () => {
  expect(renderPage('x', '### Title\n\na\nb', 'comment')).toMatch(
    /github-actions[\s\S]*<h3>Title<\/h3>\n<p>a<br>b<\/p>/,
  );
  expect(renderPage('x', 'a\nb')).not.toMatch(/github-actions|a<br>b/);
});

test('a browser is the one that CHROMIUM names, or one on PATH; without one the error says what to do', () => {
  expect(findChromium({ CHROMIUM: '/opt/browser', PATH: '' })).toBe('/opt/browser');
  expect(() => findChromium({ PATH: import.meta.dirname })).toThrow('CHROMIUM');
});
