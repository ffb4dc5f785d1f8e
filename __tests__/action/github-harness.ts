/** Shared by the tests of the GitHub status: a platform that plays GitHub, too, and runs that use it. */
import { expect } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { FinishedRun, RunOptions } from '../../scripts/action-runner.ts';
import { requestProblems } from '../github/openapi.ts';
import { type DeployRun, onCleanUp, platform, startDeploy } from './harness.ts';

export const PULL_REQUEST = 7;

/** A platform whose requests to GitHub are held against GitHub's own description when the test is over. */
export async function githubPlatform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await platform(options);
  onCleanUp(async () => await expectRequestsFit(emulator));
  return emulator;
}

export function githubCallsOf(emulator: Emulator): string[] {
  return emulator.requests.map(({ call }) => call).filter((call) => call.startsWith('github.'));
}

async function expectRequestsFit(emulator: Emulator): Promise<void> {
  const problems: string[] = [];
  for (const request of emulator.requests) {
    // One that was cut off has no body to look at.
    if (!request.call.startsWith('github.') || request.status === undefined) continue;
    problems.push(
      ...(await requestProblems(request)).map((problem) => `${request.method} ${request.path}: ${problem}`),
    );
  }
  expect(problems).toEqual([]);
  expect(emulator.violations).toEqual([]);
}

/** The payload of `pull_request`, as far as GitHub's own documentation of the event gives it. */
export function pullRequestEvent(emulator: Emulator, name = 'pull_request', number = PULL_REQUEST) {
  const found = emulator.github.pullRequests.find((one) => one.number === number);
  if (found === undefined) throw new Error(`the emulator has no pull request ${number}`);
  const { repository } = emulator.github;
  const head = { ref: found.head.ref, sha: found.head.sha, repo: repositoryOf(found.head.repository) };
  const base = { ref: found.base.ref, sha: found.base.sha, repo: repositoryOf(repository) };
  const pull_request = {
    number,
    state: found.state,
    title: found.title,
    user: { login: found.user.login },
    merge_commit_sha: found.mergeCommitSha,
    created_at: new Date(found.createdAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    head,
    base,
  };
  return { name, payload: { action: 'synchronize', number, pull_request, repository: repositoryOf(repository) } };
}

function repositoryOf(fullName: string | undefined) {
  return fullName === undefined ? null : { full_name: fullName };
}

export type GitHubRun = Partial<RunOptions> & Pick<DeployRun, 'emulator' | 'reaching'> & { enterprise?: boolean };

/** A run in the embedded GitHub: a push to main, unless an event is given. */
export function startOnGitHub({ emulator, enterprise = false, env = {}, event, ...rest }: GitHubRun) {
  const { GITHUB_EVENT_NAME: _name, ...given } = emulator.github.environment(enterprise ? 'enterprise' : 'github.com');
  const run: DeployRun = {
    emulator,
    githubToken: emulator.github.token,
    event: event ?? { name: 'push', payload: {} },
    env: {
      ...given,
      GITHUB_RUN_ID: String(emulator.artifacts.runId),
      ACTIONS_RESULTS_URL: emulator.artifacts.resultsUrl,
      ACTIONS_RUNTIME_TOKEN: emulator.artifacts.runtimeToken,
      ...env,
    },
    ...rest,
  };
  return startDeploy(run);
}

export async function onGitHub(run: GitHubRun): Promise<FinishedRun> {
  return await startOnGitHub(run).finished;
}

export async function onPullRequest(run: GitHubRun): Promise<FinishedRun> {
  return await onGitHub({ event: pullRequestEvent(run.emulator), ...run });
}

/** The action's own comments on a pull request, without what others wrote. */
export function ownComments(emulator: Emulator, number = PULL_REQUEST) {
  const { comments, login } = emulator.github;
  return comments.filter((comment) => comment.issueNumber === number && comment.user.login === login);
}

export function statesOf(emulator: Emulator): string[][] {
  return emulator.github.deployments.map(({ statuses }) => statuses.map(({ state }) => state));
}
