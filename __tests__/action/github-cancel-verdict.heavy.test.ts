/** A signal after the verdict changes nothing of it, whatever GitHub does; a second signal changes nothing at all. */
import { expect, test } from '@jest/globals';
import { endAt, endRunAt, expectIdle, momentsOn, openDeployments } from './github-cancel-harness.ts';
import { type GitHubRun, githubPlatform, ownComments, pullRequestEvent, statesOf } from './github-harness.ts';
import { storefront } from './harness.ts';

const KINDS = [
  ['push', 'SIGINT'],
  ['push', 'SIGTERM'],
  ['pull request', 'SIGINT'],
  ['pull request', 'SIGTERM'],
] as const;

async function arrange(kind: (typeof KINDS)[number][0]): Promise<GitHubRun> {
  const emulator = await githubPlatform();
  const event = kind === 'push' ? undefined : pullRequestEvent(emulator);
  return { emulator, workspace: storefront(), ...(event === undefined ? {} : { event }) };
}

test.each(KINDS)('a %s that was deployed stays deployed when %s comes after the verdict', async (kind, signal) => {
  const run = await arrange(kind);
  const { emulator, main, post } = await endRunAt(run, '✓ Follow deployment', signal);
  expect({ exitCode: main.exitCode, signal: main.signal }).toEqual({ exitCode: 0, signal: null });
  expect(main.cancelMs).toBeLessThan(5000);
  expect(main.outputs['outcome']).toBe('deployed');
  expect(main.summary).toContain('✅ Deployed');
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  for (const { body } of ownComments(emulator)) expect(body).toContain('✅ Deployed to');
  const requests = emulator.requests.length;
  expectIdle(await post(), requests, emulator);
});

test('a failure stays a failure when the signal comes after the verdict', async () => {
  const run = await arrange('pull request');
  run.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 40 });
  const { emulator, main } = await endRunAt(run, '✗ Follow deployment', 'SIGINT');
  expect({ exitCode: main.exitCode, outcome: main.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'failed' });
  expect(statesOf(emulator)).toEqual([['in_progress', 'failure']]);
  expect(ownComments(emulator)[0]?.body).toContain('Deployment failed');
});

test.each(KINDS)(
  'a %s that was deployed is green and has its summary when %s comes while GitHub hangs, and the post step updates GitHub',
  async (kind, signal) => {
    const run = await arrange(kind);
    run.emulator.addFault({ call: 'github.createDeploymentStatus', effect: 'hang', skip: 1, times: 'always' });
    run.emulator.addFault({ call: 'github.updateComment', effect: 'hang', times: 'always' });
    const reached = () => run.emulator.waitForRequest('github.createDeploymentStatus', { count: 2 });
    const { emulator, main, post } = await endRunAt(run, reached, signal, (kill) => kill('SIGTERM'));
    expect({ exitCode: main.exitCode, signal: main.signal }).toEqual({ exitCode: 0, signal: null });
    expect(main.cancelMs).toBeLessThan(5000);
    expect(main.outputs['outcome']).toBe('deployed');
    expect(main.summary).toContain('✅ Deployed');
    expect(openDeployments(emulator)).toHaveLength(1);
    const after = await post();
    expect(after.exitCode).toBe(0);
    expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
    for (const { body } of ownComments(emulator)) expect(body).toContain('✅ Deployed to');
  },
);

test('a second signal does not interrupt the updates of GitHub', async () => {
  const moment = momentsOn('pull request').find(([name]) => name === 'while following')?.[1];
  if (moment === undefined) throw new Error('no such moment');
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const run: GitHubRun = { emulator, workspace: storefront(), event: pullRequestEvent(emulator) };
  const { main } = await endRunAt(run, moment.reached, 'SIGINT', async (kill) => {
    kill('SIGTERM');
    await emulator.waitForRequest('github.createDeploymentStatus', { count: 2 });
    kill('SIGTERM');
  });
  expect({ exitCode: main.exitCode, signal: main.signal }).toEqual({ exitCode: 1, signal: null });
  expect(main.summary).toContain('🚫 Deployment cancelled');
  expect(openDeployments(emulator)).toEqual([]);
  expect(ownComments(emulator)[0]?.body).toContain('continues remotely');
});

test('a step that is killed after its signal, while it updates GitHub, is shown by the post step', async () => {
  const moment = momentsOn('pull request').find(([name]) => name === 'while uploading')?.[1];
  if (moment === undefined) throw new Error('no such moment');
  const reached = async (emulator: GitHubRun['emulator']) => {
    await emulator.waitForRequest('upload');
    emulator.addFault({ call: 'github.any', effect: 'hang', times: 'always' });
  };
  const ended = await endAt({ ...moment, reached }, 'pull request', 'SIGINT', async (kill, emulator) => {
    await emulator.waitForRequest('github.createDeploymentStatus', { count: 2 });
    kill('SIGKILL');
  });
  expect(ended.main.signal).toBe('SIGKILL');
  await ended.post();
  expect(statesOf(ended.emulator)).toEqual([['in_progress', 'inactive']]);
  expect(ownComments(ended.emulator)[0]?.body).toContain('Nothing was deployed');
});
