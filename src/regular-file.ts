import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a path leads to is no file: a pipe, a socket, a device, a folder. */
export class NotAFileError extends Error {
  override name = 'NotAFileError';
}

/** A file is larger than what is taken of its kind. */
export class FileTooLargeError extends Error {
  override name = 'FileTooLargeError';
}

export interface RegularFile {
  /** To be closed by whoever opened it. */
  handle: number;
  sizeBytes: number;
}

/** On Windows, these are not there. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0, O_NOFOLLOW = 0 } = constants;

/** Flags for `open`, with which a pipe keeps nobody waiting: whether it is a file is to be asked of what was opened. */
export const READ_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY;

/**
 * Opens a file to be read. A path that was looked at before may be something else by now: opened as a file is, a pipe
 * would keep the process until somebody writes to it, so that no signal is heard, and a device may never end.
 * @param followsLinks whether the last part of the path may be a symbolic link
 * @throws NotAFileError; what the system says
 */
export function openRegularFile(path: string, { followsLinks = true } = {}): RegularFile {
  const handle = openSync(path, READ_FLAGS | (followsLinks ? 0 : O_NOFOLLOW));
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw new NotAFileError('it is not a file');
    return { handle, sizeBytes: stats.size };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/**
 * Reads a small file as a whole, its size before anything of it.
 * @throws NotAFileError; FileTooLargeError; what the system says
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  const { handle, sizeBytes } = openRegularFile(path);
  try {
    if (sizeBytes > maxBytes) throw new FileTooLargeError(`it has ${sizeBytes} bytes`);
    // It may have grown since, and some of the system's own files give no size.
    const buffer = Buffer.allocUnsafe(maxBytes + 1);
    let filledBytes = 0;
    for (let readBytes = -1; readBytes !== 0 && filledBytes < buffer.length; filledBytes += readBytes) {
      readBytes = readSync(handle, buffer, filledBytes, buffer.length - filledBytes, filledBytes);
    }
    if (filledBytes > maxBytes) throw new FileTooLargeError(`it has more than ${maxBytes} bytes`);
    return buffer.subarray(0, filledBytes);
  } finally {
    closeSync(handle);
  }
}
