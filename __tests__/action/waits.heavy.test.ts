/** What only real waiting can show: time-outs, watchdogs, signs of life, and a bundle near the limit. */
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { noise } from '../../scripts/demo-storefront.ts';
import { callsOf, deploy, deployReleasedAtStream, failureOf, onCleanUp, platform, storefront } from './harness.ts';

const MB = 2 ** 20;

test('a call that is never answered times out and is tried again', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'hang' });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call === 'sign')).toHaveLength(2);
});

test('an upload that stalls is given up and made anew', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'upload', effect: 'stall-upload', afterBytes: 0 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(callsOf(emulator).filter((call) => call === 'upload')).toHaveLength(2);
  expect(run.lines.some((line) => line.startsWith('Still at it after'))).toBe(true);
});

test('an event stream that goes silent is made anew; one sign of life each 15 s', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  emulator.addFault({ call: 'events', effect: 'silence', events: 1 });
  const run = await deployReleasedAtStream(emulator, 2);
  expect(run.outputs['outcome']).toBe('deployed');
  const signs = run.lines.filter((line) => line.startsWith('Still at it after'));
  expect(signs.length).toBeGreaterThanOrEqual(1);
  expect(signs.length).toBeLessThanOrEqual(3);
});

test('the real 30 s cut: the verdict comes on the second connection', async () => {
  const emulator = await platform({ holdDeploymentsAt: 'deploying' });
  const run = await deployReleasedAtStream(emulator, 2);
  expect(run.outputs['outcome']).toBe('deployed');
  const [first, second] = emulator.requests.filter(({ call }) => call === 'events');
  expect((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeLessThan(1000);
});

test('a host that never lets anybody in is named, with what to check, after 45 s at most', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { 'api-host': 'http://127.0.0.1:9' } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(/refused.*proxy settings/s);
  expect(run.durationMs).toBeLessThan(50_000);
});

test('a platform that answers 503 for ever ends in an error after 45 s at most', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'status', status: 503, times: 'always' });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('503');
  expect(run.durationMs).toBeLessThan(50_000);
});

describe('a bundle of 60 MB', () => {
  const files: Record<string, Uint8Array | string> = { 'worker.js': noise(1, 20 * MB) };
  for (let index = 0; index < 40; index += 1) files[`assets/image-${index}.bin`] = noise(index + 2, MB);

  test('is deployed in under 200 MB of memory', async () => {
    const emulator = await platform();
    const run = await deploy({ emulator, workspace: storefront(files) });
    expect(run.outputs['outcome']).toBe('deployed');
    expect(Number(run.outputs['bundle-size'])).toBeGreaterThan(59 * MB);
    console.log(`60 MB bundle: peak memory ${(run.peakMemoryBytes / MB).toFixed(0)} MB`);
    expect(run.peakMemoryBytes).toBeLessThan(200 * MB);
  });

  test('survives a connection that breaks in the middle', async () => {
    const emulator = await platform();
    emulator.addFault({ call: 'upload', effect: 'reset-mid-request', afterBytes: 20 * MB });
    const run = await deploy({ emulator, workspace: storefront(files) });
    expect(run.outputs['outcome']).toBe('deployed');
    expect(emulator.deployments[0]?.uploadUuid).toBe(emulator.uploads[1]?.uploadUuid);
  });
});

test('a create that answers late gets its full time, and is not made twice', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 429, times: 3 });
  emulator.addFault({ call: 'createDeployment', skip: 3, effect: 'delay', delayMs: 24_000 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.deployments).toHaveLength(1);
});

test('a proxy or a host that accepts and says nothing does not hang the run', async () => {
  const emulator = await platform();
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const run = await deploy({ emulator, inputs: { 'api-host': `https://127.0.0.1:${port}` } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('no connection within');
  expect(run.durationMs).toBeLessThan(60_000);
});
