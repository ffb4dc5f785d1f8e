import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isInside } from '../inside.ts';
import type { InputSource } from './source.ts';

/** A folder in which an input may name files. */
interface Place {
  name: string;
  /** As given, and with links resolved: a path may be written either way. */
  roots: readonly string[];
}

type Surroundings = Pick<InputSource, 'workspace' | 'env'>;

/** Advice for a path that is refused here. */
export const PLACES_REMEDY =
  'Put it into the workspace, or into RUNNER_TEMP and name it by a path that begins with RUNNER_TEMP.';

export interface NamedPath {
  /** As given by the input. */
  text: string;
  /** Absolute. */
  path: string;
  /** Absolute; undefined where paths are relative to the workspace. */
  workingDirectory?: string;
  /** On a self-hosted runner data may come from anywhere, if the workflow gives an absolute path. */
  mayBeElsewhere?: boolean;
}

/**
 * Why an input's path may be neither read nor written, as the words that follow it; undefined if it may be. It has to
 * be in the workspace, under any of its names, in RUNNER_TEMP if the path begins with that, or in a working directory
 * that the workflow puts elsewhere (or anywhere, if allowed and the path is absolute); and no link may lead out of that
 * folder. What a fork's pull request checks out may be links to anything on the machine, and what is read can be
 * published in a comment or a log. RUNNER_TEMP holds credentials of other steps, so links of the workspace must not
 * lead there. If the path does not exist, its folder is checked; if that does not exist either, nothing is.
 */
export function placeProblem(
  { text, path, workingDirectory, mayBeElsewhere = false }: NamedPath,
  source: Surroundings,
): string | undefined {
  const places = placesOf(source);
  const isElsewhere = workingDirectory !== undefined && placeHolding(workingDirectory, places) === undefined;
  if (isElsewhere) places.push(placeOf('the working directory', workingDirectory));
  const named = placeHolding(path, places);
  if (named !== undefined) return exitProblem(path, named);
  // A third name of the workspace: macOS has /tmp for /private/tmp, and a runner's work folder may be a link.
  if (isReally(path, placeOf('the workspace', source.workspace))) return undefined;
  return mayBeElsewhere && isAbsolute(text) ? undefined : 'is outside of the workspace';
}

/** `placeProblem` for a working directory, which may be anywhere unless a link of the workspace leads there. */
export function workingDirectoryProblem(path: string, source: Surroundings): string | undefined {
  const named = placeHolding(path, placesOf(source));
  return named === undefined ? undefined : exitProblem(path, named);
}

function exitProblem(path: string, { name, roots }: Place): string | undefined {
  const real = realPath(path) ?? realPath(dirname(path));
  if (real === undefined || roots.some((root) => isInside(root, real))) return undefined;
  return `leads out of ${name}, to ${real}`;
}

/** Whether an existing path is in a place, under any of its names. */
function isReally(path: string, place: Place): boolean {
  return realPath(dirname(path)) !== undefined && exitProblem(path, place) === undefined;
}

/** The narrower one, if one place is inside another. */
function placeHolding(path: string, places: readonly Place[]): Place | undefined {
  const holding = places.flatMap((place) =>
    place.roots.filter((root) => isInside(root, path)).map((root) => ({ place, root })),
  );
  return holding.sort((one, other) => other.root.length - one.root.length)[0]?.place;
}

function placesOf({ workspace, env }: Surroundings): Place[] {
  const temp = env['RUNNER_TEMP'];
  return [placeOf('the workspace', workspace), ...(temp ? [placeOf('RUNNER_TEMP', resolve(temp))] : [])];
}

function placeOf(name: string, root: string): Place {
  return { name, roots: [root, realPath(root) ?? root] };
}

/** Undefined if it does not exist. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
