import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isInside } from '../inside.ts';
import type { InputSource } from './source.ts';

/** A folder in which an input may name something. */
interface Place {
  name: string;
  /** As it is given, and without links: a path may be written either way. */
  roots: readonly string[];
}

type Surroundings = Pick<InputSource, 'workspace' | 'env'>;

/** What to do about a path that is refused here. */
export const PLACES_REMEDY = 'Put it into the workspace, or into RUNNER_TEMP and name it by that.';

export interface NamedPath {
  /** As the input gives it. */
  text: string;
  /** Absolute. */
  path: string;
  /** Absolute; undefined where paths are relative to the workspace. */
  workingDirectory?: string;
  /** Data may come from anywhere on a machine of one's own, where the workflow says so by an absolute path. */
  mayBeElsewhere?: boolean;
}

/**
 * Why a path that an input names may be neither read nor written, as the words that follow it; undefined where it may.
 * It has to be in the workspace, by whatever name that is reached, in RUNNER_TEMP where it is named by that, or in a
 * working directory that the workflow puts elsewhere (or anywhere else, where that may be and it is written so); and no
 * link may lead out of the one that it is named in. What a fork's pull request checks out may be links to anything on the
 * machine, and what is read can be published in a comment or a log. RUNNER_TEMP holds credentials of other steps, so no
 * link of the workspace leads there.
 * Something that is not there is judged by its folder, and where that is not there, not at all.
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
  // The workspace by a third name: macOS has /tmp for /private/tmp, and a runner's work folder may be a link.
  if (isReally(path, placeOf('the workspace', source.workspace))) return undefined;
  return mayBeElsewhere && isAbsolute(text) ? undefined : 'is outside of the workspace';
}

/** The same for a working directory, which may be anywhere as long as no link of the workspace leads there. */
export function workingDirectoryProblem(path: string, source: Surroundings): string | undefined {
  const named = placeHolding(path, placesOf(source));
  return named === undefined ? undefined : exitProblem(path, named);
}

function exitProblem(path: string, { name, roots }: Place): string | undefined {
  const real = realPath(path) ?? realPath(dirname(path));
  if (real === undefined || roots.some((root) => isInside(root, real))) return undefined;
  return `leads out of ${name}, to ${real}`;
}

/** Whether something that is there lies in a place, under any of its names. */
function isReally(path: string, place: Place): boolean {
  return realPath(dirname(path)) !== undefined && exitProblem(path, place) === undefined;
}

/** The narrower one, should one place lie in another. */
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

/** Undefined for what is not there. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
