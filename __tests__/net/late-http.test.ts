import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import { createHttpClient } from '../../src/net/http.ts';
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

test('it passes answers and refusals of the loaded client on', async () => {
  const http = createLateHttpClient(OPTIONS);
  expect(await http.send(await callTo(200))).toMatchObject({ status: 200, text: 'hello' });
  server?.close();
  await expect(http.send(await callTo(500))).rejects.toMatchObject({ status: 500 });
  await http.close();
});

test('it can be closed before the first call', async () => {
  await createLateHttpClient(OPTIONS).close();
});

test.each(['proxy example:3128', 'proxy.example:port', 'ftp://proxy.example', 'http://u%zz@proxy.example'])(
  'the proxy %s is reported at once, not by the first call',
  (proxy) => {
    process.env['https_proxy'] = proxy;
    expect(() => createLateHttpClient(OPTIONS)).toThrow('is not a usable URL');
  },
);

test.each(['proxy.example:3128', 'localhost:3128', 'u:p%20@proxy.example', '[::1]:3128'])(
  'the proxy %s gets the scheme http://',
  async (proxy) => {
    process.env['https_proxy'] = proxy;
    await createLateHttpClient(OPTIONS).close();
    await createHttpClient(OPTIONS).close();
    expect(process.env['https_proxy']).toBe(`http://${proxy}`);
  },
);

test.each(['http://proxy.example:3128', 'https://u:p%20@proxy.example', 'socks5://proxy.example'])(
  'the proxy %s is accepted, also by undici',
  async (proxy) => {
    process.env['https_proxy'] = proxy;
    await createLateHttpClient(OPTIONS).close();
    await createHttpClient(OPTIONS).close();
  },
);
