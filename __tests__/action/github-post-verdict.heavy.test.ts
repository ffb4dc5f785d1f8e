/** What a post step does after a verdict: nothing if everything was shown, and the truth if the step was killed before. */
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { endRunAt, expectIdle, openDeployments } from './github-cancel-harness.ts';
import { type GitHubRun, githubPlatform, onGitHub, ownComments, pullRequestEvent } from './github-harness.ts';
import { storefront } from './harness.ts';

const STEP_MS = 200;

/** Whatever names a duration must not name that of the post step, which takes no time. */
function shortDurations(text: string): string[] {
  const found = text.match(/(?:Deployed in |Duration(?:: |<\/th><td>)|· )(?:<(?: |&nbsp;))?[\d.]+(?: |&nbsp;)s/g) ?? [];
  return found.filter((one) => Number(/([\d.]+)(?: |&nbsp;)s/.exec(one)?.[1]) < (5 * STEP_MS) / 1000);
}

test.each(['push', 'pull request'] as const)(
  'a %s that is killed when it was deployed and GitHub did not know: the post step shows a success, with its address',
  async (kind) => {
    const emulator = await githubPlatform({ stepMs: STEP_MS });
    emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang', skip: 1 });
    emulator.addFault({ call: 'github.updateComment', effect: 'hang' });
    const event = kind === 'push' ? undefined : pullRequestEvent(emulator);
    const run: GitHubRun = { emulator, workspace: storefront(), ...(event === undefined ? {} : { event }) };
    const reached = () => emulator.waitForRequest('github.createDeploymentStatus', { count: 2 });
    const { main, post } = await endRunAt(run, reached, 'SIGKILL');
    const after = await post();
    expect({ exitCode: after.exitCode, annotations: after.annotations }).toEqual({ exitCode: 0, annotations: [] });
    const url = main.outputs['url'] ?? 'none';
    const uuid = main.outputs['deployment-uuid'] ?? 'none';
    expect(after.summary).toContain('✅ Deployed');
    expect(after.summary).toContain(url);
    expect(after.summary).toContain(uuid);
    expect(after.lines).toContain(`URL: ${url}`);
    const closing = emulator.github.deployments[0]?.statuses.at(-1);
    expect(closing).toMatchObject({ state: 'success', environmentUrl: url });
    expect(closing?.description).toContain(uuid);
    const comments = kind === 'push' ? [] : ownComments(emulator).map(({ body }) => body);
    expect(comments).toHaveLength(kind === 'push' ? 0 : 1);
    for (const body of comments) expect(body).toContain('✅ Deployed to preview');
    const shown = [closing?.description ?? '', after.summary, after.lines.join('\n'), ...comments];
    expect(shown.flatMap(shortDurations)).toEqual([]);
  },
);

const NORMAL_ENDS: [string, (run: GitHubRun) => Promise<FinishedRun>][] = [
  ['was deployed', onGitHub],
  [
    'failed',
    async (run) => {
      run.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
      return await onGitHub(run);
    },
  ],
  ['had wrong inputs', async (run) => await onGitHub({ ...run, inputs: { 'store-hash': '???' } })],
  ['was a dry run', async (run) => await onGitHub({ ...run, inputs: { 'dry-run': 'true' } })],
  ['shows nothing on GitHub', async (run) => await onGitHub({ ...run, inputs: { 'github-token': '' } })],
  ['was skipped', async (run) => await onGitHub({ ...run, inputs: { 'access-token': '' }, env: DEPENDABOT })],
];
const DEPENDABOT = { GITHUB_ACTOR: 'dependabot[bot]' };

test.each(NORMAL_ENDS)(
  'after a run that %s, the post step says, asks and does nothing, and is quick',
  async (_, end) => {
    const emulator = await githubPlatform();
    const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
    const main = await end(run);
    expect(main.signal).toBeNull();
    const requests = emulator.requests.length;
    const after = await onGitHub({ ...run, postOf: main.state });
    expectIdle(after, requests, emulator);
    expect(after.durationMs).toBeLessThan(2000);
    expect(openDeployments(emulator)).toEqual([]);
  },
);

test.each([
  '{',
  'null',
  '42',
  '"text"',
  '[]',
  '{}',
  '{"projectUuid":"a"}',
  '{"projectUuid":"a","remote":null}',
  '{"projectUuid":"a","remote":{"stage":"elsewhere"}}',
  '{"projectUuid":7,"remote":{"stage":"created"}}',
  '::error::not a command',
])('a state that is no state (%s) is left alone', async (text) => {
  const emulator = await githubPlatform();
  const after = await onGitHub({ emulator, postOf: { 'github-status': text } });
  expectIdle(after, 0, emulator);
});

test('a post step that GitHub refuses says so once, and still writes its summary', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const { post } = await endRunAt(run, () => emulator.waitForRequest('events'), 'SIGKILL');
  emulator.github.deny('deployments', 'read');
  const after = await post();
  const warnings = after.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('deployments: write');
  expect(after.summary).toContain(emulator.deployments[0]?.deploymentUuid ?? 'none');
  expect(ownComments(emulator)[0]?.body).toContain('🚫 Deployment cancelled');
});
