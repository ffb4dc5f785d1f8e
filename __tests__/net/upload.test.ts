import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeEach, expect, test } from '@jest/globals';
import { type FileUpload, postFile, putFile } from '../../src/net/upload.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';
import { startHttpClient } from './http-client.ts';

/** Passed as text to another thread, so it cannot use anything of this file. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const SIZE_BYTES = 20_000_000;
let path = '';

beforeEach(() => {
  path = join(temporaryFolder(), 'file');
  writeFileSync(path, Buffer.alloc(SIZE_BYTES, 'x'));
});

/**
 * A server in a thread of its own: one that shares the client's event loop acts between the client's reads and writes,
 * which no real one can.
 */
async function startServer(handler: Handler): Promise<number> {
  const worker = new Worker(
    `require('node:http').createServer(${handler.toString()})
      .listen(0, '127.0.0.1', function () { require('node:worker_threads').parentPort.postMessage(this.address().port); });`,
    { eval: true },
  );
  onCleanUp(() => worker.terminate());
  const [port] = await once(worker, 'message');
  return port;
}

async function send(handler: Handler, more: Partial<FileUpload> & { form?: true } = {}) {
  const port = await startServer(handler);
  const http = startHttpClient();
  const upload: FileUpload = {
    what: 'Sending',
    url: new URL(`http://127.0.0.1:${port}/`),
    path,
    sizeBytes: SIZE_BYTES,
    headers: {},
    stallMs: 5000,
    answerMs: 5000,
    onProgress: () => {},
    signal: new AbortController().signal,
    explain: () => undefined,
    ...more,
  };
  const form = { name: 'file', fileName: 'a.csv', mediaType: 'text/csv' };
  const sending = () => (more.form ? postFile(http, upload, form) : putFile(http, upload));
  return { http, sending, sentText: async () => (await sending()).text };
}

test.each<[string, Handler]>([
  [
    'at once, and closes',
    (_, response) => void response.writeHead(413, { connection: 'close' }).end('{"title":"too large"}'),
  ],
  ['at once, and reads no more', (_, response) => void response.writeHead(413).end('{"title":"too large"}')],
  [
    'in the middle, and closes',
    (request, response) => {
      request.once('data', () => {
        request.pause();
        response.writeHead(413, { connection: 'close' }).end('{"title":"too large"}');
      });
    },
  ],
  [
    'and breaks the connection',
    (request, response) => {
      response.writeHead(413, { connection: 'close' }).end('{"title":"too large"}', () => request.socket.destroy());
    },
  ],
  [
    'and breaks the connection within its words',
    (request, response) => {
      response.writeHead(413, { 'content-length': '100' });
      response.write('{"title"', () => setTimeout(() => request.socket.resetAndDestroy(), 20));
    },
  ],
])('the answer of a server that refuses a form or a file before its end, %s, is read', async (_, handler) => {
  for (const kind of [{ form: true as const }, { mayBeRefusedEarly: true as const }]) {
    const { sending } = await send(handler, kind);
    for (let turn = 0; turn < 5; turn += 1) await expect(sending()).rejects.toMatchObject({ status: 413 });
  }
});

test('a server that stops reading is a stall, for a form as for a file, and a lost answer', async () => {
  for (const form of [{}, { form: true as const }]) {
    const { sending } = await send((request) => void request.pause(), { stallMs: 200, ...form });
    await expect(sending()).rejects.toMatchObject({
      delivery: 'lost-answer',
      message: expect.stringMatching(/stalled after \d+ of 20000000 bytes/),
    });
  }
});

test('of a file that grew only the announced length is sent; one that shrank is an error that names it', async () => {
  const count = (request: IncomingMessage, response: ServerResponse) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.end(String(bytes)));
  };
  const grown = await send(count, { sizeBytes: 1000 });
  expect(await grown.sentText()).toBe('1000');
  const shrunk = await send(count, { sizeBytes: SIZE_BYTES + 1 });
  await expect(shrunk.sending()).rejects.toMatchObject({ title: 'File not readable' });
});

test('a stalled upload leaves no timer, even though undici asks for another chunk when its connection closes', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const { sending, http } = await send((request) => void request.pause(), { stallMs: 200 });
  const timersBefore = timers();
  await expect(sending()).rejects.toThrow('stalled');
  await http.close();
  expect(timers()).toBeLessThanOrEqual(timersBefore);
});

test('a page with status 200 is not an upload: a firewall has answered, and the outcome is unknown', async () => {
  const { sending } = await send((request, response) => {
    request.resume().on('end', () => response.end('<html><head><title>Blocked by policy</title></head></html>'));
  });
  await expect(sending()).rejects.toMatchObject({
    delivery: 'lost-answer',
    transient: true,
    message: expect.stringContaining('answered 200 with an HTML page ("Blocked by policy") where'),
  });
});
