/** Verification of storefronts that really run. */
import { expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { writeDemoStorefront } from '../../scripts/demo-storefront.ts';
import { describeServed } from '../emulator/storefront-helpers.ts';
import { githubPlatform } from './github-harness.ts';
import { failureOf, workerLogsOf, workspaceWith } from './harness.ts';
import { deployVerified } from './verify-harness.ts';

function shop(buildId: string): string {
  const workspace = workspaceWith();
  writeDemoStorefront(workspace, 0.05, buildId);
  return workspace;
}

async function served(options: EmulatorOptions = {}) {
  return await githubPlatform({ serve: true, ...options });
}

const verify = { 'verify-timeout-seconds': '30' };

describeServed('a storefront that runs', () => {
  test('works, its slow start included, and costs less than 3 s', async () => {
    const emulator = await served();
    const inputs = {
      ...verify,
      'verify-paths': '/\n/products/desk-lamp contains "Desk lamp"\n/cart 308 location /cart/',
    };
    const run = await deployVerified({ emulator, workspace: shop('one'), inputs });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    const seconds = /(\d+(?:\.\d+)?) (m?s)/.exec(run.lines.find((line) => line.startsWith('✓ Verify')) ?? '');
    expect(Number(seconds?.[1]) * (seconds?.[2] === 'ms' ? 0.001 : 1)).toBeLessThan(3);
  });

  test('throws on a page: broken', async () => {
    const emulator = await served();
    const inputs = { 'verify-timeout-seconds': '2', 'verify-paths': '/boom' };
    const run = await deployVerified({ emulator, workspace: shop('one'), inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toContain('/boom answers 500');
    // The worker itself says why.
    expect(workerLogsOf(run)).toMatchObject([
      { level: 'error', title: 'Worker log: exception', message: expect.stringContaining('asked to fail: /boom') },
    ]);
  });

  test('answers 200 with parts that failed to render: broken', async () => {
    const emulator = await served();
    const inputs = { 'verify-timeout-seconds': '3', 'verify-paths': '/reviews' };
    const run = await deployVerified({ emulator, workspace: shop('one'), inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toMatch(/\/reviews .*failed to render/);
  });

  test('is shown 20 s late by the edge: the former build is not judged', async () => {
    const late = await served({ serveOldForMs: 20_000 });
    await deployVerified({ emulator: late, workspace: shop('one'), inputs: verify });
    const run = await deployVerified({
      emulator: late,
      workspace: shop('two'),
      inputs: { 'verify-timeout-seconds': '60' },
    });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(run.durationMs).toBeGreaterThan(18_000);
  });

  test('is dead although its deployment completed: broken', async () => {
    const emulator = await served({ serveBroken: true });
    const inputs = { 'verify-timeout-seconds': '2' };
    const run = await deployVerified({ emulator, workspace: shop('one'), inputs });
    expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
    expect(failureOf(run).message).toContain('/ answers 500');
  });

  test('is known to the edge only a while after its first deployment', async () => {
    const emulator = await served({ serveDelayMs: 3000 });
    const run = await deployVerified({ emulator, workspace: shop('one'), inputs: verify });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
  });
});
