/**
 * Both halves of an upload, the calls of the service and the blocks to the store, through a proxy. The service is
 * reached under a name that the proxy alone knows, so that anything that bypasses it fails.
 */
import { createServer, request } from 'node:http';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { onCleanUp } from '../clean-up.ts';
import { listenUntil, openTunnel } from '../proxy-server.ts';
import { failureOf, NEVER, platform, useStore, writeZip } from './artifact-harness.ts';

const HOST = 'results.actions.test';

interface Proxy {
  url: string;
  /** `CONNECT host:port` or `PUT`, and who asked. */
  passed: string[];
}

async function startProxy(): Promise<Proxy> {
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    passed.push(`${method} ${headers['proxy-authorization'] ?? '-'}`);
    const { port, pathname, search } = new URL(incoming.url ?? '');
    const options = { host: '127.0.0.1', port, path: `${pathname}${search}`, method, headers };
    const forwarded = request(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming, socket, head) => {
    passed.push(`CONNECT ${incoming.headers['proxy-authorization'] ?? '-'}`);
    openTunnel(socket, head, { host: '127.0.0.1', port: Number((incoming.url ?? '').split(':')[1]) });
  });
  return { url: await listenUntil(onCleanUp, server), passed };
}

function isolate(variables: Record<string, string>): void {
  for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
  // The certificate is for other names, and the process did not begin with it.
  Object.assign(process.env, { NODE_TLS_REJECT_UNAUTHORIZED: '0', ...variables });
}

/** An upload to the platform under a name of its own, or under 127.0.0.1. */
function uploadTo(emulator: Emulator, host: string, variables: Record<string, string>) {
  const { store } = useStore(emulator);
  isolate(variables);
  const url = new URL(emulator.artifacts.resultsUrl);
  url.hostname = host;
  process.env['ACTIONS_RESULTS_URL'] = url.href;
  return store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER);
}

test.each(['http_proxy', 'HTTP_PROXY'])('%s serves both halves', async (variable) => {
  const emulator = await platform();
  const proxy = await startProxy();
  await uploadTo(emulator, HOST, { [variable]: proxy.url });
  expect(emulator.artifacts.list[0]?.finalized).toBe(true);
  // The client of the service makes a tunnel for plain http, too.
  expect(proxy.passed).toEqual(['CONNECT -', 'PUT -', 'PUT -', 'CONNECT -']);
});

test.each(['https_proxy', 'HTTPS_PROXY'])('%s serves both halves', async (variable) => {
  const emulator = await platform({ tls: true });
  const proxy = await startProxy();
  await uploadTo(emulator, HOST, {
    [variable]: proxy.url,
    HTTP_PROXY: 'http://127.0.0.1:9',
    ALL_PROXY: 'http://127.0.0.1:9',
  });
  expect(emulator.artifacts.list[0]?.finalized).toBe(true);
  expect(new Set(proxy.passed)).toEqual(new Set(['CONNECT -']));
});

test('both send it the name and password, and a proxy without scheme is an http one', async () => {
  const emulator = await platform();
  const proxy = await startProxy();
  await uploadTo(emulator, HOST, { HTTP_PROXY: proxy.url.replace('http://', 'http://me:p%40ss@') });
  const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(proxy.passed).toEqual([`CONNECT ${basic}`, `PUT ${basic}`, `PUT ${basic}`, `CONNECT ${basic}`]);
  const other = await platform();
  await uploadTo(other, HOST, { HTTP_PROXY: proxy.url.replace('http://', '') });
  expect(other.artifacts.list[0]?.finalized).toBe(true);
});

test.each(['no_proxy', 'NO_PROXY'])('hosts in %s bypass it, in both halves', async (variable) => {
  const emulator = await platform();
  const proxy = await startProxy();
  const variables = { http_proxy: proxy.url, [variable]: '127.0.0.1' };
  // The client of the service never asks a proxy for 127.0.0.1, the other one does: this is about that one.
  await uploadTo(emulator, '127.0.0.1', variables);
  expect(proxy.passed).toEqual([]);
  const error = await failureOf(uploadTo(emulator, HOST, { ...variables, [variable]: HOST }));
  expect(error.message).toMatch(/failed \((ENOTFOUND|EAI_AGAIN)\)/);
  expect(proxy.passed).toEqual([]);
});

test('both ignore a proxy for the other scheme', async () => {
  const emulator = await platform({ tls: true });
  const proxy = await startProxy();
  await uploadTo(emulator, '127.0.0.1', { HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url });
  expect(emulator.artifacts.list[0]?.finalized).toBe(true);
  expect(proxy.passed).toEqual([]);
});
