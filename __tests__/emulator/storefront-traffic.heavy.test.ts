/** What goes through the listener, and what happens to it while builds change. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { fetchPage } from '../../scripts/served-page.ts';
import { timeoutMs } from '../timeouts.ts';
import { callApi, useEmulator } from './helpers.ts';
import { addressOf, askDuring, deployWorker, describeServed, page } from './storefront-helpers.ts';

const SERVED = { serve: true, servePort: 0 };

/** The answer once its head is there; its body is still to be read. */
async function open(address: string, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const { host, port } = new URL(address);
  const request = get({ host: '127.0.0.1', port, path, headers: { Host: host, ...headers }, agent: false });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

describeServed('traffic of a storefront', () => {
  test('compressed answers arrive byte for byte', async () => {
    await using emulator = await useEmulator(SERVED);
    const worker = `export default { async fetch(request) {
      const stream = new Blob(['compressed by the worker '.repeat(500)]).stream();
      if (new URL(request.url).pathname === '/br') {
        const bytes = Uint8Array.from(atob(request.headers.get('X-Body')), (one) => one.charCodeAt(0));
        return new Response(bytes, { encodeBody: 'manual', headers: { 'Content-Encoding': 'br' } });
      }
      const bytes = await new Response(stream.pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
      return new Response(bytes, { encodeBody: 'manual', headers: { 'Content-Encoding': 'gzip', 'X-Length': bytes.byteLength } });
    } }`;
    await deployWorker(emulator, worker);
    const gzip = await open(addressOf(emulator), '/', { 'Accept-Encoding': 'gzip' });
    const zipped = await buffer(gzip);
    expect([gzip.headers['content-encoding'], gzip.headers['x-length']]).toEqual(['gzip', String(zipped.length)]);
    expect(gunzipSync(zipped).toString()).toBe('compressed by the worker '.repeat(500));
    const sent = 'iwKAYnJvdGxpAw==';
    const brotli = await open(addressOf(emulator), '/br', { 'Accept-Encoding': 'br', 'X-Body': sent });
    const received = await buffer(brotli);
    expect([brotli.headers['content-encoding'], received.toString('base64')]).toEqual(['br', sent]);
    expect(brotliDecompressSync(received).toString()).toBe('brotli');
  });

  test('a WebSocket is passed on, in both directions', async () => {
    await using emulator = await useEmulator(SERVED);
    await deployWorker(
      emulator,
      `export default { fetch() {
        const [client, server] = Object.values(new WebSocketPair());
        server.accept();
        server.addEventListener('message', ({ data }) => server.send('heard ' + data));
        return new Response(null, { status: 101, webSocket: client });
      } }`,
    );
    const { host, port } = new URL(addressOf(emulator));
    const headers = {
      Host: host,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const request = get({ host: '127.0.0.1', port, headers, agent: false });
    const [answer, socket, head] = (await once(request, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
    expect(answer.headers['sec-websocket-accept']).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    // A text frame of 2 bytes, with a mask of zeros.
    socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, ...Buffer.from('it')]));
    let heard = head;
    const limit = { signal: AbortSignal.timeout(timeoutMs(30_000)) };
    while (heard.length < 10) heard = Buffer.concat([heard, ...((await once(socket, 'data', limit)) as Buffer[])]);
    expect(heard).toEqual(Buffer.from([0x81, 8, ...Buffer.from('heard it')]));
    socket.destroy();
  });

  test('a body arrives as it is written, and ends whole from the old build after a switch', async () => {
    await using emulator = await useEmulator({ ...SERVED, projects: ['shop', 'gate'] });
    const [shop, gate] = emulator.projects;
    // What the slow answer waits for is a page of another storefront, which is opened by the test.
    const held = `let isOpen = false;
      export default { fetch(request) {
        if (new URL(request.url).pathname === '/open') isOpen = true;
        return new Response(null, { status: isOpen ? 200 : 503 });
      } }`;
    await deployWorker(emulator, held, { body: { project_uuid: gate?.uuid } });
    await deployWorker(emulator, waitingWorker('one'), { body: { project_uuid: shop?.uuid } });
    const answer = await open(addressOf(emulator), '/slow', { 'X-Gate': addressOf(emulator, 1) });
    const [first] = (await once(answer.setEncoding('utf8'), 'data')) as [string];
    expect(first).toBe('first of one');
    await deployWorker(emulator, page('two'), { body: { project_uuid: shop?.uuid } });
    expect((await fetchPage(addressOf(emulator))).body).toBe('two');
    const rest = text(answer);
    await fetchPage(addressOf(emulator, 1), '/open');
    expect(await rest).toBe(', last of one');
    expect(answer.complete).toBe(true);
  });

  test('of several clients none fails while a build takes over', async () => {
    await using emulator = await useEmulator(SERVED);
    await deployWorker(emulator, page('one'));
    const work = async () => {
      await deployWorker(emulator, page('two'));
      await deployWorker(emulator, page('three'));
      expect((await fetchPage(addressOf(emulator))).body).toBe('three');
    };
    const done = work();
    const seen = await Promise.all([1, 2, 3, 4].map(() => askDuring(addressOf(emulator), () => done)));
    expect([...new Set(seen.flat())].filter((one) => !['200 one', '200 two', '200 three'].includes(one))).toEqual([]);
    expect(seen.every((one) => one.length > 2)).toBe(true);
  });

  test('the build of a deleted project ends with it', async () => {
    await using emulator = await useEmulator(SERVED);
    await deployWorker(emulator, waitingWorker('one'));
    const address = addressOf(emulator);
    const answer = await open(address, '/slow', { 'X-Gate': 'http://nowhere.localhost' });
    const broken = once(answer, 'error');
    answer.resume();
    const { uuid = '' } = emulator.projects[0] ?? {};
    expect((await callApi(emulator, `/projects/${uuid}`, { method: 'DELETE' })).status).toBe(204);
    expect(emulator.storefronts.servedDeployment(uuid)).toBeUndefined();
    expect((await fetchPage(address)).status).toBe(404);
    // Its instance is gone, and with it what it was still sending.
    await broken;
  });
});

/** Sends its last part once the gate answers 200. */
function waitingWorker(name: string): string {
  return `export default { fetch(request) {
    if (new URL(request.url).pathname !== '/slow') return new Response('${name}');
    const gate = request.headers.get('X-Gate');
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const send = (text) => writer.write(new TextEncoder().encode(text));
    (async () => {
      await send('first of ${name}');
      while ((await fetch(gate)).status !== 200) await scheduler.wait(10);
      await send(', last of ${name}');
      await writer.close();
    })();
    return new Response(readable);
  } }`;
}
