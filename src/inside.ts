import path from 'node:path';

/**
 * Whether `inner` is `root` or below it. Both are absolute, with links resolved.
 * @param system that of another system, for tests: Windows has drives, two separators, and no case
 */
export function isInside(root: string, inner: string, system: path.PlatformPath = path): boolean {
  const way = system.relative(root, inner);
  return !system.isAbsolute(way) && way.split(system.sep)[0] !== '..';
}
