/** Why there is no answer, from storefronts that do their worst. */
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:tls';
import { expect, test } from '@jest/globals';
import type { PageAnswer, PageFault } from '../../src/domain/verification/page.ts';
import { timeoutMs } from '../timeouts.ts';
import {
  answered,
  certificate,
  closedPort,
  DAY_MS,
  get,
  listen,
  resolveTo,
  startPages,
  startRaw,
  startStorefront,
  startTlsStorefront,
  trust,
} from './helpers.ts';

function none(fault: PageFault, reason: string, hops: unknown[] = []): PageAnswer {
  return { kind: 'none', fault, reason, hops } as PageAnswer;
}

test('a name that is unknown, and one that cannot be looked up', async () => {
  resolveTo({});
  expect(await get('https://shop.example/')).toEqual(none('dns', 'no such host'));
  const failing = (...given: unknown[]) =>
    process.nextTick(given.at(-1) as () => void, Object.assign(new Error('x'), { code: 'EAI_AGAIN' }));
  dns.lookup = failing as unknown as typeof dns.lookup;
  expect(await get('https://shop.example/')).toEqual(none('dns', 'host name could not be looked up'));
});

test('a port on which nothing listens', async () => {
  expect(await get(`http://shop.localhost:${await closedPort()}/`)).toEqual(none('connection', 'connection refused'));
});

test('a certificate that is self-signed', async () => {
  const { port, asked } = await startTlsStorefront(await certificate(-DAY_MS, DAY_MS), (_, response) => response.end());
  expect(await get(`https://localhost:${port}/`)).toEqual(none('tls', 'certificate is self-signed'));
  expect(asked).toEqual([]);
});

test.each<[string, number, number, string]>([
  ['certificate has expired', -2, -1, 'localhost'],
  ['certificate is not valid yet', 1, 2, 'localhost'],
  ['certificate is for another host name', -1, 1, 'other.example'],
])('a trusted certificate, but: %s', async (reason, fromDays, toDays, name) => {
  const own = await certificate(fromDays * DAY_MS, toDays * DAY_MS, name);
  trust(own.cert);
  const { port, asked } = await startTlsStorefront(own, (_, response) => response.end());
  expect(await get(`https://localhost:${port}/`)).toEqual(none('tls', reason));
  expect(asked).toEqual([]);
});

test.each([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate is of an unknown authority'],
  ['CERT_SIGNATURE_FAILURE', 'certificate not accepted (CERT_SIGNATURE_FAILURE)'],
])('the certificate fault %s in words', async (code, reason) => {
  const failing = (...given: unknown[]) =>
    process.nextTick(given.at(-1) as () => void, Object.assign(new Error('secret'), { code }));
  dns.lookup = failing as unknown as typeof dns.lookup;
  expect(await get('https://shop.example/')).toEqual(none('tls', reason));
});

test('a server without TLS, and one whose handshake breaks off', async () => {
  const { port } = await startStorefront((_, response) => response.end());
  expect(await get(`https://localhost:${port}/`)).toMatchObject({
    fault: 'tls',
    reason: expect.stringContaining('TLS handshake failed'),
  });
  const broken = await startRaw((socket) => socket.once('data', () => socket.destroy()));
  expect(await get(`https://localhost:${broken}/`)).toEqual(none('tls', 'TLS handshake broke off'));
});

test.each<[string, string, string]>([
  ['closes without an answer', '', 'the answer broke off'],
  ['speaks another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'malformed HTTP'],
  ['sends a status that is none', 'HTTP/1.1 abc\r\n\r\n', 'malformed HTTP'],
  ['breaks off within the headers', 'HTTP/1.1 200 OK\r\nx-secret: 1', 'the answer broke off'],
  ['breaks off within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', 'the answer broke off'],
  [
    'breaks off within a chunk',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf',
    'the answer broke off',
  ],
  ['sends a chunk that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'malformed HTTP'],
  ['sends endless headers', `HTTP/1.1 200 OK\r\n${'x: secret\r\n'.repeat(20_000)}\r\n`, 'headers are too large'],
  ['switches protocols', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'the answer broke off'],
])('a server that %s', async (_, answer, reason) => {
  const port = await startRaw((socket) => socket.once('data', () => socket.end(answer)));
  expect(await get(`http://shop.localhost:${port}/`)).toMatchObject({ kind: 'none', fault: 'broken', reason });
});

test('headers that a browser takes are not too large', async () => {
  const { port } = await startStorefront((_, response) => response.setHeader('x-policy', 'p'.repeat(60_000)).end('ok'));
  expect(await get(`http://shop.localhost:${port}/`)).toMatchObject({ kind: 'answered', body: 'ok' });
});

test('what breaks off after a redirect tells the way there', async () => {
  const { port } = await startStorefront((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/x' }).end();
    else request.socket.destroy();
  });
  const hop = expect.objectContaining({ status: 302 });
  expect(await get(`http://shop.localhost:${port}/`)).toEqual(none('broken', 'the answer broke off', [hop]));
});

test.each<[string, string | undefined, string]>([
  ['nothing', undefined, 'no answer within 0.3 s'],
  ['headers without an end', 'HTTP/1.1 200 OK\r\nx: y\r\n', 'no answer within 0.3 s'],
  ['half of a body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', 'no complete answer within 0.3 s'],
])('a server that sends %s in time', async (_, answer, reason) => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const port = await startRaw((socket) => {
    socket.on('close', () => resolve());
    socket.once('data', () => answer !== undefined && socket.write(answer));
  });
  const hops = reason.includes('complete') ? [expect.objectContaining({ status: 200 })] : [];
  expect(await get(`http://shop.localhost:${port}/`, { timeoutMs: 300 })).toEqual(none('timeout', reason, hops));
  await closed;
});

test('a connection that is not made in time; what is left of it is given up', async () => {
  const silent = await startSilentTls();
  const answer = await get(`https://localhost:${silent.port}/`, { timeoutMs: 300 });
  expect(answer).toEqual(none('connection', 'no connection within 0.3 s'));
  expect(await silent.closed).toBeLessThan(SOON_MS);
});

/** Less than the time for a connection, after which undici gives up by itself. */
const SOON_MS = 9000;

/** It accepts connections, and says nothing. */
async function startSilentTls(): Promise<{ port: number; connected: Promise<void>; closed: Promise<number> }> {
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  const startMs = performance.now();
  const port = await startRaw((socket) => {
    socket.once('data', () => connected.resolve());
    socket.once('close', () => closed.resolve(performance.now() - startMs));
  });
  return { port, connected: connected.promise, closed: closed.promise };
}

test('the time is that of all redirects', async () => {
  const { port } = await startStorefront((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/hang' }).end();
  });
  const hop = expect.objectContaining({ status: 302 });
  const answer = await get(`http://shop.localhost:${port}/`, { timeoutMs: 300 });
  expect(answer).toEqual(none('timeout', 'no answer within 0.3 s', [hop]));
});

test('a redirect to a host that cannot be reached in what is left of the time is slow, not unreachable', async () => {
  const silent = await startSilentTls();
  const there = `localhost:${silent.port}`;
  const { port } = await startStorefront((_, response) => {
    response.writeHead(302, { location: `https://${there}/` }).end();
  });
  const answer = await get(`http://shop.localhost:${port}/`, { timeoutMs: 300, hosts: new Set([there]) });
  const hop = expect.objectContaining({ status: 302 });
  expect(answer).toEqual(none('timeout', 'no connection within 0.3 s', [hop]));
});

test('an abort ends a request at once, with its reason, and its connection', async () => {
  const hanging = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const port = await startRaw((socket) => {
    socket.once('data', () => hanging.resolve());
    socket.once('close', () => closed.resolve());
  });
  const controller = new AbortController();
  const answer = get(`http://shop.localhost:${port}/`, { signal: controller.signal });
  await hanging.promise;
  controller.abort(new Error('cancelled'));
  await expect(answer).rejects.toThrow('cancelled');
  await closed.promise;
});

test('an abort while a body comes, and while a connection is made', async () => {
  const { port } = await startStorefront((_, response) => {
    response.writeHead(200).write('half');
    started.resolve();
  });
  const started = Promise.withResolvers<void>();
  const body = new AbortController();
  const half = get(`http://shop.localhost:${port}/`, { signal: body.signal });
  await started.promise;
  body.abort(new Error('cancelled'));
  await expect(half).rejects.toThrow('cancelled');

  const silent = await startSilentTls();
  const handshake = new AbortController();
  const hanging = get(`https://localhost:${silent.port}/`, { signal: handshake.signal });
  await silent.connected;
  handshake.abort(new Error('given up'));
  await expect(hanging).rejects.toThrow('given up');
  expect(await silent.closed).toBeLessThan(SOON_MS);
});

test('a signal that is aborted already asks nothing', async () => {
  const { port, asked } = await startStorefront((_, response) => response.end());
  const signal = AbortSignal.abort(new Error('cancelled'));
  await expect(get(`http://shop.localhost:${port}/`, { signal })).rejects.toThrow('cancelled');
  expect(asked).toEqual([]);
});

test('closing the client gives up a handshake', async () => {
  const silent = await startSilentTls();
  const pages = startPages();
  const answer = get(`https://localhost:${silent.port}/`, {}, pages);
  await silent.connected;
  await pages.close();
  expect(await answer).toMatchObject({ kind: 'none', fault: 'connection' });
  expect(await silent.closed).toBeLessThan(SOON_MS);
});

test('a kept connection that the server has closed is replaced; one that it always closes is not asked for ever', async () => {
  let isBroken = false;
  let count = 0;
  const port = await startRaw((socket) => {
    let requests = 0;
    socket.on('data', () => {
      count += 1;
      requests += 1;
      // The second request on a connection finds it closed.
      if (isBroken || requests > 1) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  const pages = startPages();
  const ask = () => get(`http://shop.localhost:${port}/`, {}, pages);
  for (let round = 0; round < 3; round += 1) expect(answered(await ask()).body).toBe('ok');
  isBroken = true;
  count = 0;
  expect(await ask()).toMatchObject({ kind: 'none', fault: 'broken' });
  expect(count).toBe(2);
});

test.each(['http', 'https'])(
  'by %s, no address in a private network is asked, whatever its name is',
  async (scheme) => {
    const { port, connections } = await startStorefront((_, response) => response.end('secret'));
    resolveTo({ 'rebound.example': ['127.0.0.1', '::1', '::ffff:127.0.0.1'], 'inner.example': ['10.1.2.3'] });
    const pages = startPages({ isLocal: false });
    for (const host of ['rebound.example', 'inner.example', '127.0.0.1', '[::1]', 'localhost', 'shop.localhost']) {
      const answer = await get(`${scheme}://${host}:${port}/`, {}, pages);
      expect(answer).toEqual(none('address', 'the address is in a private network'));
    }
    expect(connections()).toBe(0);
  },
);

test.each(['169.254.169.254', '[fd00:ec2::254]', 'metadata.example', '10.0.0.1'])(
  'a redirect to %s is not asked, either, also if it is a host of the storefront',
  async (host) => {
    const { port } = await startStorefront((_, response) => {
      response.writeHead(302, { location: `http://${host}/latest/meta-data` }).end();
    });
    resolveTo({ 'metadata.example': ['169.254.169.254'] });
    const answer = await get(`http://shop.localhost:${port}/`, { hosts: new Set([host]) });
    const hop = expect.objectContaining({ status: 302 });
    expect(answer).toEqual(none('address', 'the address is in a private network', [hop]));
  },
);

test('headers that cannot be sent say nothing about the storefront', async () => {
  const { port } = await startStorefront((_, response) => response.end());
  const headers = { 'x-pass': 'line\nbreak' };
  expect(await get(`http://shop.localhost:${port}/`, { headers })).toMatchObject({ kind: 'none', fault: 'connection' });
});

test(
  'a certificate of the client that is missing is a matter of TLS, also if it is asked for late',
  async () => {
    const options = { ...(await certificate(-DAY_MS, DAY_MS)), requestCert: true, rejectUnauthorized: true };
    const server = createTlsServer(options, () => {});
    server.on('tlsClientError', () => {});
    const port = await listen(server);
    expect(await get(`https://localhost:${port}/`)).toMatchObject({ kind: 'none', fault: 'tls' });
    await once(server.close(), 'close');
  },
  timeoutMs(5000),
);
