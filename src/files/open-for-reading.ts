import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Opens a file for reading. What has become a FIFO since somebody looked does not block: whether it is a file, the
 * caller finds out by `stat` of what is open.
 */
export async function openForReading(path: string): Promise<FileHandle> {
  // Windows has no such flag.
  return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}
