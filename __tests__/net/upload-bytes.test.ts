/** The received file equals the sent one: an upload reuses the same two buffers over and over. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCertificate } from '../../emulator/certificate.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { putFile } from '../../src/net/upload.ts';
import { onCleanUp } from '../clean-up.ts';
import { startHttpClient } from './http-client.ts';

/** Not a multiple of the size of a read. */
const content = randomBytes(9_000_011);
const sha256 = createHash('sha256').update(content).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'upload-bytes-'));
const path = join(folder, 'file');
const trusted = tls.getCACertificates('default');
let certificate = { key: '', cert: '' };

beforeAll(async () => {
  writeFileSync(path, content);
  const { key, cert } = await createCertificate(folder);
  certificate = { key, cert };
  tls.setDefaultCACertificates([...trusted, cert]);
});

afterAll(() => {
  tls.setDefaultCACertificates(trusted);
  rmSync(folder, { recursive: true });
});

/** Travels as text into the server's thread. */
type Taker = (request: IncomingMessage, take: (chunk: Buffer) => void) => void;

const TAKERS: readonly [string, Taker][] = [
  ['as it comes', (request, take) => void request.on('data', take)],
  [
    'with pauses',
    (request, take) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        take(chunk);
        bytes += chunk.length;
        if (bytes < 300_000) return;
        bytes = 0;
        request.pause();
        setTimeout(() => request.resume(), 5);
      });
    },
  ],
  [
    'in odd sizes',
    (request, take) => {
      let size = 1;
      request.on('readable', () => {
        for (;;) {
          const chunk: Buffer | null = request.read(size) ?? request.read();
          if (chunk === null) return;
          take(chunk);
          size = ((size * 7919) % 14_001) + 1;
        }
      });
    },
  ],
];

/** In a thread of its own, as in upload.test.ts; answers with the length and the hash of what it took. */
async function startSink(taker: Taker, secure: boolean): Promise<URL> {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
    const server = require(workerData === null ? 'node:http' : 'node:https').createServer(workerData ?? {}, (request, response) => {
      const hash = require('node:crypto').createHash('sha256');
      (${taker.toString()})(request, (chunk) => hash.update(chunk));
      request.on('end', () => response.end(request.headers['content-length'] + ' ' + hash.digest('hex')));
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true, workerData: secure ? certificate : null },
  );
  onCleanUp(() => worker.terminate());
  const [port] = await once(worker, 'message');
  return new URL(`${secure ? 'https' : 'http'}://127.0.0.1:${port}/`);
}

async function put(http: HttpClient, url: URL, onProgress: (sentBytes: number) => void): Promise<string> {
  const sizeBytes = content.length;
  const times = { stallMs: 5000, answerMs: 5000 };
  const { signal } = new AbortController();
  const upload = { what: 'Sending', url, path, sizeBytes, sha256, headers: {}, signal, explain: () => undefined };
  return (await putFile(http, { ...upload, ...times, onProgress })).text;
}

test.each(
  TAKERS.flatMap(([how, taker]) => [[how, 'plainly', taker, false] as const, [how, 'with TLS', taker, true] as const]),
)('a server that reads the body %s, %s, gets every byte of it', async (_how, _tls, taker, secure) => {
  const url = await startSink(taker, secure);
  const http = startHttpClient();
  const progress: number[] = [];
  // Twice: the second time on a connection that has sent before.
  for (let turn = 0; turn < 2; turn += 1) {
    progress.splice(0);
    expect(await put(http, url, (sentBytes) => progress.push(sentBytes))).toBe(`${content.length} ${sha256}`);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(content.length);
  }
});
