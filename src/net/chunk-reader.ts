import type { FileHandle } from 'node:fs/promises';

/**
 * Larger ones are hardly faster, and a slow line could take longer for one than a stall may last: it
 * is only seen to move when a whole chunk has left.
 */
const CHUNK_BYTES = 256 * 1024;

/** A file's bytes in order, read one chunk ahead. */
export interface ChunkReader {
  /**
   * The next chunk, undefined after the last one. Its bytes are valid until the next call: asking says
   * that they were processed.
   * @throws what reading throws, and an Error for a file that became shorter
   */
  next(): Promise<Uint8Array | undefined>;
  /** Closes the file, after a read in progress. */
  close(): Promise<void>;
}

/**
 * Two buffers take turns: while one chunk is sent the next is read, and memory use does not depend on the size of the
 * file. Every chunk but the last is full, however short single reads are.
 * @param sizeBytes should the file have grown beyond it, the rest is not read
 */
export function createChunkReader(file: FileHandle, sizeBytes: number): ChunkReader {
  let [next, other] = [0, 0].map(() => Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, sizeBytes))) as [Buffer, Buffer];
  let position = 0;
  const readAhead = (): Promise<Uint8Array> | undefined => {
    if (position >= sizeBytes) return undefined;
    const filled = fill(file, next.subarray(0, sizeBytes - position), position);
    filled.catch(() => {}); // The next call throws it.
    position += next.length;
    [next, other] = [other, next];
    return filled;
  };
  let ahead = readAhead();
  return {
    next: async () => {
      const chunk = await ahead;
      ahead = readAhead();
      return chunk;
    },
    close: async () => {
      await ahead?.catch(() => {});
      await file.close();
    },
  };
}

async function fill(file: FileHandle, chunk: Uint8Array, position: number): Promise<Uint8Array> {
  for (let filled = 0; filled < chunk.length; ) {
    const { bytesRead } = await file.read(chunk, filled, chunk.length - filled, position + filled);
    if (bytesRead === 0) throw new Error('the file became shorter');
    filled += bytesRead;
  }
  return chunk;
}
