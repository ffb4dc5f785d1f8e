/** What only real waiting can show: budgets of retries, hosts that never answer, and a bundle near the limit. */
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { noise } from '../../scripts/demo-storefront.ts';
import { deploy, failureOf, onCleanUp, platform, storefront } from './harness.ts';

const MB = 2 ** 20;

test('a host that never accepts a connection is named, with what to check, after 45 s at most', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { 'api-host': 'http://127.0.0.1:9' } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(/refused.*proxy settings/s);
  expect(run.durationMs).toBeLessThan(50_000);
});

test('a platform that always answers 503 ends in an error after 45 s at most', async () => {
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

test('a late answer to create gets its full time, and the request is not repeated', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'createDeployment', effect: 'status', status: 429, times: 3 });
  emulator.addFault({ call: 'createDeployment', skip: 3, effect: 'delay', delayMs: 24_000 });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(emulator.deployments).toHaveLength(1);
});

test('a proxy or a host that accepts and does not answer does not hang the run', async () => {
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
