import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { chmod, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const COMMON_MODE = 0o644;

/** A path beside a file, on the same file system, for what is to replace it. */
export function besides(path: string): string {
  const real = realPath(path);
  return join(dirname(real), `.${basename(real)}.${randomBytes(4).toString('hex')}.part`);
}

/** The target of a symbolic link: that is written, and the link stays. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * The file is for later steps, so it gets the old one's mode.
 * @param newMode where there is no old one
 */
export async function replaceFile(path: string, by: string, newMode = COMMON_MODE): Promise<void> {
  const real = realPath(path);
  const mode = await stat(real).then(
    (old) => old.mode & 0o777,
    () => newMode,
  );
  await chmod(by, mode);
  await rename(by, real);
}
