/** The download as the whole action does it: what breaks is mended, and neither a token nor a signed address is seen. */
import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { requestsTo } from './github-fault-helpers.ts';
import { failureOf } from './harness.ts';
import { expectNothingDeployed, liveBundle, platformWith, rollBack } from './rollback-harness.ts';

const SECRET = 'correct horse battery staple';
const inputs = { secrets: `AUTH_SECRET=${SECRET}` };

function expectNoSecrets(emulator: Emulator, { everything, masks }: { everything: string; masks: string[] }): void {
  const signatures = requestsTo(emulator, 'artifacts.getBlob').map(({ query }) => query['sig'] ?? '?');
  expect(signatures.length).toBeGreaterThan(0);
  for (const secret of [SECRET, emulator.accessToken, emulator.github.token, ...signatures]) {
    for (const form of [secret, encodeURIComponent(secret)]) expect(everything).not.toContain(form);
    expect(masks).toContain(secret);
  }
  expect(everything).not.toMatch(/[?&]sig=/);
}

test('a download that breaks off half-way is made again, with an address of its own', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  emulator.addFault({ call: 'artifacts.getBlob', effect: 'reset-in-body' });
  const run = await rollBack({ emulator, inputs });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  expect(requestsTo(emulator, 'artifacts.getBlob')).toHaveLength(2);
  expect(run.lines).toContainEqual(expect.stringMatching(/^Downloading artifact \d+: GET .* Trying again in /));
  expectNoSecrets(emulator, run);
});

test('a store that refuses every time is an error that says so, and leaves no file', async () => {
  const { emulator } = await platformWith(['one', 'two']);
  emulator.addFault({ call: 'artifacts.getBlob', effect: 'status', status: 404, times: 'always' });
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator, inputs }));
  expect(failureOf(run).message).toMatch(/^Downloading artifact \d+: GET http:\S+ answered 404/m);
  expect(readdirSync(run.runnerTemp)).toEqual([]);
  expectNoSecrets(emulator, run);
  // Nothing was asked of BigCommerce: its support could look nothing up.
  expect(failureOf(run).message).not.toContain('Correlation id');
});

test('no token goes to the store, and BigCommerce’s goes to BigCommerce alone', async () => {
  const { emulator } = await platformWith(['one', 'two']);
  const run = await rollBack({ emulator, inputs });
  expectNoSecrets(emulator, run);
  for (const { call, headers } of emulator.requests) {
    if (call === 'artifacts.getBlob') expect(headers).not.toHaveProperty('authorization');
    if (/^(artifacts|github)\./.test(call)) expect(headers).not.toHaveProperty('x-auth-token');
  }
  expect(emulator.violations).toEqual([]);
});

test.each(['github.listDeployments', 'github.getArtifact', 'github.downloadArtifact'] as const)(
  'a fault of GitHub at %s is tried again',
  async (call) => {
    const { emulator, deployed } = await platformWith(['one', 'two']);
    emulator.addFault({ call, effect: 'status', status: 502 });
    const run = await rollBack({ emulator });
    expect(run.exitCode).toBe(0);
    expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
  },
);

test.each([
  ['SHA-256', { bundle_sha256: 'ab'.repeat(32) }],
  ['size', { bundle_size: 7 }],
])('another %s than the deployment had: refused, and the file is gone', async (_, change) => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  Object.assign(emulator.github.deployments[0]?.payload as Record<string, unknown>, change);
  const run = await expectNothingDeployed(emulator, () => rollBack({ emulator }));
  expect(failureOf(run).title).toBe('Not the bundle that was deployed');
  expect(failureOf(run).message).toContain(deployed[0]?.sha256);
  expect(readdirSync(run.runnerTemp)).toEqual([]);
});
