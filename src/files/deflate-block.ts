import { constants, createDeflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib';

/** How far back deflate looks. */
export const DICTIONARY_BYTES = 32 * 1024;

/** What deflate may add to what it cannot shrink, amply: 5 bytes for each 8 KB, and what a flush takes. */
const OVERHEAD_BYTES = 1024;

/** Up to this size, going to another thread and back costs about as much as the compressing: it is done at once. */
export const MAX_SYNC_BYTES = 32 * 1024;

/** zlib's, of its buffer of symbols. One smaller than the default: shorter deflate blocks fit better to what is in them. */
const MEMORY_LEVEL = 7;

export interface DeflateBlockOptions {
  /** zlib's, 1 to 9. */
  level: number;
  /** The end of the block before this one, in the same text; empty or undefined where there is none. */
  dictionary?: Buffer | undefined;
  /** Whether the text ends with this block. A text of which no block is the last one is ended by `FINAL_BLOCK`. */
  isLast: boolean;
}

/**
 * Compresses a block of a text to raw deflate blocks (RFC 1951) that end at a byte, on a thread of Node's pool unless it is
 * small: several can be compressed at the same time, and what comes out put one behind the other. The same bytes give
 * the same bytes (for one version of Node's zlib).
 * @param bytes not to be changed until the promise has settled; the dictionary may be
 */
export async function deflateBlock(bytes: Buffer, { level, dictionary, isLast }: DeflateBlockOptions): Promise<Buffer> {
  const flush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  const options: ZlibOptions = {
    level,
    memLevel: MEMORY_LEVEL,
    flush,
    finishFlush: flush,
    // Room for all of it at once: each piece more is a way to the other thread and back.
    chunkSize: bytes.length + OVERHEAD_BYTES,
    ...(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary }),
  };
  return bytes.length <= MAX_SYNC_BYTES ? deflateRawSync(bytes, options) : await deflateElsewhere(bytes, options);
}

/**
 * By one write to a stream that is never ended: its end would be one more way to the other thread and back, with nothing.
 */
async function deflateElsewhere(bytes: Buffer, options: ZlibOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  const stream = createDeflateRaw(options)
    .on('data', (piece: Buffer) => pieces.push(piece))
    .once('error', reject);
  stream.write(bytes, (error) => {
    if (error) reject(error);
    else resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
  });
  try {
    return await promise;
  } finally {
    stream.destroy();
  }
}

/** An empty block with the mark of the last one. */
export const FINAL_BLOCK = Buffer.from([0x03, 0x00]);
