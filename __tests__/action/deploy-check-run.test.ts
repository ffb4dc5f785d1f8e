/** A check run that the gate has left open is closed by the deploy action, whatever happens to it. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { checkRunOf, openCheckRun } from './check-run-harness.ts';
import { type GitHubRun, githubPlatform, onPullRequest, pullRequestEvent, startOnGitHub } from './github-harness.ts';
import { callsOf, failureOf, warningsOf } from './harness.ts';

async function deployWithCheck(change: (emulator: Emulator) => Partial<GitHubRun> = () => ({}), status?: string) {
  const emulator = await githubPlatform();
  const { inputs } = await openCheckRun(emulator, status);
  const { inputs: more, ...rest } = change(emulator);
  const run = await onPullRequest({ emulator, inputs: { ...inputs, ...more }, ...rest });
  return { emulator, run, checkRun: checkRunOf(emulator) };
}

test('a deployment closes it with its address', async () => {
  const { emulator, run, checkRun } = await deployWithCheck();
  expect(checkRun).toMatchObject({ status: 'completed', conclusion: 'success' });
  expect(checkRun.title).toMatch(/^Deployed to preview in /);
  expect(checkRun.summary).toContain(run.outputs['url']);
  expect(callsOf(emulator).filter((call) => call === 'github.updateCheckRun')).toHaveLength(2);
});

test('one that was closed by a job before this one is opened again first', async () => {
  const { emulator, checkRun } = await deployWithCheck(undefined, 'completed');
  const updates = emulator.requests.filter(({ call }) => call === 'github.updateCheckRun');
  expect(updates[0]?.body).toMatchObject({ status: 'in_progress', output: { title: 'Deploying' } });
  expect(checkRun.conclusion).toBe('success');
});

describe('whatever goes wrong', () => {
  test.each<[string, string, RegExp, (emulator: Emulator) => Partial<GitHubRun>]>([
    ['a bad input', 'failure', /^Not deployed to preview: Invalid input$/, () => ({ inputs: { 'max-attempts': '0' } })],
    [
      'a bad input of those that say what is shown',
      'failure',
      /^Not deployed: Invalid input$/,
      () => ({ inputs: { sha: 'x' } }),
    ],
    [
      'a missing token',
      'failure',
      /^Not deployed to preview: Invalid input$/,
      () => ({ inputs: { 'access-token': '' } }),
    ],
    [
      'a conflict',
      'failure',
      /^Not deployed to preview: Another deployment is in progress$/,
      (emulator) => {
        emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
        return {};
      },
    ],
    [
      "the platform's verdict",
      'failure',
      /^Deployment failed \(code 40\)$/,
      (emulator) => {
        emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
        return {};
      },
    ],
    ['a dry run', 'cancelled', /^Dry run: nothing was deployed$/, () => ({ inputs: { 'dry-run': 'true' } })],
    [
      'a run that gets no secrets',
      'cancelled',
      /^Skipped: nothing was deployed$/,
      () => ({ inputs: { 'access-token': '' }, env: { GITHUB_ACTOR: 'dependabot[bot]' } }),
    ],
    [
      'nothing shown on GitHub beside it',
      'success',
      /^Deployed to preview in /,
      () => ({ inputs: { comment: 'false', 'github-deployment': 'false' } }),
    ],
  ])('%s', async (_, conclusion, title, change) => {
    const { checkRun, run } = await deployWithCheck(change);
    expect(checkRun).toMatchObject({ status: 'completed', conclusion });
    expect(checkRun.title).toMatch(title);
    expect(run.exitCode).toBe(conclusion === 'failure' ? 1 : 0);
  });

  test('a job that is cancelled', async () => {
    const emulator = await githubPlatform();
    const { inputs } = await openCheckRun(emulator);
    emulator.addFault({ call: 'sign', effect: 'hang' });
    const started = startOnGitHub({ emulator, inputs, event: pullRequestEvent(emulator) });
    await emulator.waitForRequest('sign');
    started.kill('SIGINT');
    await started.finished;
    expect(checkRunOf(emulator)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  });

  test.each(['sign', 'events', 'github.updateCheckRun'] as const)('a runner that is killed (%s)', async (call) => {
    const emulator = await githubPlatform();
    const { inputs } = await openCheckRun(emulator);
    emulator.addFault({ call, effect: 'hang' });
    const event = pullRequestEvent(emulator);
    const started = startOnGitHub({ emulator, inputs, event });
    await emulator.waitForRequest(call);
    started.kill('SIGKILL');
    const { state } = await started.finished;
    expect(checkRunOf(emulator).status).toBe('in_progress');
    await onPullRequest({ emulator, inputs, event, postOf: state });
    const { status, conclusion, summary } = checkRunOf(emulator);
    expect({ status, conclusion }).toEqual({ status: 'completed', conclusion: 'cancelled' });
    expect(summary).toContain(call === 'events' ? 'continues remotely' : 'Nothing was deployed');
  });
});

test('a missing permission is a warning, and the deployment goes on', async () => {
  const { run } = await deployWithCheck((emulator) => {
    emulator.github.deny('checks');
    return {};
  });
  expect(run.exitCode).toBe(0);
  expect(warningsOf(run)).toMatch(/^Check run \d+ could not be updated\. .*Add `checks: write`/);
  expect(run.state['check-run']).toBe('');
});

test('without a token it says that the check stays open', async () => {
  const { run } = await deployWithCheck(() => ({ inputs: { 'github-token': '' } }));
  expect(run.exitCode).toBe(0);
  expect(warningsOf(run)).toMatch(/Check run \d+ stays open/);
});

test('an id that is none is refused', async () => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, inputs: { 'check-run-id': 'x' } });
  expect(failureOf(run).message).toContain('check-run-id: "x" is not a whole number');
});
