import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';

const GIT_TIMEOUT_MS = 5000;
/** Where git is started. Windows looks there first for a program, so it must not be a checked-out folder. */
const NEUTRAL_FOLDER = dirname(process.execPath);

/** The commit that is checked out in a folder. */
export interface WorkspaceCommit {
  sha: string;
  /** A merge commit has two: for a pull request's, its base and its head. */
  parents: readonly string[];
}

/** The commits checked out in the deployed folders, and around them. */
export interface HeldCommits {
  /** The nearest ones first. */
  commits: WorkspaceCommit[];
  /** Folders with a repository whose commit could not be read, relative to the workspace. */
  unreadable: string[];
}

/**
 * The commits checked out in some folders, read by git itself: of each repository on the way from a folder up to the
 * workspace, so that an inner one does not hide an outer one. There are none where there is no `.git`.
 * @param folders absolute
 * @param workspace absolute; a repository around it is not looked at
 */
export async function readHeldCommits(folders: readonly string[], workspace: string): Promise<HeldCommits> {
  const root = realPath(workspace) ?? workspace;
  const places = [...new Set(folders.flatMap((folder) => repositoriesAround(folder, root)))];
  const found = await Promise.all(places.map(readCommit));
  return {
    commits: found.filter((commit) => commit !== undefined),
    unreadable: places
      .filter((_, index) => found[index] === undefined)
      .map((place) => relative(root, place).replaceAll(sep, '/') || '.'),
  };
}

/**
 * Whether there is a repository around a folder, up to the workspace. For a folder that does not exist (yet), its
 * parent counts.
 */
export function isInRepository(folder: string, workspace: string): boolean {
  let nearest = folder;
  while (realPath(nearest) === undefined && nearest !== dirname(nearest)) nearest = dirname(nearest);
  return repositoriesAround(nearest, realPath(workspace) ?? workspace).length > 0;
}

/**
 * The nearest one first. Found by their `.git` alone, which git does not let anyone commit. A bare repository can be
 * committed, with a configuration that names commands: a fork's folder must never be asked for one.
 */
function repositoriesAround(folder: string, root: string): string[] {
  const real = realPath(folder);
  if (real === undefined) return [];
  const places: string[] = [];
  for (let place = real; ; place = dirname(place)) {
    if (existsSync(join(place, '.git'))) places.push(place);
    if (place === root || place === dirname(place)) return places;
  }
}

/** Natively, since it is compared: the same folder gets the same letters on systems that ignore case, too. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/**
 * @param place a folder with a `.git`; it is named to git, which then looks for no other one, and minds no owner: in
 *   containers a workspace is often another user's
 */
async function readCommit(place: string): Promise<WorkspaceCommit | undefined> {
  // The raw object names its parents in a shallow clone, too.
  const args = ['--git-dir', join(place, '.git'), 'cat-file', '--batch'];
  try {
    const running = promisify(execFile)('git', args, {
      cwd: NEUTRAL_FOLDER,
      env: gitEnvironment(),
      timeout: GIT_TIMEOUT_MS,
    });
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end('HEAD\n');
    return parseCommit((await running).stdout);
  } catch {
    return undefined;
  }
}

/** What a program needs to be found and to start. */
const STARTING_VARIABLES =
  /^(?:PATH|PATHEXT|SystemRoot|HOME|USERPROFILE|TMPDIR|TEMP|TMP|DEVELOPER_DIR|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)$/i;

/**
 * Nothing is fetched, and no object may replace another. The inputs, with the access token, are variables of this process:
 * what a build has put in git's place in PATH is not handed them.
 */
function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => STARTING_VARIABLES.test(name))),
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    // For a git that does not know the line above yet.
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

/** `<sha> commit <size>`, then the object: its headers up to an empty line (git-cat-file(1), "BATCH OUTPUT"). */
function parseCommit(output: string): WorkspaceCommit | undefined {
  const sha = /^([0-9a-f]+) commit \d+\n/.exec(output)?.[1];
  if (sha === undefined) return undefined;
  const headers = output.slice(output.indexOf('\n') + 1).split('\n\n', 1)[0] ?? '';
  return { sha, parents: [...headers.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent = '']) => parent) };
}
