/** The service and its store as the real package sees them: `@actions/artifact`, and through it Azure's client. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { temporaryFolder } from '../clean-up.ts';
import { callService, sha256 } from './artifacts-helpers.ts';
import { useEmulator } from './helpers.ts';

const VARIABLES = ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL', 'GITHUB_SERVER_URL'];
const BLOCK_BYTES = 8 * 1024 * 1024;
let folder = '';

beforeEach(() => {
  folder = temporaryFolder();
  // The package prints all that it does.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const name of VARIABLES) delete process.env[name];
});

function createClient({ artifacts }: Emulator): DefaultArtifactClient {
  process.env['ACTIONS_RUNTIME_TOKEN'] = artifacts.runtimeToken;
  process.env['ACTIONS_RESULTS_URL'] = artifacts.resultsUrl;
  process.env['GITHUB_SERVER_URL'] = 'https://github.com';
  return new DefaultArtifactClient();
}

function writeZip(sizeBytes: number): { path: string; content: Buffer } {
  const content = randomBytes(sizeBytes);
  writeFileSync(join(folder, 'bundle.zip'), content);
  return { path: join(folder, 'bundle.zip'), content };
}

test.each([1, BLOCK_BYTES, 2 * BLOCK_BYTES + 1])('%i bytes go up and come down unchanged', async (sizeBytes) => {
  await using emulator = await useEmulator();
  const client = createClient(emulator);
  const { path, content } = writeZip(sizeBytes);
  const uploaded = await client.uploadArtifact('', [path], folder, { skipArchive: true, retentionDays: 5 });
  const digest = sha256(content);
  expect(uploaded).toEqual({ id: emulator.artifacts.list[0]?.id, size: sizeBytes, digest });
  expect(emulator.artifacts.list).toMatchObject([
    { name: 'bundle.zip', mimeType: 'application/zip', sizeBytes, sha256: digest, version: 7, finalized: true },
  ]);
  expect(emulator.requests.filter(({ call }) => call === 'artifacts.putBlock')).toHaveLength(
    Math.ceil(sizeBytes / BLOCK_BYTES),
  );
  const { artifacts } = await client.listArtifacts();
  expect(artifacts).toMatchObject([{ name: 'bundle.zip', size: sizeBytes, digest: `sha256:${digest}` }]);
  const options = { path: join(folder, 'out'), skipDecompress: true, expectedHash: `sha256:${digest}` };
  expect(await client.downloadArtifact(uploaded.id ?? 0, options)).toMatchObject({ digestMismatch: false });
  expect(readdirSync(options.path)).toEqual(['bundle.zip']);
  expect(readFileSync(join(options.path, 'bundle.zip')).equals(content)).toBe(true);
  expect(emulator.violations).toEqual([]);
});

test('it is found through the REST API, which leads to a URL without a token', async () => {
  await using emulator = await useEmulator();
  const client = createClient(emulator);
  const { path, content } = writeZip(1000);
  const { id = 0 } = await client.uploadArtifact('', [path], folder, { skipArchive: true });
  const { github, artifacts } = emulator;
  const api = `${github.apiUrl}/repos/${github.repository}/actions`;
  const headers = { authorization: `Bearer ${github.token}`, 'user-agent': 'test' };
  const listed = await (await fetch(`${api}/runs/${artifacts.runId}/artifacts`, { headers })).json();
  expect(listed).toMatchObject({
    total_count: 1,
    artifacts: [{ id, name: 'bundle.zip', size_in_bytes: 1000, digest: `sha256:${sha256(content)}`, expired: false }],
  });
  const redirect = await fetch(`${api}/artifacts/${id}/zip`, { headers, redirect: 'manual' });
  expect(redirect.status).toBe(302);
  const zip = await fetch(redirect.headers.get('location') ?? '');
  expect(Buffer.from(await zip.arrayBuffer()).equals(content)).toBe(true);
  expect(emulator.violations).toEqual([]);
});

test('a name is free again after a deletion', async () => {
  await using emulator = await useEmulator();
  const client = createClient(emulator);
  const { path } = writeZip(10);
  const upload = () => client.uploadArtifact('', [path], folder, { skipArchive: true });
  const { id } = await upload();
  await expect(upload()).rejects.toThrow('(409) Conflict: an artifact with this name already exists');
  expect(await client.deleteArtifact('bundle.zip')).toEqual({ id });
  expect((await upload()).id).not.toBe(id);
});

test('an exhausted quota is reported as such', async () => {
  await using emulator = await useEmulator();
  emulator.artifacts.exhaustQuota();
  const { path } = writeZip(10);
  const uploading = createClient(emulator).uploadArtifact('', [path], folder, { skipArchive: true });
  await expect(uploading).rejects.toThrow('Artifact storage quota has been hit');
});

test('a busy store is retried', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'artifacts.putBlock', effect: 'status', status: 503 });
  emulator.addFault({ call: 'artifacts.putBlockList', effect: 'status', status: 500 });
  const { path, content } = writeZip(1000);
  const { digest } = await createClient(emulator).uploadArtifact('', [path], folder, { skipArchive: true });
  expect(digest).toBe(sha256(content));
  const statuses = emulator.requests.map(({ call, status }) => `${call.slice('artifacts.'.length)} ${status}`);
  expect(statuses).toEqual([
    ...['create 200', 'putBlock 503', 'putBlock 201', 'putBlockList 500', 'putBlockList 201', 'finalize 200'],
  ]);
});

test('a download that breaks off is shorter than its declared length', async () => {
  await using emulator = await useEmulator();
  const client = createClient(emulator);
  const { path } = writeZip(100_000);
  await client.uploadArtifact('', [path], folder, { skipArchive: true });
  const { body } = await callService(emulator, 'GetSignedArtifactURL', { name: 'bundle.zip' });
  emulator.addFault({ call: 'artifacts.getBlob', effect: 'reset-in-body' });
  const response = await fetch(`${body['signed_url']}`);
  expect(response.headers.get('content-length')).toBe('100000');
  await expect(response.arrayBuffer()).rejects.toThrow();
  expect(emulator.requests.at(-1)).toMatchObject({ status: 200, aborted: true });
});
