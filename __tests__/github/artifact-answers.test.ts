/** What the thread that uploads says, and what becomes of it. The thread is one of a line, which sends nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';
import type { Zip } from './artifact-harness.ts';

const actual = await import('../../src/pause.ts');
jest.unstable_mockModule('../../src/pause.ts', () => ({ ...actual, pause: async () => {} }));
const { createArtifactStore } = await import('../../src/github/artifact-store.ts');
const { writeZip } = await import('./artifact-harness.ts');

/** @param code of the thread; `job` is its job, `say` answers */
async function upload(zip: Zip, code: string, { timeoutMs = 60_000, more = {} } = {}) {
  const folder = temporaryFolder();
  const temp = join(folder, 'temp');
  mkdirSync(temp);
  const workerPath = join(folder, 'worker.mjs');
  const start =
    "import { parentPort, workerData as job } from 'node:worker_threads'; const say = (it) => parentPort.postMessage(it);";
  writeFileSync(workerPath, `${start}\n${code}`);
  const env = jest.replaceProperty(process, 'env', {
    ...process.env,
    ...{ RUNNER_TEMP: temp, ACTIONS_RUNTIME_TOKEN: 'the-token', ACTIONS_RESULTS_URL: 'https://results.example' },
  });
  onCleanUp(() => env.restore());
  const store = createArtifactStore({
    ...{ serverUrl: 'https://github.com', repository: 'acme/shop', runId: '7', maskSecret: () => {}, debug: () => {} },
    ...{ workerPath, timeoutMs },
  });
  return await store.upload({ path: zip.path, name: 'a.zip', ...more }, new AbortController().signal);
}

const said = ({ sha256, sizeBytes }: Zip, more: object = {}) =>
  `say(${JSON.stringify({ kind: 'uploaded', id: 5, digest: sha256, sizeBytes, ...more })});`;

test('what the thread has stored is the artifact, if it is the zip', async () => {
  const zip = writeZip(10);
  expect(await upload(zip, said(zip))).toEqual({
    ...{ id: 5, digest: zip.sha256, name: 'a.zip', sizeBytes: 10 },
    url: 'https://github.com/acme/shop/actions/runs/7/artifacts/5',
  });
});

test.each([
  ['another digest', { digest: 'f'.repeat(64) }, {}],
  ['none', { digest: undefined }, {}],
  ['another size', { sizeBytes: 11 }, {}],
  ['the zip’s, which is not the one that was asked for', {}, { sha256: 'e'.repeat(64) }],
])('with %s it is not', async (_, change, more) => {
  const zip = writeZip(10);
  await expect(upload(zip, said(zip, change), { more })).rejects.toMatchObject({
    title: 'Artifact not stored',
    message: expect.stringContaining('is not the zip'),
    fix: 'Do not use this artifact.',
  });
});

const UNFINISHED = `if (job.kind === 'find') say({ kind: 'not-found' }); else`;

test('a thread that takes too long is ended', async () => {
  await expect(upload(writeZip(10), 'setInterval(() => {}, 1000);', { timeoutMs: 600 })).rejects.toMatchObject({
    message: 'The upload of the artifact a.zip did not finish within 1 s and was given up.',
  });
});

test('a thread that dies is reported without secrets', async () => {
  const code = `${UNFINISHED} throw new Error('the-token is wrong');`;
  await expect(upload(writeZip(10), code)).rejects.toMatchObject({
    message: 'The upload of the artifact a.zip broke off: Error: *** is wrong.',
  });
});

test('an answer to another question is a fault of this program', async () => {
  await expect(upload(writeZip(10), `say({ kind: 'not-found' });`)).rejects.toThrow(
    'Bug: the thread has uploaded, and says not-found.',
  );
});

test('an artifact without an id is none', async () => {
  const zip = writeZip(10);
  await expect(upload(zip, said(zip, { id: undefined }), { timeoutMs: 2500 })).rejects.toMatchObject({
    message: 'The upload of the artifact a.zip broke off: GitHub gave it no id.',
  });
});

test.each([
  ['the zip', (zip: Zip) => ({ kind: 'found', id: 9, digest: zip.sha256, sizeBytes: 10 }), 9],
  ['another size', (zip: Zip) => ({ kind: 'found', id: 9, digest: zip.sha256, sizeBytes: 11 }), undefined],
  ['another digest', () => ({ kind: 'found', id: 9, digest: 'f'.repeat(64), sizeBytes: 10 }), undefined],
])('after a lost answer, an artifact of this name with %s', async (_, found, id) => {
  const zip = writeZip(10);
  const lost = {
    kind: 'failed',
    message: 'Failed to FinalizeArtifact: Unable to make request: ECONNRESET',
    code: 'ECONNRESET',
  };
  const code = `say(job.kind === 'find' ? ${JSON.stringify(found(zip))} : ${JSON.stringify(lost)});`;
  const done = upload(zip, code, { more: { isUnique: true } });
  if (id === undefined) await expect(done).rejects.toMatchObject({ message: expect.stringContaining('ECONNRESET') });
  else expect(await done).toMatchObject({ id });
});

test('an answer that is no JSON has its status', async () => {
  const failed = { kind: 'failed', message: 'Failed to CreateArtifact: Unexpected end of JSON input' };
  const code = `process.stdout.write('::debug::[Response] - 403\\n', () => say(${JSON.stringify(failed)}));`;
  await expect(upload(writeZip(10), code, { timeoutMs: 2500 })).rejects.toMatchObject({
    message: 'The artifact a.zip was not accepted: status 403, Failed to CreateArtifact: the answer had no content.',
  });
});
