/** The output `result` of real runs: there however they end, complete at the end, and without a secret. */
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { onlyComment } from './github-comment-reading.ts';
import { onGitHub, pullRequestEvent } from './github-harness.ts';
import { deploy, platform, startDeploy, startRun, workspaceWith } from './harness.ts';

function resultOf(run: FinishedRun) {
  return JSON.parse(run.outputs['result'] ?? 'null');
}

const SECRET = 'a-secret-of-the-store';

test('of a refused token: what happened, and what to do', async () => {
  const emulator = await platform();
  const token = 'not-the-right-token';
  const run = await deploy({
    emulator,
    inputs: { 'access-token': token, secrets: `KEY=${SECRET}` },
    env: { GITHUB_ACTION_REPOSITORY: 'acme/catalyst-deploy-action', GITHUB_ACTION_REF: 'v1' },
  });
  expect(run.exitCode).toBe(1);
  const error = run.annotations.find(({ level }) => level === 'error');
  const result = resultOf(run);
  expect(result).toMatchObject({
    outcome: 'error',
    success: false,
    store_hash: emulator.storeHash,
    failure: {
      title: error?.title,
      message: expect.stringContaining('401'),
      what_to_do: expect.any(String),
      help_url:
        'https://github.com/acme/catalyst-deploy-action/blob/v1/docs/troubleshooting.md#401-access-token-refused',
      effect: 'The storefront is unchanged.',
    },
    live: 'as-before',
    url: null,
    correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(result.title).toContain(error?.title);
  for (const secret of [token, SECRET]) expect(run.outputs['result']).not.toContain(secret);
});

test.each(['.', 'rollback', 'preview-cleanup', 'preview-gate', 'redirects', 'logs', 'batch-upload'])(
  'of %s with wrong inputs',
  async (action) => {
    const inputs = { '.': { 'dry-run': 'x' }, 'preview-gate': { policy: 'x' } }[action] ?? {};
    const run = await startRun({ action, inputs, workspace: workspaceWith() }).finished;
    const name = action === '.' ? 'deploy' : action;
    expect(resultOf(run)).toMatchObject({ action: name, outcome: 'error', success: false, failure: {}, phases: [] });
  },
);

test('of a cancelled run: what is known by then', async () => {
  const emulator = await platform();
  emulator.holdDeployments();
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('events');
  started.kill('SIGINT');
  const run = await started.finished;
  const uuid = run.outputs['deployment-uuid'];
  expect(resultOf(run)).toMatchObject({
    ...{ outcome: 'cancelled', success: false, live: 'unknown' },
    deployments: [{ uuid }],
  });
});

test('of a pull request: with the comment, which is written after the outcome is known', async () => {
  const emulator = await platform();
  const run = await onGitHub({ emulator, event: pullRequestEvent(emulator) });
  expect(run.exitCode).toBe(0);
  const { id } = onlyComment(emulator);
  expect(resultOf(run)).toMatchObject({ outcome: 'deployed', comment: { id }, commit: { origin: '#7' } });
  expect(resultOf(run).github_deployment.id).toBe(emulator.github.deployments[0]?.id);
});

test('without a runner it is nowhere: it would fill the log', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, env: { GITHUB_ACTIONS: '', GITHUB_OUTPUT: '' } });
  expect(run.exitCode).toBe(0);
  expect(run.everything).toContain('Output outcome: deployed');
  expect(run.everything).not.toContain('Output result');
});
