import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `root` or below it. Both are absolute, with links resolved. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}
