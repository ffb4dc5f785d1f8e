import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';

/** A path leads to something that is not a file: a pipe, a socket, a device, a folder. */
export class NotAFileError extends Error {
  override name = 'NotAFileError';
}

/** A file is larger than is accepted for its kind. */
export class FileTooLargeError extends Error {
  override name = 'FileTooLargeError';
}

export interface RegularFile {
  /** The caller closes it. */
  handle: number;
  sizeBytes: number;
}

/** Windows does not have these. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0, O_NOFOLLOW = 0 } = constants;

/** Flags for `open` that do not block on a pipe: check afterwards whether the opened thing is a file. */
export const READ_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY;

/**
 * Opens a file for reading. A path that was checked before may be something else by now: opened like a file, a pipe
 * would block the process, signals included, until somebody writes to it, and a device may never end.
 * @param options.followsLinks whether the last part of the path may be a symbolic link
 * @param options.noFollow the flag for that, 0 on a system without it. There a link is seen only if it is there before.
 * @throws NotAFileError; the system's error
 */
export function openRegularFile(path: string, { followsLinks = true, noFollow = O_NOFOLLOW } = {}): RegularFile {
  if (!followsLinks && noFollow === 0 && lstatSync(path).isSymbolicLink()) throw new NotAFileError('it is a link');
  const handle = openSync(path, READ_FLAGS | (followsLinks ? 0 : noFollow));
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
 * Reads a small file as a whole, after a check of its size.
 * @throws NotAFileError; FileTooLargeError; the system's error
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
