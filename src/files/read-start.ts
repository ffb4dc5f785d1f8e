import type { FileHandle } from 'node:fs/promises';

/** Headers, and the signatures of file types, are far shorter. */
const START_BYTES = 4096;

/** The first bytes of a file. */
export async function readStart(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
