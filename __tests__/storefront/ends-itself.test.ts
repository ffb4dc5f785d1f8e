/** A process that was told to give up ends, whatever its storefronts and proxies do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { onCleanUp } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';
import { listen, startRaw } from './helpers.ts';

const PAGES = new URL('../../src/storefront/pages.ts', import.meta.url).href;
/** Less than the time for a connection: what hangs until that is over has to be seen. */
const SOON_MS = 9000;

/** Asks, is cancelled once the server says so, and closes. */
const CODE = `
  const { createPages } = await import(${JSON.stringify(PAGES)});
  const pages = createPages({ userAgent: 'test/1', isLocal: true });
  const controller = new AbortController();
  process.once('message', () => controller.abort(new Error('cancelled')));
  const url = new URL(process.env.ASKED);
  const request = { url, headers: {}, hosts: new Set(), timeoutMs: 600_000, signal: controller.signal };
  const reason = await pages.get(request).catch((error) => error.message);
  await pages.close();
  process.disconnect();
  console.log(reason);
`;

interface Hanging {
  url: string;
  env?: Record<string, string>;
  /** The request has got as far as it will. */
  reached: Promise<unknown>;
}

async function hangingHandshake(): Promise<Hanging> {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const port = await startRaw((socket) => socket.once('data', () => resolve()));
  return { url: `https://localhost:${port}/`, reached };
}

async function hangingBody(): Promise<Hanging> {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const port = await listen(
    createServer((_, response) => {
      response.writeHead(200).write('half');
      resolve();
    }),
  );
  return { url: `http://shop.localhost:${port}/`, reached };
}

async function hangingProxy(): Promise<Hanging> {
  const server = createServer();
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  server.on('connect', () => resolve());
  const proxy = `http://127.0.0.1:${await listen(server)}`;
  return { url: 'https://shop.example/', env: { https_proxy: proxy }, reached };
}

test.each([
  ['a handshake', hangingHandshake],
  ['a body', hangingBody],
  ['a proxy', hangingProxy],
])(
  'cancelled while %s hangs',
  async (_, start) => {
    const { url, env, reached } = await start();
    const child = spawn(process.execPath, ['--input-type=module', '--eval', CODE], {
      env: { ...process.env, ...env, ASKED: url },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    onCleanUp(() => child.kill('SIGKILL'));
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    await reached;
    const cancelledMs = performance.now();
    child.send('cancel');
    const [code] = await once(child, 'close');
    expect(printed).toBe('cancelled\n');
    expect(code).toBe(0);
    expect(performance.now() - cancelledMs).toBeLessThan(SOON_MS);
  },
  timeoutMs(12_000),
);
