/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, with a proxy that counts what passes through it. */
import { createServer, request } from 'node:http';
import { expect, test } from '@jest/globals';
import { listenUntil, openTunnel } from '../proxy-server.ts';
import { deploy, failureOf, onCleanUp, platform, warningsOf } from './harness.ts';

interface Proxy {
  url: string;
  passed: string[];
}

/** @param refusals statuses with which the first CONNECTs are refused */
async function startProxy(refusals: string[] = []): Promise<Proxy> {
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    passed.push(incoming.url ?? '');
    const forwarded = request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming, socket, head) => {
    passed.push(incoming.url ?? '');
    const refusal = refusals.shift();
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const [host, port] = (incoming.url ?? '').split(':');
    openTunnel(socket, head, { host, port: Number(port) });
  });
  return { url: await listenUntil(onCleanUp, server), passed };
}

test('all traffic goes through HTTP_PROXY', async () => {
  const emulator = await platform();
  const proxy = await startProxy();
  const run = await deploy({ emulator, env: { HTTP_PROXY: proxy.url } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(proxy.passed.length).toBeGreaterThan(0);
  for (const target of proxy.passed) expect(target).toContain(new URL(emulator.origin).host);
});

test('TLS goes through HTTPS_PROXY, as a tunnel', async () => {
  const emulator = await platform({ tls: true });
  const proxy = await startProxy();
  const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: emulator.certificatePath ?? '' };
  const run = await deploy({ emulator, env });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(new Set(proxy.passed)).toEqual(new Set([new URL(emulator.origin).host]));
});

test('NO_PROXY goes past it', async () => {
  const emulator = await platform();
  const proxy = await startProxy();
  const run = await deploy({ emulator, env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(proxy.passed).toEqual([]);
});

test('a proxy that refuses is named, at once', async () => {
  const emulator = await platform({ tls: true });
  const proxy = await startProxy(Array.from({ length: 9 }, () => '407 Proxy Authentication Required'));
  const run = await deploy({ emulator, env: { HTTPS_PROXY: proxy.url } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(/proxy refused.*407.*HTTPS_PROXY/s);
});

test('an untrusted certificate is refused, with advice', async () => {
  const emulator = await platform({ tls: true });
  const run = await deploy({ emulator });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('NODE_EXTRA_CA_CERTS');
});

test('where no certificate is checked, a warning says who can read the token then', async () => {
  const emulator = await platform({ tls: true });
  const run = await deploy({ emulator, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run)).toContain(
    'whoever is between the runner and a server can read the token that the server is sent',
  );
});

test('a proxy setting that is not a URL is a separate error, and its password is not shown', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, env: { HTTP_PROXY: 'http://user:hunter2 pass@:bad' } });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toContain('HTTP_PROXY');
  expect(run.everything).not.toContain('hunter2');
});

test('a proxy setting without http:// is accepted, as by curl', async () => {
  const emulator = await platform();
  const proxy = await startProxy();
  const run = await deploy({ emulator, env: { HTTP_PROXY: proxy.url.replace('http://', '') } });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(proxy.passed.length).toBeGreaterThan(0);
});

test('an unusable proxy setting is reported before anything is packaged, in a dry run, too', async () => {
  const run = await deploy({
    emulator: await platform(),
    inputs: { 'dry-run': 'true' },
    env: { HTTPS_PROXY: 'ftp://localhost:3128' },
  });
  expect({ code: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ code: 1, outcome: 'error' });
  expect(failureOf(run).message).toContain('HTTPS_PROXY');
  expect(run.everything).not.toContain('::group::Package');
});

test('a call is repeated if the proxy is busy for a moment', async () => {
  const emulator = await platform({ tls: true });
  const proxy = await startProxy(['503 Service Unavailable']);
  const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: emulator.certificatePath ?? '' };
  expect((await deploy({ emulator, env })).outputs['outcome']).toBe('deployed');
});
