/** Connections to hosts with addresses of both families, and to proxies that are down. */
import { type ChildProcess, spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import type { NetworkError } from '../../src/net/errors.ts';
import { explainFault } from '../../src/net/faults.ts';
import { completeProxies } from '../../src/net/proxy.ts';
import { onCleanUp } from '../clean-up.ts';
import { startHttpClient } from './http-client.ts';

const { lookup } = dns;

afterEach(() => {
  dns.lookup = lookup;
  for (const name of ['http_proxy', 'https_proxy']) delete process.env[name];
});

/** Every name has these addresses, in this order. */
function resolveTo(...addresses: { address: string; family: number }[]): void {
  const answer = (...given: unknown[]) => (given.at(-1) as (...result: unknown[]) => void)(null, addresses);
  dns.lookup = answer as unknown as typeof dns.lookup;
}

const BOTH = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
] as const;

function get(url: string, timeoutMs = 9000): Promise<unknown> {
  const http = startHttpClient();
  const signal = new AbortController().signal;
  return http.send({ what: 'Asking', method: 'GET', url: new URL(url), timeoutMs, signal });
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** A server that does not accept connections yet, and whose queue is full: a further handshake is not answered. */
async function startSlowServer(): Promise<{ port: number; server: ChildProcess }> {
  const code = `const server = require('node:http').createServer((_, response) => response.end('hello'));
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;
  const server = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onCleanUp(() => server.kill('SIGKILL'));
  const [printed] = (await once(server.stdout, 'data')) as [Buffer];
  const port = Number(printed);
  server.kill('SIGSTOP');
  for (let isFull = false; !isFull; ) {
    const filler = connect(port, '127.0.0.1').on('error', () => {});
    onCleanUp(() => filler.destroy());
    isFull = await Promise.race([once(filler, 'connect').then(() => false), sleep(200, true)]);
  }
  return { port, server };
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a handshake of more than 250 ms is waited for, where the other family cannot be reached', async () => {
  const { port, server } = await startSlowServer();
  resolveTo(...BOTH);
  const startMs = performance.now();
  const answer = get(`http://slow.example:${port}/`);
  await sleep(400);
  server.kill('SIGCONT');
  expect(await answer).toMatchObject({ status: 200, text: 'hello' });
  expect(performance.now() - startMs).toBeGreaterThan(400);
});

test('if no address can be reached, each is named with its error', async () => {
  const port = await closedPort();
  resolveTo(...BOTH);
  await expect(get(`http://closed.example:${port}/`)).rejects.toMatchObject({
    delivery: 'not-sent',
    transient: true,
    message: expect.stringMatching(
      `got no answer: no connection: 127\\.0\\.0\\.1:${port}: the connection was refused \\(ECONNREFUSED\\); \\[::1\\]:${port}: .* \\(E[A-Z]+\\)\\.$`,
    ),
  });
});

test('the message on addresses that time out does not claim ten seconds', () => {
  const part = (code: string, address: string) => Object.assign(new Error(code), { code, address, port: 443 });
  const parts = [part('ETIMEDOUT', '192.0.2.1'), part('ENETUNREACH', '2001:db8::1')];
  const all = Object.assign(new AggregateError(parts), { code: 'ETIMEDOUT' });
  const timeout = Object.assign(new Error('Connect Timeout Error (attempted addresses: …, timeout: 10000ms)'), {
    code: 'UND_ERR_CONNECT_TIMEOUT',
    cause: all,
  });
  expect(explainFault(timeout).outcome).toBe(
    'got no answer: no connection: 192.0.2.1:443: the connection timed out (ETIMEDOUT); [2001:db8::1]:443: the network cannot be reached (ENETUNREACH)',
  );
});

test.each([
  ['http_proxy', 'http'],
  ['https_proxy', 'https'],
])('the proxy of %s that is down is named, without its credentials', async (name, scheme) => {
  const port = await closedPort();
  process.env[name] = `user:hunter22@127.0.0.1:${port}`;
  const error = await get(`${scheme}://api.example/`).catch((reason: unknown) => reason);
  const { message, fix } = error as Error & { fix: string };
  expect(message).toContain(`the proxy 127.0.0.1:${port} could not be reached: the connection was refused`);
  expect(fix).toContain('HTTPS_PROXY');
  expect(message + fix).not.toContain('hunter22');
});

test('a proxy with an unknown name is named; a host that bypasses the proxy and is down is not mistaken for it', async () => {
  process.env['https_proxy'] = 'http://proxy.invalid:3128';
  const unknown = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', hostname: 'proxy.invalid' });
  const url = new URL('https://api.example/');
  expect(explainFault(unknown, url).outcome).toContain('the proxy proxy.invalid:3128 could not be reached');
  const slow = new Error('Connect Timeout Error (attempted address: proxy.invalid:3128, timeout: 10000ms)');
  const timeout = Object.assign(slow, { code: 'UND_ERR_CONNECT_TIMEOUT' });
  expect(explainFault(timeout, url).outcome).toContain('the proxy proxy.invalid:3128');
  const other = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '192.0.2.1', port: 443 });
  expect(explainFault(other, url).outcome).toBe('got no answer: the connection was refused (ECONNREFUSED)');
});

test.each<[string, (socket: Socket) => void]>([
  ['says nothing', () => {}],
  ['breaks off', (socket) => void socket.once('data', () => socket.destroy())],
  ['is none', (socket) => void socket.once('data', () => socket.end('SSH-2.0-x\r\n'))],
])('behind a proxy that %s, the advice names it, without its credentials', async (_, greet) => {
  const server = createServer(greet).listen(0, '127.0.0.1');
  onCleanUp(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.env['https_proxy'] = `http://user:pass-word@127.0.0.1:${port}`;
  const failure = (await get('https://api.example/', 1500).catch((error: unknown) => error)) as NetworkError;
  expect(failure.delivery).toBe('not-sent');
  expect(failure.fix).toContain(`the proxy 127.0.0.1:${port} has to let it through`);
  expect(`${failure.message} ${failure.fix}`).not.toContain('pass-word');
});

test('a blank variable names no proxy', () => {
  const env = { https_proxy: '  ', HTTPS_PROXY: 'proxy.example:3128', http_proxy: '' };
  completeProxies(env);
  expect(env).toEqual({ HTTPS_PROXY: 'http://proxy.example:3128', http_proxy: '' });
});
