/** The repository of a storefront, made by git itself: its main branch, a branch, and the merge that GitHub makes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The machine's settings for git must not apply. */
const ENV = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Mona',
  GIT_AUTHOR_EMAIL: 'mona@example.com',
  GIT_COMMITTER_NAME: 'Mona',
  GIT_COMMITTER_EMAIL: 'mona@example.com',
};

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
  mkdirSync(folder, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, ...args], { env: ENV, encoding: 'utf8', stdio: 'pipe' }).trim();
  const commit = (message: string, added: Files) => {
    for (const [name, content] of Object.entries(added)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  // A checkout asks for one commit alone, which need not be a branch's.
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  fill(folder);
  const main = commit('Begin', { ...STOREFRONT, ...files });
  git('checkout', '--quiet', '-b', 'change-7');
  const head = commit('Change', BRANCH);
  git('checkout', '--quiet', '-b', 'merge-7', 'main');
  git('merge', '--quiet', '--no-ff', '--message', 'Merge', 'change-7');
  const merge = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', 'main');
  const texts = Object.entries(files).flatMap(([name, text]) => (name.startsWith('.github/') ? [text] : []));
  return { folder, main, head, merge, workflowTexts: texts };
}
