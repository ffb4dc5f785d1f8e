/** The one call that must not be made twice lightly. */
import { expect, test } from '@jest/globals';
import { callsOf, deploy, failureOf, platform, warningsOf } from './harness.ts';

const creates = (emulator: { requests: readonly { call: string }[] }) =>
  emulator.requests.filter(({ call }) => call === 'createDeployment').length;

test('a 429 on create is waited out, as long as the longest header says', async () => {
  const emulator = await platform();
  emulator.addFault({
    call: 'createDeployment',
    effect: 'status',
    status: 429,
    headers: { 'X-Rate-Limit-Time-Reset-Ms': '1500', 'Retry-After': '1' },
  });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'createDeployment');
  expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(1490);
});

test('a 5xx on create is sent once more', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 503 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(creates(emulator)).toBe(2);
});

test('a lost answer, then 409, with fail: it may be our own deployment, so the outcome is unknown', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  emulator.addFault({ call: 'createDeployment', effect: 'lost-answer' });
  const run = await deploy({ emulator });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('unknown');
  expect(failureOf(run).message).toContain('may well be this very one');
  expect(emulator.deployments).toHaveLength(1);
  expect(creates(emulator)).toBe(2);
});

test('a lost answer, then 409, with wait: waits, and deploys the same bytes again', async () => {
  const emulator = await platform({ stepMs: 400 });
  emulator.addFault({ call: 'createDeployment', effect: 'lost-answer' });
  const run = await deploy({ emulator, inputs: { 'on-conflict': 'wait' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.deployments).toHaveLength(2);
  const [first, second] = emulator.deployments;
  expect(second?.uploadUuid).toBe(first?.uploadUuid);
  expect(run.outputs['deployment-uuid']).toBe(second?.deploymentUuid);
});

test.each(['reset-before', 'reset-in-body'] as const)('%s twice: unknown, and no third request', async (effect) => {
  const emulator = await platform({ stepMs: 1 });
  emulator.addFault({ call: 'createDeployment', effect, times: 2 });
  const run = await deploy({ emulator });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('unknown');
  expect(creates(emulator)).toBe(2);
});

test('an answer that is not what the API describes is a lost answer', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 200, body: { data: {} }, times: 2 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('unknown');
  expect(failureOf(run).message).toContain('not what the API describes');
});

test('an upload that is gone is made again', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'upload-gone' });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call !== 'events')).toEqual([
    ...['sign', 'upload', 'createDeployment'],
    ...['sign', 'upload', 'createDeployment'],
  ]);
  expect(run.outputs['upload-uuid']).toBe(emulator.deployments[0]?.uploadUuid);
  expect(warningsOf(run)).toContain('Uploading the bundle again');
});

test.each(['sign', 'upload', 'createDeployment', 'events', 'listProjects'] as const)(
  'a redirect of %s is not followed: the token stays where it belongs',
  async (call) => {
    const emulator = await platform();
    const elsewhere = await platform();
    const redirect = { effect: 'redirect', location: `${elsewhere.origin}/stolen`, status: 307 } as const;
    emulator.addFault({ call, times: 'always', ...redirect });
    const byName = { 'project-uuid': '', 'project-name': emulator.projects[0]?.name ?? '' };
    const run = await deploy({ emulator, inputs: call === 'listProjects' ? byName : {} });
    expect(run.exitCode).toBe(1);
    expect(run.outputs['outcome']).toBe(call === 'events' ? 'unknown' : 'error');
    expect(failureOf(run).message).toContain('Redirects are not followed');
    expect(elsewhere.requests).toEqual([]);
  },
);

test.each([
  ['a 403', { effect: 'status', status: 403 }],
  ['a 429 that asks for an hour', { effect: 'status', status: 429, headers: { 'Retry-After': '3600' } }],
] as const)(
  'a lost answer, then %s: still unknown, since the first request may have been carried out',
  async (_, fault) => {
    const emulator = await platform();
    emulator.addFault({ call: 'createDeployment', effect: 'lost-answer' });
    emulator.addFault({ call: 'createDeployment', skip: 1, ...fault });
    const run = await deploy({ emulator });
    expect(run.outputs['outcome']).toBe('unknown');
    expect(failureOf(run).message).toMatch(/lost.*what was tried after it failed/s);
    expect(run.lines.join('\n')).not.toContain('nothing was deployed');
  },
);

test('a wait that a 503 names is observed before the one second chance', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 503, headers: { 'Retry-After': '4' } });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'createDeployment');
  expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(3990);
});

test('each 409 that is waited out gives a new second chance to a lost answer', async () => {
  const emulator = await platform({ stepMs: 1 });
  emulator.addFault({ call: 'createDeployment', effect: 'reset-before' });
  emulator.addFault({ call: 'createDeployment', skip: 1, effect: 'conflict' });
  emulator.addFault({ call: 'createDeployment', skip: 2, effect: 'reset-before' });
  const run = await deploy({ emulator, inputs: { 'on-conflict': 'wait' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(creates(emulator)).toBe(4);
});

test('a wait that a 409 names is observed', async () => {
  const emulator = await platform();
  const conflict = { status: 409, title: 'busy', errors: {} };
  const headers = { 'Retry-After': '7' };
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 409, headers, body: conflict });
  const run = await deploy({ emulator, inputs: { 'on-conflict': 'wait' } });
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'createDeployment');
  expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(6990);
});
