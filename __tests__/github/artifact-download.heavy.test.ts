/**
 * The download of an artifact: its bytes, faults on the way, and no trace of the signed address.
 */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { type DownloadOptions, type DownloadRequest, downloadArtifact } from '../../src/github/artifact-download.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { onCleanUp } from '../clean-up.ts';
import { failureOf, NEVER, platform, useStore, writeZip, type Zip } from './artifact-harness.ts';

interface Downloading {
  emulator: Emulator;
  zip: Zip;
  id: number;
  folder: string;
  logged: string[];
  masked: string[];
  download: (change?: Partial<DownloadRequest & DownloadOptions>) => ReturnType<typeof downloadArtifact>;
}

async function arrange(sizeBytes = 100_000): Promise<Downloading> {
  const emulator = await platform();
  const zip = writeZip(sizeBytes);
  const { store } = useStore(emulator);
  const { id } = await store.upload({ path: zip.path, name: 'a.zip' }, NEVER);
  const folder = mkdtempSync(join(tmpdir(), 'download-test-'));
  const [logged, masked]: [string[], string[]] = [[], []];
  const http = createHttpClient({ userAgent: 'test', correlationId: 'c' });
  onCleanUp(async () => {
    await http.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const download: Downloading['download'] = async (change = {}) => {
    const signal = change.signal ?? NEVER;
    // The client itself takes the first platform of a process for the only one; whole processes are tests of it.
    const readDownloadUrl = async (artifactId: number) => {
      const url = `${emulator.github.apiUrl}/repos/${emulator.github.repository}/actions/artifacts/${artifactId}/zip`;
      const headers = { authorization: `token ${emulator.github.token}`, 'user-agent': 'test' };
      return (await fetch(url, { headers, redirect: 'manual', signal })).headers.get('location') ?? '';
    };
    const github = { readDownloadUrl };
    const request = {
      artifactId: id,
      path: join(folder, 'a.zip'),
      maxBytes: 1_000_000,
      onProgress: () => {},
      ...change,
    };
    const maskSecret = (value: string) => masked.push(value);
    const onRetry: DownloadOptions['onRetry'] = ({ error }) => logged.push(error.message);
    return await downloadArtifact(request, { github, http, maskSecret, onRetry, ...change, signal });
  };
  return { emulator, zip, id, folder, logged, masked, download };
}

const callsOf = (emulator: Emulator, wanted: string) => emulator.requests.filter(({ call }) => call === wanted);

/** Nothing that was said holds a signature, and each was masked before it was used. */
function expectNoSignature({ emulator, logged, masked }: Downloading, ...more: string[]): void {
  const reads = callsOf(emulator, 'artifacts.getBlob');
  expect(reads.length).toBeGreaterThan(0);
  for (const { query, headers } of reads) {
    const signature = query['sig'] ?? '?';
    expect(masked).toContain(signature);
    for (const text of [...logged, ...more]) expect(text).not.toContain(encodeURIComponent(signature));
    for (const text of [...logged, ...more]) expect(text).not.toContain(signature);
    expect(headers).not.toHaveProperty('authorization');
  }
  expect(emulator.violations).toEqual([]);
}

test('the file is the uploaded one', async () => {
  const all = await arrange();
  const file = await all.download();
  expect(file).toEqual({ path: join(all.folder, 'a.zip'), sizeBytes: all.zip.sizeBytes, sha256: all.zip.sha256 });
  expect(readFileSync(file.path)).toEqual(readFileSync(all.zip.path));
  expectNoSignature(all);
});

test.each([
  ['a body that breaks off', { effect: 'reset-in-body' }],
  ['a connection that breaks', { effect: 'reset-before' }],
  ['a store that is busy', { effect: 'status', status: 503 }],
  ['a signature that is over', { effect: 'status', status: 403 }],
] as const)('%s is followed by another try with its own address', async (_, fault) => {
  const all = await arrange();
  all.emulator.addFault({ call: 'artifacts.getBlob', ...fault });
  const { sha256 } = await all.download();
  expect(sha256).toBe(all.zip.sha256);
  const reads = callsOf(all.emulator, 'artifacts.getBlob');
  expect(reads).toHaveLength(2);
  expect(callsOf(all.emulator, 'github.downloadArtifact')).toHaveLength(2);
  expect(all.logged.filter((line) => line.startsWith('Downloading artifact'))).toHaveLength(1);
  expectNoSignature(all);
});

test('a download that never arrives is given up in time, and leaves no file', async () => {
  const all = await arrange();
  all.emulator.addFault({ call: 'artifacts.getBlob', effect: 'hang', times: 'always' });
  const error = await failureOf(all.download({ timeoutMs: 600 }));
  expect(error.message).toBe(`Downloading artifact ${all.id} did not finish within 1 s and was given up.`);
  expect(readdirSync(all.folder)).toEqual([]);
  expectNoSignature(all, error.message, `${error.stack} ${error.cause}`);
});

test('an abort in the middle ends it at once, with the reason, and leaves no file', async () => {
  const all = await arrange();
  // Half of the announced bytes, and then nothing more.
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'content-length': '2000' });
    answer.write('x'.repeat(1000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.zip?sig=secret-signature`;
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const begun = Promise.withResolvers<void>();
  const downloading = all.download({
    github: { readDownloadUrl: async () => address },
    signal: controller.signal,
    onProgress: (bytes) => bytes > 0 && begun.resolve(),
  });
  downloading.catch(() => {});
  await begun.promise;
  expect(existsSync(join(all.folder, 'a.zip'))).toBe(true);
  controller.abort(reason);
  await expect(downloading).rejects.toBe(reason);
  expect(readdirSync(all.folder)).toEqual([]);
  expect(all.masked).toContain('secret-signature');
});

test('an abort at the very end leaves no file either', async () => {
  const all = await arrange(1000);
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const onProgress = (bytes: number) => bytes === all.zip.sizeBytes && controller.abort(reason);
  await expect(all.download({ signal: controller.signal, onProgress })).rejects.toBe(reason);
  expect(readdirSync(all.folder)).toEqual([]);
});

test('more bytes than a bundle may have are refused', async () => {
  const all = await arrange();
  const error = await failureOf(all.download({ maxBytes: 99_999 }));
  expect(error.message).toContain('more than 99999 bytes');
  expect(readdirSync(all.folder)).toEqual([]);
  expect(callsOf(all.emulator, 'artifacts.getBlob')).toHaveLength(1);
});

test.each(['http://store.example/a', 'file:///etc/passwd', 'nonsense'])(
  'no request is sent to an address %s',
  async (address) => {
    const all = await arrange();
    const github = { readDownloadUrl: async () => address };
    const error = await failureOf(all.download({ github }));
    expect(error.message).not.toContain('a.zip');
    expect(error.title).toBe('Download address not usable');
  },
);

test('a missing folder is an error', async () => {
  const all = await arrange();
  const error = await failureOf(all.download({ path: join(all.folder, 'no', 'a.zip') }));
  expect(error.message).toContain('could not be written');
});
