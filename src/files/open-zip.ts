import { closeSync, fstatSync, type Stats, statSync } from 'node:fs';
import { fromFdPromise, type ZipFile } from 'yauzl';
import { BundleError } from '../domain/bundle-error.ts';
import { NotAFileError, openRegularFile } from '../regular-file.ts';
import { describeFault, errorCode } from './fault.ts';

/** Advice for a ready zip that cannot be deployed. */
export const ZIP_FIX = 'Correct the input `bundle`, or make the zip again.';

/** An open zip: even if its path is replaced meanwhile, this file is the one that is read. */
export interface OpenZip {
  zip: ZipFile;
  /** Closed with `zip`. */
  fd: number;
  sizeBytes: number;
  /** Whether the path still leads to this file, of this size. */
  isStillThere: () => boolean;
}

/**
 * Opens a ready zip. Only a regular file is accepted, and opening never waits for the other end of a FIFO.
 * @param displayPath as the user wrote it, for messages
 * @throws BundleError
 */
export async function openZip(path: string, displayPath: string): Promise<OpenZip> {
  const { fd, stats } = openFile(path, displayPath);
  try {
    // Names are decoded here, since yauzl gives up at the first bad one; sizes are checked here for the same reason.
    const zip = await fromFdPromise(fd, {
      autoClose: false,
      lazyEntries: true,
      decodeStrings: false,
      validateEntrySizes: false,
    });
    // An error outside of a read (when closing the file) must not crash the process.
    zip.on('error', () => {});
    return { zip, fd, sizeBytes: stats.size, isStillThere: () => isSameFile(path, stats) };
  } catch (cause) {
    closeSync(fd);
    throw refuse(displayPath, `it is not a zip, or it is cut short: ${describeFault(cause)}`, cause);
  }
}

function openFile(path: string, displayPath: string): { fd: number; stats: Stats } {
  let fd: number | undefined;
  try {
    // Opening a device may have effects, so the path is checked first; and again, since it may have been replaced by
    // then.
    if (!statSync(path).isFile()) throw refuse(displayPath, 'this is not a file');
    fd = openRegularFile(path).handle;
    const stats = fstatSync(fd);
    if (stats.size === 0) throw refuse(displayPath, 'this file is empty');
    return { fd, stats };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (error instanceof BundleError) throw error;
    throw refuse(displayPath, whyNotOpen(error), error);
  }
}

function whyNotOpen(error: unknown): string {
  if (error instanceof NotAFileError) return 'this is not a file';
  return errorCode(error) === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${describeFault(error)}`;
}

function isSameFile(path: string, { dev, ino, size }: Stats): boolean {
  try {
    const now = statSync(path);
    return now.dev === dev && now.ino === ino && now.size === size;
  } catch {
    return false;
  }
}

function refuse(displayPath: string, problem: string, cause?: unknown): BundleError {
  return new BundleError([`${displayPath}: ${problem}.`], { cause, fix: ZIP_FIX });
}
