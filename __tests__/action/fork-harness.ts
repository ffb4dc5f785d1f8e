/** What the tests of a fork's code share: a workspace that is a repository, and a pull request with its commits. */
import type { Emulator } from '../../emulator/emulator.ts';
import { type Commits, createRepository, git } from '../github/git-repository.ts';
import { type GitHubRun, githubPlatform, pullRequestEvent } from './github-harness.ts';
import { storefront, writeWorkspaceFile } from './harness.ts';

export const FORK = 'mona/storefront';
export const OWN = 'acme/storefront';

export interface Checkout {
  emulator: Emulator;
  workspace: string;
  commits: Commits;
}

/**
 * The event's pull request has its head and merge commits.
 * @param headRepository null for one that is gone
 * @param files in the workspace besides
 */
export async function checkout(
  ref: keyof Commits,
  headRepository: string | null = FORK,
  files: Readonly<Record<string, string>> = {},
): Promise<Checkout> {
  const emulator = await githubPlatform();
  const workspace = storefront();
  for (const [name, content] of Object.entries(files)) writeWorkspaceFile(workspace, name, content);
  const commits = createRepository(workspace);
  git(workspace, 'checkout', '--quiet', '--detach', commits[ref]);
  const { head, merge } = commits;
  emulator.github.addPullRequest({ number: 7, headRepository, headSha: head, mergeCommitSha: merge });
  return { emulator, workspace, commits };
}

/** A run under `pull_request_target` unless an event is given; GITHUB_SHA is the base branch's commit, as it is there. */
export function runOn({ emulator, workspace, commits }: Checkout, given: Partial<GitHubRun> = {}): GitHubRun {
  const event = given.event ?? pullRequestEvent(emulator, 'pull_request_target');
  const env = { GIT_CONFIG_GLOBAL: '/dev/null', GITHUB_SHA: commits.base, ...given.env };
  return { emulator, workspace, ...given, event, env };
}
