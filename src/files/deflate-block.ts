import { buffer } from 'node:stream/consumers';
import { constants, createDeflateRaw } from 'node:zlib';

/** How far back deflate looks. */
export const DICTIONARY_BYTES = 32 * 1024;

/**
 * Node keeps the last piece of what a stream has put out until a full collection of garbage: with large pieces, or with
 * what `deflateRaw` gathers, tens of megabytes.
 */
const PIECE_BYTES = 16 * 1024;

/**
 * Compresses a piece of a text, on a thread of its own, to raw deflate blocks that end at a byte and are not the last
 * ones: pieces can be compressed at the same time, and what comes out put one behind the other. `FINAL_BLOCK` ends it.
 * The same bytes give the same bytes (for one version of Node's zlib).
 * @param dictionary the end of the piece before this one, in the same text; undefined where there is none
 */
export async function deflateBlock(bytes: Buffer, dictionary: Buffer | undefined): Promise<Buffer> {
  const stream = createDeflateRaw({
    level: 6,
    memLevel: 8,
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: PIECE_BYTES,
    ...(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary }),
  });
  stream.end(bytes);
  return await buffer(stream);
}

/** An empty block with the mark of the last one. */
export const FINAL_BLOCK = Buffer.from([0x03, 0x00]);
