/** Waits that a server names, and that exceed the step's time: it ends at once, and names the wait. */
import { expect, test } from '@jest/globals';
import type { Call } from '../../emulator/services.ts';
import { callsOf, deploy, failureOf, platform } from './harness.ts';

const NEVER = 'Thu, 01 Jan 2099 00:00:00 GMT';

async function deployTo(call: Call, status: number, headers: Record<string, string>, inputs = {}) {
  const emulator = await platform();
  emulator.addFault({ call, effect: 'status', status, headers, times: 9 });
  const run = await deploy({ emulator, inputs: { 'timeout-minutes': '5', ...inputs } });
  expect(run.durationMs).toBeLessThan(15_000);
  expect(run.exitCode).toBe(1);
  const { message } = failureOf(run);
  expect(message).toMatch(/asks? to wait (?:1 h|60 min|[\d,]+ days)/);
  const calls = callsOf(emulator).filter((name) => name === call).length;
  return { outcome: run.outputs['outcome'], message, calls };
}

test.each([
  ['an hour', '3600'],
  ['until 2099', NEVER],
])('creating the deployment, 503, retry after %s: unknown, after one request', async (_, wait) => {
  const { outcome, calls, message } = await deployTo('createDeployment', 503, { 'Retry-After': wait });
  expect({ outcome, calls }).toEqual({ outcome: 'unknown', calls: 1 });
  expect(message).toMatch(/may or may not/);
  expect(message).toContain('control panel');
});

test('creating the deployment, 429: nothing was created, so it is an error', async () => {
  for (const headers of [{ 'X-Retry-After': '3600' }, { 'X-Rate-Limit-Time-Reset-Ms': '3600000' }]) {
    const { outcome, calls } = await deployTo('createDeployment', 429, headers);
    expect({ outcome, calls }).toEqual({ outcome: 'error', calls: 1 });
  }
});

test('another deployment is in progress, retry in an hour: a conflict, at once', async () => {
  const inputs = { 'on-conflict': 'wait', 'conflict-timeout-minutes': '5' };
  const { outcome, calls } = await deployTo('createDeployment', 409, { 'Retry-After': '3600' }, inputs);
  expect({ outcome, calls }).toEqual({ outcome: 'conflict', calls: 1 });
});

test('following the deployment: it exists, so the outcome is unknown', async () => {
  const { outcome, calls } = await deployTo('events', 503, { 'Retry-After': NEVER });
  expect({ outcome, calls }).toEqual({ outcome: 'unknown', calls: 1 });
});

test('before there is a deployment: an error', async () => {
  const { outcome, calls } = await deployTo('sign', 503, { 'Retry-After': '3600' });
  expect({ outcome, calls }).toEqual({ outcome: 'error', calls: 1 });
});

test('a page instead of events, until the time is up: the advice is not more time', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'events', effect: 'status', status: 200, body: '<html><title>Blocked</title>', times: 99 });
  const run = await deploy({ emulator, inputs: { 'timeout-minutes': '0.03' } });
  const { message } = failureOf(run);
  expect(run.outputs['outcome']).toBe('unknown');
  expect(message).toContain('an HTML page ("Blocked") where events belong');
  expect(message).not.toContain('raise `timeout-minutes`');
  expect(message).toContain('control panel');
});
