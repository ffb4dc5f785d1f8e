/** The support bundle of a run: when it is made, what is in it, and where it is named. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { sha256Of } from './artifact-harness.ts';
import { expectNamed, lines, ON_FAILURE, readParts, storedBundles, storedParts } from './diagnostics-harness.ts';
import { githubPlatform, onGitHub, ownComments, pullRequestEvent, statesOf } from './github-harness.ts';
import { failAtPlatform } from './github-post-helpers.ts';
import { deploy, failureOf, platform, SMALL_BUILD, warningsOf } from './harness.ts';

test('a failed deployment stores one, and message, summary and comment name it', async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  const run = await onGitHub({ emulator, inputs: ON_FAILURE, event: pullRequestEvent(emulator) });
  expect(run.outputs['outcome']).toBe('failed');
  expectNamed(run, emulator);
  const [stored] = storedBundles(emulator);
  expect(stored?.name).toMatch(/^storefront-.+-diagnostics-attempt-1\.zip$/);
  expect(ownComments(emulator)[0]?.body).toContain(`artifacts/${stored?.id}">Support bundle</a>`);
  expect(statesOf(emulator)[0]?.at(-1)).toBe('failure');

  const parts = await storedParts(emulator);
  const uuid = emulator.deployments[0]?.deploymentUuid;
  const correlationId = emulator.requests.find(({ call }) => call === 'createDeployment')?.headers['x-correlation-id'];
  expect(parts['README.txt']).toContain('Outcome: failed');
  expect(parts['README.txt']).toContain(`Deployments: ${uuid} (failed, code 40)`);
  expect(parts['README.txt']).toContain(`Correlation id: ${correlationId} `);
  expect(JSON.parse(parts['timeline.json'])).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'created', deploymentUuid: uuid, at: expect.stringMatching(/^\d{4}-.*Z$/) }),
      expect.objectContaining({ type: 'failed', code: '40' }),
      expect.objectContaining({ type: 'ending', outcome: 'failed' }),
    ]),
  );
  expect(lines(parts['deployment-events.jsonl']).at(-1)).toMatchObject({
    receivedAt: expect.any(String),
    event: { deployment_uuid: uuid, deployment_status: 'failed' },
  });
  expect(JSON.parse(parts['requests.json'])).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        method: 'POST',
        url: `${emulator.origin}/stores/${emulator.storeHash}/v3/infrastructure/deployments`,
        status: expect.any(Number),
        durationMs: expect.any(Number),
        attempt: 1,
        correlationId,
      }),
      expect.objectContaining({ method: 'PUT', url: expect.stringMatching(/\?\*\*\*$/), status: 200 }),
    ]),
  );
  const files = JSON.parse(parts['bundle-files.json']) as { name: string; sha256: string }[];
  expect(files.map(({ name }) => name).sort()).toEqual(Object.keys(SMALL_BUILD).sort());
  expect(files.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
  expect(JSON.parse(parts['versions.json'])).toMatchObject({
    node: process.version,
    GITHUB_REPOSITORY: 'acme/storefront',
  });
});

test('without an artifact service it stays on the runner, and the message says where', async () => {
  const emulator = await platform();
  failAtPlatform(emulator);
  const run = await deploy({ emulator, inputs: ON_FAILURE });
  const path = run.outputs['diagnostics-path'] ?? '';
  expect(path.startsWith(run.runnerTemp)).toBe(true);
  expect(failureOf(run).message).toContain(`Support bundle: ${path} (on the runner)`);
  expect(warningsOf(run)).toBe('');
  expect(readParts(path)['README.txt']).toContain('Outcome: failed');
  expect(sha256Of(path)).not.toBe('');
  expect('diagnostics-url' in run.outputs).toBe(false);
});

test('a green run makes one only when it is asked to', async () => {
  const emulator = await platform();
  const [silent, told] = [
    await deploy({ emulator, inputs: ON_FAILURE }),
    await deploy({ emulator, inputs: { diagnostics: 'always' } }),
  ];
  expect('diagnostics-path' in silent.outputs).toBe(false);
  const path = told.outputs['diagnostics-path'] ?? '';
  expect(told.lines).toContain(`Support bundle: ${path} (on the runner)`);
  expect(told.exitCode).toBe(0);
  expect(readParts(path)['README.txt']).toContain('Outcome: deployed');
  expect(existsSync(path) && readFileSync(path).length).toBeLessThan(100_000);
});

test('nothing is made where nothing was sent, or with `never`', async () => {
  const emulator = await platform();
  const wrong = await deploy({ emulator, inputs: { diagnostics: 'always', 'timeout-minutes': 'soon' } });
  const dry = await deploy({ emulator, inputs: { diagnostics: 'always', 'dry-run': 'true' } });
  const empty = await deploy({ emulator, inputs: { diagnostics: 'always', directory: 'nowhere' } });
  failAtPlatform(emulator);
  const never = await deploy({ emulator, inputs: { diagnostics: 'never' } });
  expect([wrong, dry, empty, never].map(({ outputs }) => outputs['outcome'])).toEqual([
    'error',
    'dry-run',
    'error',
    'failed',
  ]);
  for (const run of [wrong, dry, empty, never]) {
    expect(run.outputs['diagnostics-path']).toBeUndefined();
    expect(run.everything).not.toContain('Support bundle');
  }
});

test('a value that `diagnostics` does not have is an input error', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { diagnostics: 'sometimes' } });
  expect(failureOf(run).message).toContain('diagnostics: ');
});
