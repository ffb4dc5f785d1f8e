/** Connections that are opened before the first call, seen from the server's side. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import type { HttpClient } from '../../src/net/http.ts';
import { onCleanUp } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';
import { startHttpClient } from './http-client.ts';

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'NO_PROXY', 'no_proxy'];

afterEach(() => {
  for (const name of PROXY_VARIABLES) delete process.env[name];
});

interface Site {
  url: URL;
  connections: Socket[];
  requests: () => number;
  server: Server;
}

/** A server that counts; `greet` does something to each new connection. */
async function startSite(greet: (socket: Socket, count: number) => void = () => {}): Promise<Site> {
  const connections: Socket[] = [];
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end('hello');
  });
  server.on('connection', (socket) => greet(socket, connections.push(socket)));
  return { url: await listen(server), connections, requests: () => requests, server };
}

async function listen(server: ReturnType<typeof createTcpServer>, scheme = 'http'): Promise<URL> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onCleanUp(() => server.close());
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  onCleanUp(() => {
    for (const socket of sockets) socket.destroy();
  });
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** As some servers send it over a connection that waits. */
const TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n';
const forever = new AbortController().signal;

/** The client, in the same thread, gets to know what has happened. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function get(http: HttpClient, url: URL): Promise<string> {
  return (await http.send({ what: 'Asking', method: 'GET', url, timeoutMs: 5000, signal: forever })).text;
}

test('the connection is open before the first request, which uses it and sends the first bytes', async () => {
  const site = await startSite();
  const http = startHttpClient();
  const connected = once(site.server, 'connection');
  http.openAhead(site.url, forever);
  http.openAhead(site.url, forever);
  const [socket] = (await connected) as [Socket];
  expect([site.requests(), socket.bytesRead]).toEqual([0, 0]);
  expect(await get(http, site.url)).toBe('hello');
  expect(await get(http, site.url)).toBe('hello');
  expect([site.requests(), site.connections.length]).toEqual([2, 1]);
});

test('a request waits for a connection that is still being made', async () => {
  const site = await startSite();
  const http = startHttpClient();
  http.openAhead(site.url, forever);
  expect(await get(http, site.url)).toBe('hello');
  expect(site.connections).toHaveLength(1);
});

test.each<[string, (socket: Socket) => void]>([
  ['closes', (socket) => socket.end(() => socket.emit('said'))],
  ['resets', (socket) => socket.resetAndDestroy()],
  ['answers unasked and closes', (socket) => socket.end(TIMEOUT, () => socket.emit('said'))],
  ['answers unasked', (socket) => void socket.write(TIMEOUT, () => socket.emit('said'))],
])('a connection that the server %s meanwhile is replaced by an ordinary one', async (_, spoil) => {
  const site = await startSite();
  const http = startHttpClient();
  const connected = once(site.server, 'connection');
  http.openAhead(site.url, forever);
  const [socket] = (await connected) as [Socket];
  await turns();
  const done = new Promise((resolve) => socket.once('close', resolve).once('said', resolve));
  spoil(socket);
  await done;
  await turns();
  expect(await get(http, site.url)).toBe('hello');
  expect([site.requests(), site.connections.length]).toEqual([1, 2]);
});

test('a failed connection is forgotten; the call reports its own failure, or succeeds', async () => {
  const server = createTcpServer();
  const url = await listen(server);
  server.close();
  const http = startHttpClient();
  http.openAhead(url, forever);
  await expect(get(http, url)).rejects.toMatchObject({ delivery: 'not-sent', transient: true });
  http.openAhead(url, forever);
  // One that is refused, too, and ends after the first.
  await once(connect(Number(url.port), url.hostname), 'error');
  const site = createServer((_, response) => void response.end('hello')).listen(Number(url.port), url.hostname);
  onCleanUp(() => site.closeAllConnections());
  onCleanUp(() => site.close());
  await once(site, 'listening');
  expect(await get(http, url)).toBe('hello');
});

test.each(['HTTP_PROXY', 'https_proxy'])('if %s names a proxy, no connection bypasses it', async (name) => {
  const site = await startSite();
  process.env[name] = 'http://127.0.0.1:9';
  process.env['NO_PROXY'] = '127.0.0.1';
  const http = startHttpClient();
  http.openAhead(site.url, forever);
  const connected = once(site.server, 'connection');
  // It would arrive after one that was opened earlier.
  const own = connect(Number(site.url.port), site.url.hostname);
  onCleanUp(() => own.destroy());
  await connected;
  expect(site.connections.map(({ remotePort }) => remotePort)).toEqual([own.localPort]);
  expect(await get(http, site.url)).toBe('hello');
});

test.each(['close', 'cancel'])('on %s a connection is closed, whether open or stuck in its handshake', async (how) => {
  for (const scheme of ['http', 'https']) {
    const server = createTcpServer(() => {});
    const url = await listen(server, scheme);
    const http = startHttpClient();
    const cancel = new AbortController();
    const connected = once(server, 'connection');
    http.openAhead(url, cancel.signal);
    const [socket] = (await connected) as [Socket];
    const gone = once(
      socket.on('error', () => {}),
      'close',
    );
    // With TLS: once it has begun its handshake, to which nobody answers.
    if (scheme === 'https') await once(socket, 'data');
    else socket.resume();
    if (how === 'close') await http.close();
    else cancel.abort();
    await gone;
  }
});

test.each(['http', 'https'])(
  'a process with an idle connection ends by itself, without output (%s)',
  async (scheme) => {
    const server = createTcpServer(() => {});
    const url = await listen(server, scheme);
    const module = new URL('../../src/net/http.ts', import.meta.url).href;
    const code = `import { createHttpClient } from '${module}';
    createHttpClient({ userAgent: 'test/1', correlationId: 'c' }).openAhead(new URL('${url}'), new AbortController().signal);`;
    const run = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
      timeout: timeoutMs(20_000),
    });
    expect(run).toEqual({ stdout: '', stderr: '' });
  },
);
