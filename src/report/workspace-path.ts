import nodePath from 'node:path';

/**
 * A path as people and the runner's commands take it: relative to the workspace, with forward slashes. Undefined for what
 * is not in it, and where nobody says where it is.
 * @param system paths of another system, for tests
 */
export function workspacePath(
  path: string,
  workspace: string | undefined,
  system: nodePath.PlatformPath = nodePath,
): string | undefined {
  const { isAbsolute, relative, resolve, sep } = system;
  if (workspace === undefined || workspace === '') return undefined;
  const inside = relative(resolve(workspace), path).split(sep);
  return inside[0] === '' || inside[0] === '..' || isAbsolute(inside.join(sep)) ? undefined : inside.join('/');
}
