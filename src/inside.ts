import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `root` or lies under it. Both absolute, and without links. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}
