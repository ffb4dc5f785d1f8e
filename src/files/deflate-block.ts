import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';

/** How far back deflate looks. */
export const DICTIONARY_BYTES = 32 * 1024;

const deflate = promisify(deflateRaw);
const MIN_OUTPUT_BYTES = 64 * 1024;

/**
 * Compresses a piece of a text, on a thread of its own, to raw deflate blocks that end at a byte and are not the last
 * ones: pieces can be compressed at the same time, and what comes out put one behind the other. `FINAL_BLOCK` ends it.
 * The same bytes give the same bytes (for one version of Node's zlib).
 * @param dictionary the end of the piece before this one, in the same text; undefined where there is none
 */
export async function deflateBlock(bytes: Buffer, dictionary: Buffer | undefined): Promise<Buffer> {
  return await deflate(bytes, {
    level: 6,
    memLevel: 8,
    finishFlush: constants.Z_SYNC_FLUSH,
    // Records come down to a seventh; what needs more takes a few rounds. What is too large only waits to be collected.
    chunkSize: Math.max(MIN_OUTPUT_BYTES, Math.ceil(bytes.length / 6)),
    ...(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary }),
  });
}

/** An empty block with the mark of the last one. */
export const FINAL_BLOCK = Buffer.from([0x03, 0x00]);
