/** Storefronts behind a proxy, which alone knows their names here. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { openTunnel } from '../proxy-server.ts';
import {
  answered,
  certificate,
  closedPort,
  DAY_MS,
  get,
  listen,
  resolveTo,
  startPages,
  startStorefront,
  startTlsStorefront,
  trust,
} from './helpers.ts';

interface Proxy {
  port: number;
  /** What it was asked for. */
  asked: string[];
}

interface ProxyRules {
  forward?: RequestListener;
  connect?: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

/** A proxy for both schemes. */
async function startProxy({ forward, connect }: ProxyRules): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    forward?.(request, response);
  });
  server.on('connect', (request, socket: Socket, head) => {
    asked.push(request.url ?? '');
    connect?.(request, socket, head);
  });
  const port = await listen(server);
  useProxy(`http://user:hunter22@127.0.0.1:${port}`);
  return { port, asked };
}

function useProxy(url: string): void {
  process.env['http_proxy'] = url;
  process.env['https_proxy'] = url;
}

test('a page comes through the proxy, which resolves its name', async () => {
  const { asked } = await startProxy({ forward: (_, response) => response.end('the page') });
  const names = resolveTo({});
  const answer = await get('http://shop.example/a', {}, startPages({ isLocal: false }));
  expect(answered(answer).body).toBe('the page');
  expect(asked).toEqual(['http://shop.example/a']);
  expect(names.asked).toEqual([]);
});

test('headers that a browser takes are not too large behind a proxy, either', async () => {
  const own = await certificate(-DAY_MS, DAY_MS, 'shop.example');
  trust(own.cert);
  const { port } = await startTlsStorefront(own, (_, response) => {
    response.setHeader('x-policy', 'p'.repeat(60_000)).end('the page');
  });
  await startProxy({ connect: (_, socket, head) => openTunnel(socket, head, { host: '127.0.0.1', port }) });
  const answer = await get('https://shop.example/a', {}, startPages({ isLocal: false }));
  expect(answered(answer).body).toBe('the page');
});

test('this machine is never asked through a proxy', async () => {
  const { asked } = await startProxy({ forward: (_, response) => response.end('the proxy') });
  const { port } = await startStorefront((_, response) => response.end('the page'));
  const pages = startPages();
  for (const host of ['shop.localhost', 'localhost', '127.0.0.1']) {
    expect(answered(await get(`http://${host}:${port}/`, {}, pages)).body).toBe('the page');
  }
  expect(asked).toEqual([]);
});

test('behind a proxy, addresses of a private network are not asked, either', async () => {
  const { asked } = await startProxy({ forward: (_, response) => response.end('secret') });
  const pages = startPages({ isLocal: false });
  const hosts = ['169.254.169.254', '10.0.0.1', '[::1]', '127.0.0.1', 'localhost.', 'shop.localhost', '0x7f.1'];
  for (const host of hosts) {
    for (const scheme of ['http', 'https']) {
      expect(await get(`${scheme}://${host}/`, {}, pages)).toMatchObject({ kind: 'none', fault: 'address' });
    }
  }
  expect(asked).toEqual([]);
});

test('nor are they after a redirect', async () => {
  const location = 'http://169.254.169.254/latest';
  const { asked } = await startProxy({ forward: (_, response) => response.writeHead(302, { location }).end() });
  const hosts = new Set(['169.254.169.254']);
  const answer = await get('http://shop.example/', { hosts }, startPages({ isLocal: false }));
  expect(answer).toMatchObject({ kind: 'none', fault: 'address', hops: [{ status: 302 }] });
  expect(asked).toEqual(['http://shop.example/']);
});

test('a host that NO_PROXY names is checked by what its name leads to', async () => {
  const { asked } = await startProxy({ forward: (_, response) => response.end('the proxy') });
  const { port, connections } = await startStorefront((_, response) => response.end('secret'));
  process.env['no_proxy'] = 'inner.example';
  resolveTo({ 'inner.example': ['127.0.0.1'] });
  const answer = await get(`http://inner.example:${port}/`, {}, startPages({ isLocal: false }));
  expect(answer).toMatchObject({ kind: 'none', fault: 'address' });
  expect(asked).toEqual([]);
  expect(connections()).toBe(0);
});

test.each<[string, string, ProxyRules]>([
  ['https', 'the proxy answered 407', { connect: (_, socket) => socket.end('HTTP/1.1 407 Credentials\r\n\r\n') }],
  ['https', 'the proxy answered 403', { connect: (_, socket) => socket.end('HTTP/1.1 403 No\r\n\r\nhunter22') }],
  ['https', 'the proxy made no connection', { connect: (_, socket) => socket.destroy() }],
  ['http', 'the proxy answered 407', { forward: (_, response) => response.writeHead(407).end('hunter22') }],
])('for %s: %s', async (scheme, reason, rules) => {
  await startProxy(rules);
  expect(await get(`${scheme}://shop.example/`)).toEqual({ kind: 'none', fault: 'proxy', reason, hops: [] });
});

test.each(['http', 'https'])('for %s: a proxy that cannot be reached', async (scheme) => {
  useProxy(`http://user:hunter22@127.0.0.1:${await closedPort()}`);
  const reason = 'the proxy could not be reached';
  expect(await get(`${scheme}://shop.example/`)).toEqual({ kind: 'none', fault: 'proxy', reason, hops: [] });
});

test('a storefront on this machine that is down is not mistaken for the proxy', async () => {
  await startProxy({});
  const answer = await get(`http://shop.localhost:${await closedPort()}/`);
  expect(answer).toEqual({ kind: 'none', fault: 'connection', reason: 'connection refused', hops: [] });
});

test('a proxy whose name is unknown', async () => {
  useProxy('http://proxy.example:3128');
  resolveTo({});
  const reason = 'the proxy could not be reached';
  expect(await get('https://shop.example/')).toEqual({ kind: 'none', fault: 'proxy', reason, hops: [] });
});

test('a TLS fault behind the proxy is one of the storefront', async () => {
  const { port } = await startStorefront((_, response) => response.end());
  await startProxy({ connect: (_, socket, head) => openTunnel(socket, head, { host: '127.0.0.1', port }) });
  const answer = await get('https://shop.example/');
  expect(answer).toMatchObject({ kind: 'none', fault: 'tls', reason: expect.stringContaining('TLS handshake failed') });
});

test('a proxy that hangs', async () => {
  await startProxy({ connect: () => {} });
  const reason = 'no connection within 0.3 s';
  const answer = await get('https://shop.example/', { timeoutMs: 300 });
  expect(answer).toEqual({ kind: 'none', fault: 'connection', reason, hops: [] });
});

test('a proxy variable that is no URL', () => {
  useProxy('proxy example');
  expect(() => startPages()).toThrow('is not a usable URL');
});
