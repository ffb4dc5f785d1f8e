/** The repository of a storefront, made by git itself: its main branch, a branch, and the merge that GitHub makes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from '../throw-away-git.ts';

export type Files = Readonly<Record<string, string>>;

/** What `catalyst build` of the stand-in makes a bundle of, and more that workflows read. */
const STOREFRONT: Files = {
  'package.json': '{ "name": "storefront", "private": true }\n',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'worker.js': 'export default { fetch: () => new Response("main") };\n',
};

const BRANCH: Files = { 'worker.js': 'export default { fetch: () => new Response("the change") };\n' };

export interface Repository {
  folder: string;
  /** Commits, by what they are. */
  main: string;
  /** Of the pull request's branch. */
  head: string;
  /** The head, merged into main: what `github.sha` is for a pull request. */
  merge: string;
  /** Workflows and actions in it that use others. */
  workflowTexts: readonly string[];
}

/**
 * @param files of main, beside the storefront's own
 * @param fill writes more to the folder
 */
export function createRepository(folder: string, files: Files, fill: (folder: string) => void): Repository {
  writeFiles(folder, { ...STOREFRONT, ...files });
  fill(folder);
  const commit = (message: string) => {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message', message);
    return git(folder, 'rev-parse', 'HEAD');
  };
  git(folder, 'init', '--quiet');
  // A checkout asks for one commit alone, which need not be a branch's.
  git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const main = commit('Begin');
  git(folder, 'checkout', '--quiet', '-b', 'change-7');
  writeFiles(folder, BRANCH);
  const head = commit('Change');
  git(folder, 'checkout', '--quiet', '-b', 'merge-7', 'main');
  git(folder, 'merge', '--quiet', '--no-ff', '--message', 'Merge', 'change-7');
  const merge = git(folder, 'rev-parse', 'HEAD');
  git(folder, 'checkout', '--quiet', 'main');
  const texts = Object.entries(files).flatMap(([name, text]) => (name.startsWith('.github/') ? [text] : []));
  return { folder, main, head, merge, workflowTexts: texts };
}

function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
