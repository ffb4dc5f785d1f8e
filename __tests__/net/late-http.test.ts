import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import { createLateHttpClient } from '../../src/net/late-http.ts';

const OPTIONS = { userAgent: 'test/1', correlationId: 'c' };
let server: Server | undefined;

afterEach(() => {
  delete process.env['https_proxy'];
  server?.close();
  server = undefined;
});

async function callTo(status: number): Promise<HttpCall> {
  server = createServer((_request, response) => response.writeHead(status).end('hello'));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { what: 'Asking', method: 'GET', url, timeoutMs: 5000, signal: new AbortController().signal };
}

test('its calls are those of the client that it loads, answers and refusals alike', async () => {
  const http = createLateHttpClient(OPTIONS);
  expect(await http.send(await callTo(200))).toMatchObject({ status: 200, text: 'hello' });
  server?.close();
  await expect(http.send(await callTo(500))).rejects.toMatchObject({ status: 500 });
  await http.close();
});

test('it can be closed before anything was asked', async () => {
  await createLateHttpClient(OPTIONS).close();
});

test('a proxy that is no URL is told of at once, and not by the first call', () => {
  process.env['https_proxy'] = 'proxy example:3128';
  expect(() => createLateHttpClient(OPTIONS)).toThrow('is not a usable URL');
});

test('a proxy of a kind that nobody serves is told of by the first call', async () => {
  process.env['https_proxy'] = 'gopher://proxy.example';
  const http = createLateHttpClient(OPTIONS);
  await expect(http.send(await callTo(200))).rejects.toThrow('is not a usable URL');
  await http.close();
});
