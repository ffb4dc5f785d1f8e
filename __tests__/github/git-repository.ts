/** Repositories for tests, made by git itself: a base, the head of a branch, and the merge of the two. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../../scripts/throw-away-git.ts';

export { git } from '../../scripts/throw-away-git.ts';

export interface Commits {
  base: string;
  head: string;
  /** What GitHub makes of a pull request for its checks: its parents are base and head. */
  merge: string;
  /** A newer one, which no event has named. */
  otherMerge: string;
}

/** Makes the folder a repository with these commits; `main` is checked out. Existing files are not committed. */
export function createRepository(folder: string): Commits {
  git(folder, 'init', '--quiet');
  const commit = (file: string) => {
    writeFileSync(join(folder, file), `${file}\n`);
    git(folder, 'add', file);
    git(folder, 'commit', '--quiet', '--message', `Add ${file}`);
    return git(folder, 'rev-parse', 'HEAD');
  };
  const merge = (name: string) => {
    git(folder, 'checkout', '--quiet', '-b', name, 'main');
    git(folder, 'merge', '--quiet', '--no-ff', '--message', `Merge change as ${name}`, 'change');
    return git(folder, 'rev-parse', 'HEAD');
  };
  commit('first');
  const base = commit('base');
  git(folder, 'checkout', '--quiet', '-b', 'change');
  const head = commit('head');
  const merged = merge('pull-merge');
  git(folder, 'checkout', '--quiet', 'main');
  commit('newer');
  const otherMerge = merge('other-merge');
  git(folder, 'checkout', '--quiet', base);
  git(folder, 'branch', '--quiet', '--force', 'main', base);
  git(folder, 'checkout', '--quiet', 'main');
  return { base, head, merge: merged, otherMerge };
}

/**
 * Writes what git takes for a bare repository whose HEAD it does not have. Asked for that, git runs the command that is
 * set up for fetching: it makes the file `ran`.
 */
export function plantFetching(folder: string, ran: string): void {
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), `${'1'.repeat(40)}\n`);
  const config =
    '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialClone = origin\n' +
    `[remote "origin"]\n\turl = .\n\tpromisor = true\n\tuploadpack = "touch ${ran}; false"\n`;
  writeFileSync(join(folder, 'config'), config);
}
