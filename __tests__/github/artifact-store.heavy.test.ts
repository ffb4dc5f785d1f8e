import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isEnterpriseServer } from '../../src/github/artifact-environment.ts';
import { onCleanUp } from '../clean-up.ts';
import { failureOf, NEVER, platform, useStore, writeZip } from './artifact-harness.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('the artifact is the zip itself, under the requested name, with the digest of the zip', async () => {
  const emulator = await platform();
  const { store, leftovers } = useStore(emulator);
  const zip = writeZip(100_000);
  const artifact = await store.upload({ path: zip.path, name: 'storefront-a b.zip', retentionDays: 3 }, NEVER);
  const [record] = emulator.artifacts.list;
  expect(artifact).toEqual({
    id: record?.id,
    digest: zip.sha256,
    url: `https://github.com/acme/storefront/actions/runs/${emulator.artifacts.runId}/artifacts/${record?.id}`,
    name: 'storefront-a b.zip',
    sizeBytes: 100_000,
  });
  expect(record).toMatchObject({ name: 'storefront-a b.zip', mimeType: 'application/zip', finalized: true });
  expect(readFileSync(record?.path ?? '').equals(readFileSync(zip.path))).toBe(true);
  expect(Math.abs((record?.expiresAtMs ?? 0) - Date.now() - 3 * DAY_MS)).toBeLessThan(2 * 60 * 60 * 1000);
  expect(emulator.violations).toEqual([]);
  expect(leftovers()).toEqual([]);
});

test('without retention days, the repository decides; more days than it allows are reduced', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  process.env['GITHUB_RETENTION_DAYS'] = '7';
  const { path } = writeZip();
  await store.upload({ path, name: 'default.zip' }, NEVER);
  await store.upload({ path, name: 'long.zip', retentionDays: 30 }, NEVER);
  expect(emulator.requests.filter(({ call }) => call === 'artifacts.create').map(({ body }) => body)).toEqual([
    expect.not.objectContaining({ expires_at: expect.anything() }),
    expect.objectContaining({ expires_at: expect.any(String) }),
  ]);
  const days = ((emulator.artifacts.list[1]?.expiresAtMs ?? 0) - Date.now()) / DAY_MS;
  expect(Math.round(days)).toBe(7);
});

test('secrets are masked, and never printed', async () => {
  const emulator = await platform();
  const { store, masked, printed } = useStore(emulator);
  await store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER);
  const signature = emulator.requests.find(({ call }) => call === 'artifacts.putBlock')?.query['sig'] ?? '?';
  expect(masked).toEqual([emulator.artifacts.runtimeToken, signature, encodeURIComponent(signature)]);
  const text = printed.join('\n');
  for (const secret of masked) expect(text).not.toContain(secret);
  expect(text).toMatch(/"signed_upload_url": "http[^"?]+\?…"/);
  expect(text).toContain('Finished uploading artifact content');
  expect(text).not.toMatch(/^::/m);
});

test('a symbolic link is followed, and the file is not moved', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  const zip = writeZip();
  const link = join(zip.path, '..', 'link.zip');
  symlinkSync('catalyst-bundle-1.zip', link);
  expect((await store.upload({ path: link, name: 'a.zip' }, NEVER)).digest).toBe(zip.sha256);
  expect(existsSync(zip.path)).toBe(true);
});

test('a name that the run already has is refused, with advice', async () => {
  const emulator = await platform();
  const { store, leftovers } = useStore(emulator);
  const { path } = writeZip();
  await store.upload({ path, name: 'a.zip' }, NEVER);
  const error = await failureOf(store.upload({ path, name: 'a.zip' }, NEVER));
  expect(error.message).toBe('This run already has an artifact named a.zip.');
  expect(error.fix).toContain('`artifact-name`');
  expect(leftovers()).toEqual([]);
});

test('a used-up quota is reported as such', async () => {
  const emulator = await platform();
  emulator.artifacts.exhaustQuota();
  const error = await failureOf(useStore(emulator).store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toContain('the storage quota for artifacts is used up');
  expect(error.fix).toMatch(/Delete old artifacts.*`artifact-retention-days`.*`upload-artifact: false`/);
});

test('a refusal is passed on, without secrets', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  const { runtimeToken } = emulator.artifacts;
  const msg = `no way, ${runtimeToken}, see https://x.test/a?sig=abc123&se=1 and sig=abc123`;
  emulator.addFault({ call: 'artifacts.create', effect: 'status', status: 403, body: { code: 'x', msg } });
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toBe(
    'The artifact a.zip was not accepted: Failed to CreateArtifact: Received non-retryable error: Failed request: (403) Forbidden: no way, ***, see https://x.test/a?… and sig=….',
  );
});

test('the stored bytes must be the zip', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator);
  const zip = writeZip();
  const error = await failureOf(store.upload({ path: zip.path, name: 'a.zip', sha256: '0'.repeat(64) }, NEVER));
  expect(error.message).toBe(
    `The artifact a.zip is not the zip: its SHA-256 is ${zip.sha256}, that of the zip is ${'0'.repeat(64)}.`,
  );
});

test.each([
  ['a/b.zip', 'control character'],
  ['a\nb.zip', 'control character'],
  ['a.txt', '.zip'],
  ['.zip', '.zip'],
  [`${'ü'.repeat(126)}.zip`, '255 bytes'],
])('the name %j is refused before anything is sent', async (name, reason) => {
  const emulator = await platform();
  const error = await failureOf(useStore(emulator).store.upload({ path: writeZip().path, name }, NEVER));
  expect(error.message).toContain(reason);
  expect(emulator.requests).toEqual([]);
});

test('a missing zip is named', async () => {
  const emulator = await platform();
  const zip = writeZip();
  rmSync(zip.path);
  const error = await failureOf(useStore(emulator).store.upload({ path: zip.path, name: 'a.zip' }, NEVER));
  expect(error.message).toContain(`The zip ${zip.path} could not be read: ENOENT`);
});

test.each(['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'])('without %s there is no service', async (variable) => {
  const { store } = useStore(await platform());
  process.env[variable] = '';
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toContain('no artifact service here');
});

test('GitHub Enterprise Server has none of these artifacts: no thread is started', async () => {
  const emulator = await platform();
  const { store } = useStore(emulator, { serverUrl: 'https://ghes.acme.test', workerPath: '/nowhere.js' });
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toBe(
    'Workflow artifacts of this kind do not exist on GitHub Enterprise Server (https://ghes.acme.test).',
  );
  expect(error.fix).toBe(
    'Set `upload-artifact: false`, or store the zip of the output `bundle-path` with an action that works there.',
  );
});

test.each([
  ['https://github.com', false],
  ['https://acme.ghe.com', false],
  ['http://github.localhost:8080', false],
  ['https://ghes.acme.test', true],
  ['https://notghe.com', true],
  ['https://github.com.acme.test', true],
])('isEnterpriseServer(%j) is %j', (serverUrl, expected) => {
  expect(isEnterpriseServer(serverUrl)).toBe(expected);
});

test.each(['artifacts.create', 'artifacts.finalize', 'artifacts.list'] as const)(
  'a redirect of %s to another host is not followed: neither the job’s token nor the zip gets there',
  async (call) => {
    const emulator = await platform();
    const { store, leftovers } = useStore(emulator);
    const received: string[] = [];
    const other = createServer((request, response) => {
      received.push(`${request.url} ${JSON.stringify(request.headers)}`);
      response.end('{}');
    }).listen(0, 'localhost');
    onCleanUp(() => void other.close());
    await once(other, 'listening');
    const location = `http://localhost:${(other.address() as AddressInfo).port}/there`;
    emulator.addFault({ call, effect: 'redirect', status: 307, location, times: 'always' });
    // Only then the list is asked for.
    if (call === 'artifacts.list') {
      emulator.addFault({ call: 'artifacts.finalize', effect: 'lost-answer' });
      expect(await store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER)).toMatchObject({ name: 'a-2.zip' });
    } else {
      const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
      expect(error.message).toBe(
        "The artifact a.zip was not stored: the artifact service answered with a redirect (307). None is followed, since the job's token would go along.",
      );
      expect(error.fix).toContain('ACTIONS_RESULTS_URL');
    }
    expect(received).toEqual([]);
    expect(leftovers()).toEqual([]);
  },
);
