import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';

const GIT_TIMEOUT_MS = 5000;

/** The commit that stands in a folder. */
export interface WorkspaceCommit {
  sha: string;
  /** A merge commit has two: for a pull request's, its base and its head. */
  parents: readonly string[];
}

/**
 * What is checked out in some folders, in their order; one commit for all that belong to the same repository, for asking
 * git takes longer than all else before the first line of the log.
 * @param folders absolute
 * @param workspace absolute; a repository that is wider than that is not looked at
 */
export async function readWorkspaceCommits(folders: readonly string[], workspace: string): Promise<WorkspaceCommit[]> {
  const root = realPath(workspace);
  if (root === undefined) return [];
  const places = new Set(folders.flatMap((folder) => placeToAsk(folder, root) ?? []));
  const found = await Promise.all([...places].map((place) => readWorkspaceCommit(place, root)));
  return found.filter((commit) => commit !== undefined);
}

/** The nearest folder, from this one up to the workspace, that may be a repository. Undefined for one that is not there. */
function placeToAsk(folder: string, root: string): string | undefined {
  const real = realPath(folder);
  if (real === undefined || !`${real}${sep}`.startsWith(`${root}${sep}`)) return real;
  let place = real;
  while (place !== root && !mayBeRepository(place)) place = dirname(place);
  return place;
}

/** A bare one has no `.git`, but what would be in it. */
function mayBeRepository(folder: string): boolean {
  return existsSync(join(folder, '.git')) || existsSync(join(folder, 'HEAD'));
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/**
 * What is checked out in a folder, by git itself; undefined where there is no repository, or no git.
 * @param folder absolute
 * @param workspace absolute; a repository that is wider than that is not looked at
 */
export async function readWorkspaceCommit(folder: string, workspace: string): Promise<WorkspaceCommit | undefined> {
  // The raw object names its parents in a shallow clone, too.
  const args = ['-C', folder, 'cat-file', '--batch'];
  let home: string | undefined;
  try {
    home = await mkdtemp(join(tmpdir(), 'git-home-'));
    // A workspace of another owner is usual in containers. Before 2.38 git takes this from no command line, and before
    // 2.32 from no variable: hence a home of its own.
    await writeFile(join(home, '.gitconfig'), '[safe]\n\tdirectory = *\n');
    const { GIT_CONFIG_GLOBAL: _global, XDG_CONFIG_HOME: _xdg, ...rest } = process.env;
    const env = { ...rest, HOME: home, GIT_CEILING_DIRECTORIES: dirname(workspace), GIT_TERMINAL_PROMPT: '0' };
    const running = promisify(execFile)('git', args, { env, timeout: GIT_TIMEOUT_MS });
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end('HEAD\n');
    return parseCommit((await running).stdout);
  } catch {
    return undefined;
  } finally {
    if (home !== undefined) await rm(home, { recursive: true, force: true }).catch(() => {});
  }
}

/** `<sha> commit <size>`, then the object: its headers up to an empty line (git-cat-file(1), "BATCH OUTPUT"). */
function parseCommit(output: string): WorkspaceCommit | undefined {
  const sha = /^([0-9a-f]{40,64}) commit \d+\n/.exec(output)?.[1];
  if (sha === undefined) return undefined;
  const headers = output.slice(output.indexOf('\n') + 1).split('\n\n', 1)[0] ?? '';
  return { sha, parents: [...headers.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent = '']) => parent) };
}
