import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { fetchPage } from '../../scripts/served-page.ts';
import { onCleanUp } from '../clean-up.ts';
import { useEmulator } from './helpers.ts';
import {
  addressOf,
  askDuring,
  createNotes,
  deployWorker,
  describeServed,
  openTail,
  page,
  waitForBuild,
} from './storefront-helpers.ts';

const SERVED = { serve: true, servePort: 0 };
const secret = { type: 'secret', key: 'TOKEN', value: 'a secret' };

describeServed('a served storefront', () => {
  test('runs the worker with its variables, its assets and their headers', async () => {
    await using emulator = await useEmulator(SERVED);
    const worker = `export default { fetch: (request, env) => Response.json({ url: request.url, token: env.TOKEN }) }`;
    const files = { 'assets/BUILD_ID': 'b1', 'assets/_headers': '/BUILD_ID\n  X-Kept: yes\n' };
    const deployment = await deployWorker(emulator, worker, { files, body: { environment_variables: [secret] } });
    const address = addressOf(emulator);
    expect(deployment.failureReason).toBeUndefined();
    expect(deployment).toMatchObject({ status: 'completed', deploymentHostnames: [new URL(address).host] });
    expect(address).toMatch(/^http:\/\/demo-storefront\.localhost:\d+$/);
    expect(JSON.parse((await fetchPage(address, '/x?y=1')).body)).toEqual({
      url: `${address}/x?y=1`,
      token: 'a secret',
    });
    expect(await fetchPage(address, '/BUILD_ID')).toMatchObject({ body: 'b1', headers: { 'x-kept': 'yes' } });
    expect((await fetchPage(address.replace('demo', 'other'))).status).toBe(404);
  });

  test('redirects, cookies and a streamed body arrive as they were sent', async () => {
    await using emulator = await useEmulator(SERVED);
    const worker = `export default { fetch(request) {
      if (new URL(request.url).pathname === '/cart') return new Response(null, { status: 308, headers: { Location: '/cart/' } });
      const headers = new Headers([['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2; HttpOnly']]);
      const { readable, writable } = new TransformStream();
      const writer = writable.getWriter();
      (async () => { for (const part of ['one ', 'two ', 'three']) await writer.write(new TextEncoder().encode(part)); await writer.close(); })();
      return new Response(readable, { headers });
    } }`;
    await deployWorker(emulator, worker);
    expect(await fetchPage(addressOf(emulator), '/cart')).toMatchObject({
      status: 308,
      headers: { location: '/cart/' },
    });
    const { headers, body } = await fetchPage(addressOf(emulator));
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2; HttpOnly']);
    expect([body, headers['transfer-encoding']]).toEqual(['one two three', 'chunked']);
  });

  test('requests of a worker are denied unless allowed; its own address reaches it', async () => {
    const server = createServer((_, response) => response.end('from outside')).listen(0, '127.0.0.1');
    onCleanUp(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const notes: string[] = [];
    await using emulator = await useEmulator({ ...SERVED, onServeNote: (note) => notes.push(note) });
    const worker = `export default { fetch(request) {
      const url = new URL(request.url);
      if (url.pathname === '/me') return new Response('myself');
      return fetch(url.searchParams.get('to') ?? new URL('/me', url));
    } }`;
    await deployWorker(emulator, worker);
    const path = `/?to=${encodeURIComponent(`http://127.0.0.1:${port}/x?key=1`)}`;
    expect(await fetchPage(addressOf(emulator))).toMatchObject({ status: 200, body: 'myself' });
    const denied = await fetchPage(addressOf(emulator), path);
    expect(emulator.storefronts.denied).toEqual([
      { projectUuid: emulator.projects[0]?.uuid, method: 'GET', url: `http://127.0.0.1:${port}/x` },
    ]);
    expect(denied.status).toBe(403);
    expect(denied.body).toContain(`--serve-allow 127.0.0.1:${port}`);
    expect(notes.join()).toContain(`denied GET http://127.0.0.1:${port}/x (`);
    emulator.storefronts.configure({ allow: [`127.0.0.1:${port}`] });
    expect(await fetchPage(addressOf(emulator), path)).toMatchObject({ status: 200, body: 'from outside' });
  });

  test('a query that a worker posts to an allowed host arrives whole, and so does its compressed answer', async () => {
    const server = createServer(async (request, response) => {
      const answer = JSON.stringify({
        method: request.method,
        query: await text(request),
        token: request.headers['x-token'],
      });
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(answer));
    }).listen(0, '127.0.0.1');
    onCleanUp(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using emulator = await useEmulator({ ...SERVED, serveAllow: ['127.0.0.1'] });
    await deployWorker(
      emulator,
      `export default { async fetch() {
        const answer = await fetch('http://127.0.0.1:${port}/graphql', { method: 'POST', body: '{ site }', headers: { 'X-Token': 't' } });
        return Response.json(await answer.json());
      } }`,
    );
    const { body } = await fetchPage(addressOf(emulator));
    expect(JSON.parse(body)).toEqual({ method: 'POST', query: '{ site }', token: 't' });
  });

  test('a new build takes over without a failed request; one that cannot start fails, and the former one stays', async () => {
    await using emulator = await useEmulator(SERVED);
    await deployWorker(emulator, page('one'));
    const seen = await askDuring(addressOf(emulator), () => deployWorker(emulator, page('two')));
    expect((await fetchPage(addressOf(emulator))).body).toBe('two');
    expect(seen.join(' ')).toMatch(/^(200 one ?)+(200 two ?)*$/);
    for (const broken of ['export default { fetch: () => ', 'throw new Error("not today")']) {
      const failed = await deployWorker(emulator, broken);
      expect(failed).toMatchObject({ status: 'failed', errorCode: 40 });
      expect(failed.failureReason).toMatch(/cannot start: .*(SyntaxError|not today)/);
      expect((await fetchPage(addressOf(emulator))).body).toBe('two');
    }
  });

  test('requests, console output and exceptions reach the tail', async () => {
    await using emulator = await useEmulator({ ...SERVED, logCutMs: 60_000 });
    await deployWorker(
      emulator,
      `export default { fetch() { console.log('hello', 1, { items: [null] }); throw new TypeError('boom'); } }`,
    );
    const tail = await openTail(emulator);
    expect((await fetchPage(addressOf(emulator), '/boom')).status).toBe(500);
    const [event] = await tail(1);
    expect(event).toMatchObject({
      request: { method: 'GET', url: `${addressOf(emulator)}/boom`, status_code: 500 },
      logs: [{ level: 'info', messages: ['hello', 1, { items: [null] }] }],
      exceptions: [{ name: 'TypeError', message: 'boom' }],
    });
  });

  test('with a delay a deployment completes before its build serves, whether it can or not', async () => {
    const { onServeNote, next } = createNotes();
    await using emulator = await useEmulator({ ...SERVED, serveDelayMs: 600_000, onServeNote });
    const show = async () => {
      const { status, body } = await fetchPage(addressOf(emulator));
      return status === 200 ? body : status;
    };
    const one = await deployWorker(emulator, page('one'));
    expect([one.status, await show()]).toEqual(['completed', 404]);
    emulator.storefronts.configure({ delayMs: 1 });
    await waitForBuild(emulator, one);
    expect(await show()).toBe('one');
    const noted = next();
    const broken = await deployWorker(emulator, 'throw new Error("not today")');
    expect(broken).toMatchObject({ status: 'completed', failureReason: undefined });
    expect(await noted).toMatch(`${broken.deploymentUuid} has completed, and its build does not serve: `);
    expect(await show()).toBe('one');
    const two = await deployWorker(emulator, page('two'));
    await waitForBuild(emulator, two);
    expect(await show()).toBe('two');
  });

  test('an edge that lags serves the former build for a while, and never an older one than before', async () => {
    const { onServeNote, next } = createNotes();
    await using emulator = await useEmulator({ ...SERVED, serveOldForMs: 600_000, onServeNote });
    const show = async () => (await fetchPage(addressOf(emulator))).body;
    await deployWorker(emulator, page('one'));
    expect(await show()).toBe('one');
    const two = await deployWorker(emulator, page('two'));
    expect([two.status, await show()]).toEqual(['completed', 'one']);
    expect((await deployWorker(emulator, 'throw new Error("not today")')).status).toBe('failed');
    const three = await deployWorker(emulator, page('three'));
    expect(await show()).toBe('one');
    emulator.storefronts.configure({ oldForMs: 0 });
    await waitForBuild(emulator, three);
    expect(await show()).toBe('three');
    // Its start takes longer than the next deployment.
    emulator.storefronts.configure({ delayMs: 1 });
    const late = await deployWorker(emulator, `for (let count = 0; count < 4e9; count += 1); ${page('late')}`);
    emulator.storefronts.configure({ delayMs: 0 });
    const overtaken = next();
    await deployWorker(emulator, page('last'));
    expect(await show()).toBe('last');
    expect(await overtaken).toContain(`${late.deploymentUuid} never served`);
    expect(await show()).toBe('last');
  });

  test('dead workers complete, and answer each page with 500', async () => {
    await using emulator = await useEmulator({ ...SERVED, serveBroken: true });
    const files = { 'assets/BUILD_ID': 'b1' };
    expect((await deployWorker(emulator, page('one'), { files })).status).toBe('completed');
    expect((await fetchPage(addressOf(emulator))).status).toBe(500);
    expect((await fetchPage(addressOf(emulator), '/BUILD_ID')).body).toBe('b1');
    emulator.storefronts.configure({ broken: false });
    await deployWorker(emulator, page('two'));
    expect((await fetchPage(addressOf(emulator))).body).toBe('two');
  });

  test('a worker that loops before it listens fails, and does not keep the platform from closing', async () => {
    const loop = 'while (true) {} export default {};';
    const emulator = await useEmulator({ ...SERVED, serveStartLimitMs: 2000 });
    const failed = await deployWorker(emulator, loop);
    expect(failed).toMatchObject({ errorCode: 40, failureReason: expect.stringMatching(/it does not run after 2 s$/) });
    emulator.storefronts.configure({ delayMs: 1 });
    expect((await deployWorker(emulator, loop)).status).toBe('completed');
    await emulator.close();
  });

  test('two projects side by side', async () => {
    await using emulator = await useEmulator({ ...SERVED, projects: ['shop.a', 'shop-a'] });
    const [one, two] = emulator.projects;
    await deployWorker(emulator, page('one'), { body: { project_uuid: one?.uuid } });
    // A file where the folder of assets would be is none.
    await deployWorker(emulator, page('two'), { body: { project_uuid: two?.uuid }, files: { assets: '' } });
    const bodies = [await fetchPage(addressOf(emulator, 0)), await fetchPage(addressOf(emulator, 1))];
    expect(bodies.map(({ body }) => body)).toEqual(['one', 'two']);
  });
});
