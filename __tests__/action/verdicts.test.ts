/** Each verdict and each refusal of the platform, as the user sees it. Only `completed` is success. */
import { expect, test } from '@jest/globals';
import { callsOf, deploy, failureOf, platform, startDeploy, warningsOf } from './harness.ts';

test.each([
  [30, 'Deployment failed (code 30)', /could not be extracted/],
  [40, 'Deployment failed (code 40)', /worker\.js over 40 MB/],
  [60, 'Deployed, but without an address (code 60)', /could not determine its URL/],
])('code %i fails the job at once, with its meaning and the fix', async (code, title, meaning) => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code });
  const run = await deploy({ emulator, inputs: { 'max-attempts': '3' } });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ outcome: 'failed', 'error-code': String(code) });
  expect(run.outputs).not.toHaveProperty('url');
  expect(emulator.deployments).toHaveLength(1);
  const failure = failureOf(run);
  expect(failure.title).toBe(title);
  expect(failure.message).toMatch(meaning);
  expect(failure.message).toMatch(/What to do: .+/);
  expect(failure.message).toMatch(/Correlation id: [0-9a-f-]{36}/);
  expect(run.summary).toContain(`code ${code}`);
  expect(run.summary).toContain('What to do');
});

test.each([10, 20, 50])('code %i is tried again from a fresh signature, and may succeed', async (code) => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code });
  const run = await deploy({ emulator });
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'], code: run.outputs['error-code'] }).toEqual({
    exitCode: 0,
    outcome: 'deployed',
    code: '',
  });
  expect(callsOf(emulator).filter((call) => call !== 'events')).toEqual([
    ...['sign', 'upload', 'createDeployment'],
    ...['sign', 'upload', 'createDeployment'],
  ]);
  const [first, second] = emulator.deployments;
  expect(first?.uploadUuid).not.toBe(second?.uploadUuid);
  expect(run.outputs).toMatchObject({ 'deployment-uuid': second?.deploymentUuid, 'upload-uuid': second?.uploadUuid });
  expect(warningsOf(run)).toContain(`code ${code}`);
  expect(run.summary).toContain(first?.deploymentUuid);
  const signs = emulator.requests.filter(({ call }) => call === 'sign');
  expect((signs[1]?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(1950);
});

test('when every attempt fails, the last verdict counts', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 50 });
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 10 });
  const run = await deploy({ emulator, inputs: { 'max-attempts': '2' } });
  expect(run.outputs).toMatchObject({ outcome: 'failed', 'error-code': '10' });
  expect(emulator.deployments).toHaveLength(2);
});

test('a bundle that the platform itself refuses fails with its code', async () => {
  const emulator = await platform({ limits: { files: 2 } });
  const run = await deploy({ emulator });
  expect(run.outputs).toMatchObject({ outcome: 'failed', 'error-code': '40' });
});

test('on-conflict fail: a 409 ends the job and says what to do', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
  const run = await deploy({ emulator });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('conflict');
  expect(run.outputs['upload-uuid']).toBe(emulator.uploads[0]?.uploadUuid);
  expect(failureOf(run).message).toMatch(/409.*on-conflict: wait/s);
  expect(callsOf(emulator)).toEqual(['sign', 'upload', 'createDeployment']);
});

test('on-conflict wait: gives up when the time is over', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'conflict', times: 'always' });
  const run = await deploy({ emulator, inputs: { 'on-conflict': 'wait', 'conflict-timeout-minutes': '0.02' } });
  expect(run.outputs['outcome']).toBe('conflict');
  expect(failureOf(run).message).toContain('conflict-timeout-minutes');
  expect(callsOf(emulator).filter((call) => call === 'createDeployment')).toHaveLength(2);
});

test('no verdict in time: unknown, never green, with the deployment and where to look', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying', streamCutMs: 200 });
  const run = await deploy({ emulator, inputs: { 'timeout-minutes': '0.03' } });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('unknown');
  const { message } = failureOf(run);
  expect(message).toContain(run.outputs['deployment-uuid']);
  expect(message).toMatch(/Last seen: deploying.*control panel/s);
  expect(run.summary).toContain('No verdict');
});

test('the end of a stream is not a verdict: a deployment cut at 20 % and then failed is red', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'downloading', streamCutMs: 100 });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('events', { count: 3 });
  emulator.setState(emulator.deployments[0]?.deploymentUuid ?? '', { status: 'failed', errorCode: 30 });
  const run = await started.finished;
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ outcome: 'failed', 'error-code': '30' });
});

test.each([
  [401, /the secret behind `access-token` holds the token of a store-level API account of this store/],
  [403, /lacks the scope "Infrastructure Deployments: manage/],
  [404, /store-hash/],
])('a %i is explained in terms of token, scope and feature, and not repeated', async (status, words) => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'status', status, body: { status, title: 'Refused', errors: {} } });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(words);
  expect(callsOf(emulator)).toEqual(['sign']);
});

test('a 422 on create names the field', async () => {
  const emulator = await platform();
  const errors = { project_uuid: 'no such project' };
  emulator.addFault({
    call: 'createDeployment',
    effect: 'status',
    status: 422,
    body: { status: 422, title: 'Bad', errors },
  });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('project_uuid: no such project');
});

test('a wrong token is refused by the platform itself, and is in no output', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { 'access-token': 'wrong-token-0123456789' } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('401');
  expect(run.everything).not.toContain('wrong-token');
  expect(run.exitCode).toBe(1);
});
