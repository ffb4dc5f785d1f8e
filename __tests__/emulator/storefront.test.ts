/** What can be held without miniflare. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { RunningService, Service, ServiceContext } from '../../emulator/service.ts';
import { Projects } from '../../emulator/services/hosting/projects.ts';
import { Labels } from '../../emulator/services/storefront/labels.ts';
import { StorefrontListener } from '../../emulator/services/storefront/listener.ts';
import { loadMiniflare } from '../../emulator/services/storefront/miniflare.ts';
import { OpenRequests } from '../../emulator/services/storefront/open-requests.ts';
import { parseTail } from '../../emulator/services/storefront/tail.ts';
import { startServices } from '../../emulator/start-services.ts';
import { fetchPage } from '../../scripts/served-page.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';
import { useEmulator } from './helpers.ts';

const FOLDER = fileURLToPath(new URL('../../emulator/services/storefront/', import.meta.url));

test('without miniflare, or with an old Node, it says what to do', async () => {
  const missing = () => Promise.reject(new Error('Cannot find package'));
  await expect(loadMiniflare(missing)).rejects.toThrow("Run 'npm run serve:install'");
  await expect(loadMiniflare(missing, '20.18.0')).rejects.toThrow('needs Node 22 or newer; this is Node 20.18.0');
});

test('where its folder has no packages, the loader says what to do', async () => {
  const folder = join(temporaryFolder(), 'storefront');
  await mkdir(folder);
  for (const name of ['package.json', 'miniflare.ts', 'import-miniflare.ts']) {
    await cp(join(FOLDER, name), join(folder, name));
  }
  const script = `
    import { loadMiniflare } from ${JSON.stringify(pathToFileURL(join(folder, 'miniflare.ts')).href)};
    await loadMiniflare().catch(({ name, message }) => console.log(name, message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toMatch(/^MiniflareMissingError .*not installed \(about 160 MB\)\. Run 'npm run serve:install'/);
});

test('projects whose names give the same label differ, and keep their labels', () => {
  const projects = new Projects(10);
  const labels = new Labels(projects);
  const first = projects.add('shop.a');
  const second = projects.add('Shop-A');
  const own = `shop-a-${second.uuid.slice(0, 8)}`;
  expect([labels.of(second), labels.of(first)]).toEqual([own, 'shop-a']);
  projects.answerDelete(first.uuid);
  expect(labels.of(second)).toBe(own);
  expect([labels.find('shop-a'), labels.find(own)]).toEqual([undefined, second]);
  expect(labels.of(projects.add('shop_a'))).toBe('shop-a');
});

test('the last of the open requests ends the wait for them, and so does the signal', async () => {
  const open = new OpenRequests();
  const never = new AbortController();
  await open.waitForNone(never.signal);
  const stream = new PassThrough();
  const { promise: head, resolve } = Promise.withResolvers<string>();
  open.add(stream);
  const answer = open.during(head);
  const seen: string[] = [];
  const none = open.waitForNone(never.signal).then(() => seen.push('none'));
  resolve('head');
  seen.push(await answer);
  await new Promise((after) => setImmediate(after));
  expect(seen).toEqual(['head']);
  stream.destroy();
  await none;
  expect(seen).toEqual(['head', 'none']);
  open.add(new PassThrough());
  const aborted = new AbortController();
  const given = open.waitForNone(aborted.signal);
  aborted.abort();
  await given;
});

describe('the listener', () => {
  /** Listens for one host, whose build is a server of the test's own. */
  async function listen(answer: RequestListener) {
    const server = createServer(answer).listen(0, '127.0.0.1');
    onCleanUp(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const build = { port, open: new OpenRequests() };
    const listener = new StorefrontListener((host) => (host === 'shop.localhost' ? build : undefined));
    const address = `http://shop.localhost:${await listener.listen('127.0.0.1', 0)}`;
    onCleanUp(() => listener.close());
    return { address, build };
  }

  test('an unknown host is 404, a build that breaks off 502', async () => {
    const { address } = await listen((request, response) => {
      if (request.url === '/broken') response.destroy();
      else response.end(`${request.headers.host} ${request.url}`);
    });
    expect(await fetchPage(address, '/a?b=1')).toMatchObject({ status: 200, body: `${new URL(address).host} /a?b=1` });
    expect((await fetchPage(address, '/broken')).status).toBe(502);
    expect((await fetchPage(address.replace('shop', 'other'))).status).toBe(404);
  });

  test('a request counts as open until its answer is over', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    const { address, build } = await listen((_, response) => resolve(response.writeHead(200)));
    const received = fetchPage(address);
    const answer = await asked;
    let isIdle = false;
    const idle = build.open.waitForNone(new AbortController().signal).then(() => {
      isIdle = true;
    });
    answer.write('first ');
    await new Promise((after) => setImmediate(after));
    expect(isIdle).toBe(false);
    answer.end('last');
    expect((await received).body).toBe('first last');
    await idle;
  });

  test('a client that breaks an upgrade off does no harm', async () => {
    const { address } = await listen((_, response) => response.end('still here'));
    for (const host of ['other.localhost', 'shop.localhost']) {
      const socket = connect(Number(new URL(address).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect((await fetchPage(address)).body).toBe('still here');
  });
});

test('a trace becomes a worker log event: messages stay JSON, and a status is 0 where it is unknown', () => {
  const timestamp = Date.parse('2026-01-01T00:00:00.000Z');
  const time = '2026-01-01T00:00:00.000Z';
  const request = { method: 'GET', url: 'http://shop.localhost/' };
  const trace = { request, timestamp, logs: [], exceptions: [] };
  const logs = [
    { timestamp, level: 'log', message: ['slow', { ms: [12, null] }, 7] },
    { timestamp, level: 'warn', message: 'alone' },
  ];
  const exceptions = [{ timestamp, name: 'TypeError', message: 'boom' }];
  const event = { logs: [], exceptions: [], timestamp: time };
  expect(
    parseTail([{ ...trace, status: 201, logs }, { ...trace, exceptions }, trace, { ...trace, request: null }]),
  ).toEqual([
    {
      ...event,
      request: { ...request, status_code: 201 },
      logs: [
        { timestamp: time, level: 'info', messages: ['slow', { ms: [12, null] }, 7] },
        { timestamp: time, level: 'warn', messages: ['alone'] },
      ],
    },
    {
      ...event,
      request: { ...request, status_code: 500 },
      exceptions: [{ timestamp: time, name: 'TypeError', message: 'boom' }],
    },
    { ...event, request: { ...request, status_code: 0 } },
  ]);
});

test('a host names a project without being served, and the control changes how it would be', async () => {
  await using emulator = await useEmulator({ serveAllow: ['one.example'] });
  expect(emulator.storefronts.addressOf(emulator.projects[0]?.uuid ?? '')).toBeUndefined();
  const change = (body: object) =>
    fetch(`${emulator.origin}/_emulator/serve`, { method: 'POST', body: JSON.stringify(body) });
  const expected = { allow: ['one.example'], delayMs: 5, oldForMs: 0, broken: true };
  expect(await (await change({ delay_ms: 5, broken: true })).json()).toEqual(expected);
  const other = { allow: ['*'], old_for_ms: 7, broken: false };
  expect(await (await change(other)).json()).toEqual({ ...expected, allow: ['*'], oldForMs: 7, broken: false });
  expect((await change({ delay_ms: 'soon' })).status).toBe(400);
});

test.each(['start', 'ready'] as const)(
  'where one service fails in %s, those that have started are closed',
  async (at) => {
    const closed: string[] = [];
    const create = (name: string, part: object) =>
      ({
        name,
        start: () => {
          if ('start' in part) throw new Error('not today');
          return {
            members: {},
            close: () => Promise.resolve(void closed.push(name)),
            ...part,
          } as Partial<RunningService>;
        },
      }) as unknown as Service;
    const failing = at === 'start' ? { start: true } : { ready: () => Promise.reject(new Error('not today')) };
    const services = [create('one', {}), create('two', failing), create('three', {})];
    const started = startServices(services, {} as ServiceContext, {}, new Map());
    await expect(started).rejects.toThrow('not today');
    expect(closed).toEqual(at === 'start' ? ['one'] : ['one', 'two', 'three']);
  },
);
