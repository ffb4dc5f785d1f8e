import { constants, createDeflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib';

/** How far back deflate looks. */
export const DICTIONARY_BYTES = 32 * 1024;

/** A generous bound on what deflate adds to data that it cannot shrink: 5 bytes for each 8 KB, and a flush. */
const OVERHEAD_BYTES = 1024;

/** Up to this size, going to another thread and back costs about as much as compressing: it is done on this thread. */
export const MAX_SYNC_BYTES = 32 * 1024;

/** zlib's, for its buffer of symbols. One below the default: shorter deflate blocks fit their content better. */
const MEMORY_LEVEL = 7;

export interface DeflateBlockOptions {
  /** zlib's, 1 to 9. */
  level: number;
  /** The end of the block before this one, in the same text; empty or undefined where there is none. */
  dictionary?: Buffer | undefined;
  /** Whether the text ends with this block. A text without such a block is ended by `FINAL_BLOCK`. */
  isLast: boolean;
}

/**
 * Compresses a block of a text to raw deflate blocks (RFC 1951) that end at a byte, on a thread of Node's pool unless
 * it is small: several can be compressed at the same time, and the results concatenated. The same bytes give the same
 * bytes (for one version of Node's zlib).
 * @param bytes not to be changed until the promise has settled; the dictionary may be
 */
export async function deflateBlock(bytes: Buffer, { level, dictionary, isLast }: DeflateBlockOptions): Promise<Buffer> {
  const flush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  const options: ZlibOptions = {
    level,
    memLevel: MEMORY_LEVEL,
    flush,
    finishFlush: flush,
    // Room for all of it at once: each further piece costs a round trip to the other thread.
    chunkSize: bytes.length + OVERHEAD_BYTES,
    ...(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary }),
  };
  return bytes.length <= MAX_SYNC_BYTES ? deflateRawSync(bytes, options) : await deflateElsewhere(bytes, options);
}

/**
 * By one write to a stream that is never ended: ending it would cost another round trip to the other thread for
 * nothing.
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

/** An empty block marked as the last one. */
export const FINAL_BLOCK = Buffer.from([0x03, 0x00]);
