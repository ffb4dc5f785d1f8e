/** What a release asks of git. */
import { execFileSync } from 'node:child_process';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 << 20;

/**
 * @returns what it printed, without the last line break
 * @throws Error with git's own words
 */
export function git(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  try {
    return execFileSync('git', ['-C', root, ...args], {
      encoding: 'utf8',
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...env },
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`git ${args[0]} failed: ${stderr?.trim() || message}`, { cause: error });
  }
}

/** The commit that a name means; of an annotated tag the one that it is on. Undefined where there is none. */
export function commitOf(root: string, name: string): string | undefined {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  } catch {
    return undefined;
  }
}

export function isAncestor(root: string, commit: string, descendant: string): boolean {
  try {
    git(root, ['merge-base', '--is-ancestor', commit, descendant]);
    return true;
  } catch {
    return false;
  }
}

/** A text file as it was committed; undefined where the commit has none. */
export function fileAt(root: string, commit: string, path: string): string | undefined {
  try {
    return `${git(root, ['cat-file', 'blob', `${commit}:${path}`])}\n`;
  } catch {
    return undefined;
  }
}

export interface TreeEntry {
  path: string;
  /** `100644`, `100755`; `120000` is a link, `160000` another repository. */
  mode: string;
}

export function filesAt(root: string, commit: string): TreeEntry[] {
  const lines = git(root, ['ls-tree', '-r', '-z', commit]).split('\0');
  return lines.flatMap((line) => {
    const [head = '', path] = line.split('\t');
    return path === undefined ? [] : [{ path, mode: head.split(' ')[0] ?? '' }];
  });
}

export interface RemoteTag {
  name: string;
  /** What a push has to expect: of an annotated tag, the tag object. */
  object: string;
  commit: string;
}

/** The tags that a remote has now. */
export function remoteTags(root: string, remote: string, env?: Readonly<Record<string, string>>): RemoteTag[] {
  const tags = new Map<string, RemoteTag>();
  for (const line of git(root, ['ls-remote', '--tags', remote], env).split('\n')) {
    const [object = '', ref = ''] = line.split('\t');
    const [, name, peeled] = /^refs\/tags\/(.+?)(\^\{\})?$/.exec(ref) ?? [];
    if (name === undefined) continue;
    // The line of an annotated tag is followed by one for the commit that it is on.
    tags.set(name, { name, object: peeled ? (tags.get(name)?.object ?? object) : object, commit: object });
  }
  return [...tags.values()];
}
