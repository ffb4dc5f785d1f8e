/** A cancelled job: SIGINT, then SIGTERM. Requests end at once, the summary is true, the process is gone within 5 s. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { noise } from '../../scripts/demo-storefront.ts';
import { failureOf, onCleanUp, platform, startDeploy, storefront } from './harness.ts';

async function cancel(
  started: StartedRun,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<FinishedRun & { cancelMs: number }> {
  const atMs = performance.now();
  started.kill(signal);
  const run = await started.finished;
  return { ...run, cancelMs: performance.now() - atMs };
}

function expectCancelled(run: FinishedRun & { cancelMs: number }): void {
  expect({ exitCode: run.exitCode, signal: run.signal }).toEqual({ exitCode: 1, signal: null });
  expect(run.cancelMs).toBeLessThan(5000);
  expect(run.outputs['outcome']).toBe('cancelled');
  expect(run.summary).toContain('🚫 Deployment cancelled');
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'while packaging (%s): nothing was uploaded, and no unfinished zip remains',
  async (signal) => {
    const emulator = await platform();
    const workspace = storefront({ 'worker.js': noise(1, 30_000_000), 'assets/a.js': noise(2, 24_000_000) });
    const started = startDeploy({
      emulator,
      workspace,
      onLine: (line, run) => {
        if (line === '::group::Package') setTimeout(() => run.kill(signal), 250);
      },
    });
    const run = await started.finished;
    expectCancelled({ ...run, cancelMs: 0 });
    expect(failureOf(run).message).toContain('Nothing was deployed');
    expect(emulator.requests).toEqual([]);
    expect(readdirSync(run.runnerTemp)).toEqual([]);
  },
);

test('while asking for a signature', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'hang' });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('sign');
  const run = await cancel(started);
  expectCancelled(run);
  expect(failureOf(run).message).toContain('Nothing was deployed');
});

test('while uploading', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'upload', effect: 'stall-upload', afterBytes: 0 });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('upload');
  const run = await cancel(started);
  expectCancelled(run);
  expect(failureOf(run).message).toContain('Nothing was deployed');
});

test('while creating: it may or may not have been started', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'hang' });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('createDeployment');
  const run = await cancel(started);
  expectCancelled(run);
  expect(failureOf(run).message).toContain('may or may not have started');
});

test('while waiting for another deployment', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'conflict', times: 'always' });
  const started = startDeploy({ emulator, inputs: { 'on-conflict': 'wait' } });
  await emulator.waitForRequestEnd('createDeployment');
  const run = await cancel(started);
  expectCancelled(run);
  expect(emulator.deployments).toEqual([]);
  expect(failureOf(run).message).toContain('Nothing was deployed');
  expect(run.summary).toContain('| 🚫 Create deployment | cancelled |');
});

test('while following: the deployment continues remotely, and both the log and the outputs name it', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('events');
  const run = await cancel(started);
  expectCancelled(run);
  expect(run.outputs['deployment-uuid']).toBe(emulator.deployments[0]?.deploymentUuid);
  expect(failureOf(run).message).toMatch(/Deployment [0-9a-f-]{36} continues remotely/);
  expect(run.lines.at(-2)).toBe('Outcome: cancelled (the deployment continues remotely)');
});

test('in the pause before another attempt', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 50 });
  const started = startDeploy({
    emulator,
    onLine: (line, run) => {
      if (line.startsWith('::warning') && line.includes('Trying again')) run.kill('SIGINT');
    },
  });
  const run = await started.finished;
  expectCancelled({ ...run, cancelMs: 0 });
  expect(run.outputs['error-code']).toBe('50');
  expect(emulator.deployments).toHaveLength(1);
});

test('a second signal does not cut off the summary', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('events');
  started.kill('SIGINT');
  started.kill('SIGTERM');
  const run = await started.finished;
  expectCancelled({ ...run, cancelMs: 0 });
});

test('a signal after the verdict changes nothing', async () => {
  const emulator = await platform();
  const started = startDeploy({
    emulator,
    onLine: (line, run) => {
      if (line.startsWith('✓ Follow deployment')) run.kill('SIGINT');
    },
  });
  const run = await started.finished;
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
});

test('while a connection hangs in its TLS handshake', async () => {
  const emulator = await platform();
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => silent.close());
  const connected = once(silent, 'connection');
  const { port } = silent.address() as AddressInfo;
  const started = startDeploy({ emulator, inputs: { 'api-host': `https://127.0.0.1:${port}` } });
  const [socket] = (await connected) as [Socket];
  onCleanUp(() => socket.destroy());
  const run = await cancel(started);
  expectCancelled(run);
  expect(failureOf(run).message).toContain('Nothing was deployed');
});

test('while the rate limit delays creating the deployment: nothing was started', async () => {
  const emulator = await platform();
  const headers = { 'Retry-After': '30' };
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 429, headers });
  const started = startDeploy({ emulator });
  await emulator.waitForRequestEnd('createDeployment');
  const run = await cancel(started);
  expectCancelled(run);
  expect(failureOf(run).message).toContain('Nothing was deployed');
});

test('a killed process leaves the outputs that were known', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('events');
  const run = await cancel(started, 'SIGKILL');
  expect(run.signal).toBe('SIGKILL');
  expect(Object.keys(run.outputs)).toEqual(
    expect.arrayContaining(['project-uuid', 'bundle-path', 'bundle-sha256', 'upload-uuid', 'deployment-uuid']),
  );
});
