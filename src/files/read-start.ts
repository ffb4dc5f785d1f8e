import type { FileHandle } from 'node:fs/promises';

/** A header, or what tells one kind of file from another, is far shorter. */
const START_BYTES = 4096;

/** The first bytes of a file. */
export async function readStart(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
