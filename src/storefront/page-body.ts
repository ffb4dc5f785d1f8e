import { pipeline, Readable, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** What is read of a page, decompressed. The largest pages of storefronts have a few hundred KB. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** A body may be compressed more than once; nobody does it more often. */
const MAX_LAYERS = 3;
/** RFC 9659: what a sender may expect of its receiver. */
const ZSTD_WINDOW_BITS = 23;
/** RFC 1950, section 2.2: the lower half of the first byte. */
const ZLIB_METHOD = 8;

export interface PageBody {
  body: string;
  bytes: number;
  isCut: boolean;
}

/** The body is compressed in a way that is not known. */
export class UnknownEncodingError extends Error {
  override name = 'UnknownEncodingError';
}

/**
 * Reads a body up to the limit, and gives up the rest. Memory does not depend on what it would decompress to.
 * @param encoding the header `content-encoding`
 * @throws what reading and decompressing throw, and UnknownEncodingError
 */
export async function readPageBody(body: Readable, encoding: string | undefined): Promise<PageBody> {
  const names = (encoding ?? '').toLowerCase().split(',');
  const layers = names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  if (layers.length > MAX_LAYERS) throw new UnknownEncodingError('too many layers');
  let stream = body;
  // The last one named was put on last.
  for (const name of layers.reverse()) stream = await decompress(stream, name);
  return await readUpTo(stream);
}

async function readUpTo(stream: AsyncIterable<Uint8Array>): Promise<PageBody> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk.subarray(0, MAX_PAGE_BYTES - bytes));
    bytes += chunk.length;
    if (bytes > MAX_PAGE_BYTES) break;
  }
  const isCut = bytes > MAX_PAGE_BYTES;
  return { body: Buffer.concat(chunks).toString('utf8'), bytes: Math.min(bytes, MAX_PAGE_BYTES), isCut };
}

async function decompress(compressed: Readable, name: string): Promise<Readable> {
  const chunks = compressed[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await chunks.next();
  // An answer without a body may name an encoding all the same.
  if (first.done === true) return Readable.from([]);
  const all = Readable.from(startingWith(first.value, chunks), { objectMode: false });
  return pipeline(all, decompressor(name, first.value), () => {}); // Whoever reads the result gets the error.
}

async function* startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function decompressor(name: string, start: Uint8Array): Transform {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      // It means zlib's format, and many send the bare one (RFC 9110, section 8.4.1.2).
      return ((start[0] ?? 0) & 0x0f) === ZLIB_METHOD ? createInflate() : createInflateRaw();
    case 'zstd':
      // Not asked for, and sent all the same: browsers read it.
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_BITS } });
    default:
      throw new UnknownEncodingError('not known');
  }
}
