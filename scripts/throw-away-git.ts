/** git for throw-away repositories: somebody's name, and none of the machine's settings. */
import { execFileSync } from 'node:child_process';

const ENV = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Mona',
  GIT_AUTHOR_EMAIL: 'mona@example.com',
  GIT_COMMITTER_NAME: 'Mona',
  GIT_COMMITTER_EMAIL: 'mona@example.com',
};

/** What it prints, trimmed. */
export function git(folder: string, ...args: readonly string[]): string {
  const quiet = ['-c', 'init.defaultBranch=main', '-c', 'advice.detachedHead=false', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', ['-C', folder, ...quiet, ...args], { env: ENV, encoding: 'utf8', stdio: 'pipe' }).trim();
}
