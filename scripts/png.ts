/** Makes a screenshot's PNG small: a palette of at most 256 colours, of which text and tables hardly need more. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const MAX_COLOURS = 256;
const RGB = 2;
const PALETTE = 3;
const RGBA = 6;

interface Picture {
  widthPx: number;
  heightPx: number;
  /** `0xRRGGBB` of each pixel, row by row. */
  pixels: Uint32Array;
}

/** @throws Error when it is no PNG as a browser writes it: 8 bits a channel, colour, not interlaced */
export function shrinkPng(png: Buffer): Buffer {
  const { widthPx, heightPx, pixels } = decode(png);
  const palette = choosePalette(pixels);
  const indexes = new Map<number, number>();
  const rows = Buffer.alloc(heightPx * (widthPx + 1));
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const colour = pixels[y * widthPx + x] ?? 0;
      const index = indexes.get(colour) ?? nearest(palette, colour);
      indexes.set(colour, index);
      rows[y * (widthPx + 1) + 1 + x] = index;
    }
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, PALETTE, 0, 0, 0]);
  head.writeUInt32BE(widthPx, 0);
  head.writeUInt32BE(heightPx, 4);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}

/** What is in a PNG, alpha aside: a screenshot is opaque. */
export function decode(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('This is no PNG.');
  const parts = new Map<string, Buffer[]>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8);
    parts.set(type, [...(parts.get(type) ?? []), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))]);
  }
  const head = parts.get('IHDR')?.[0] ?? Buffer.alloc(13);
  const channels = new Map([
    [RGB, 3],
    [RGBA, 4],
    [PALETTE, 1],
  ]).get(head[9] ?? 0);
  if (head[8] !== 8 || channels === undefined || head[12] !== 0) throw new Error('A PNG of a kind that is not known.');
  const [widthPx, heightPx] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const bytes = unfilter(inflateSync(Buffer.concat(parts.get('IDAT') ?? [])), widthPx * channels, channels);
  const colours = parts.get('PLTE')?.[0];
  const pixels = Uint32Array.from({ length: widthPx * heightPx }, (_, pixel) =>
    colours === undefined ? bytes.readUIntBE(pixel * channels, 3) : colours.readUIntBE(3 * (bytes[pixel] ?? 0), 3),
  );
  return { widthPx, heightPx, pixels };
}

/** Undoes what each row's filter did (PNG specification, "Filter types for filter method 0"). */
function unfilter(filtered: Buffer, rowBytes: number, channels: number): Buffer {
  const rows = filtered.length / (rowBytes + 1);
  const bytes = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const filter = filtered[row * (rowBytes + 1)] ?? 0;
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * rowBytes + column;
      const left = column < channels ? 0 : (bytes[at - channels] ?? 0);
      const up = row === 0 ? 0 : (bytes[at - rowBytes] ?? 0);
      const upLeft = row === 0 || column < channels ? 0 : (bytes[at - rowBytes - channels] ?? 0);
      bytes[at] = (filtered[at + row + 1] ?? 0) + predict(filter, left, up, upLeft);
    }
  }
  return bytes;
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - upLeft;
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

/** One by one the colour whose pixels are worst off: many of them, or far from every colour chosen so far. */
function choosePalette(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const candidates = [...counts].map(([colour, count]) => ({ colour, count, gap: Number.MAX_SAFE_INTEGER }));
  const palette: number[] = [];
  while (palette.length < MAX_COLOURS) {
    const worst = candidates.reduce((a, b) => (b.count * b.gap > a.count * a.gap ? b : a));
    if (worst.gap === 0) break;
    palette.push(worst.colour);
    for (const candidate of candidates) {
      candidate.gap = Math.min(candidate.gap, distance(candidate.colour, worst.colour));
    }
  }
  return palette;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  for (let index = 1; index < palette.length; index += 1) {
    if (distance(palette[index] ?? 0, colour) < distance(palette[best] ?? 0, colour)) best = index;
  }
  return best;
}

/** Squared, over red, green and blue. */
function distance(a: number, b: number): number {
  return ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
}
