/** A client of storefronts, and what hostile storefronts are made of. */
import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach } from '@jest/globals';
import { generate } from 'selfsigned';
import type { PageAnswer, PageRequest, Pages } from '../../src/domain/verification/page.ts';
import { createPages, type PagesOptions } from '../../src/storefront/pages.ts';
import { onCleanUp } from '../clean-up.ts';
import { timeoutMs } from '../timeouts.ts';

const { lookup } = dns;
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy'];

afterEach(() => {
  dns.lookup = lookup;
  for (const name of PROXY_VARIABLES) delete process.env[name];
});

/** What DNS answers; names that are not listed are unknown. */
export function resolveTo(names: Readonly<Record<string, readonly string[]>>): { asked: string[] } {
  const asked: string[] = [];
  const answer = (name: string, _: unknown, callback: (...result: unknown[]) => void) => {
    asked.push(name);
    const addresses = names[name]?.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const unknown = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name });
    process.nextTick(callback, addresses === undefined ? unknown : null, addresses);
  };
  dns.lookup = answer as unknown as typeof dns.lookup;
  return { asked };
}

export function startPages(options: Partial<PagesOptions> = {}): Pages {
  const pages = createPages({ userAgent: 'test/1', isLocal: true, ...options });
  onCleanUp(() => pages.close());
  return pages;
}

/** Asks once, with a client of its own unless given. */
export function get(url: string, options: Partial<PageRequest> = {}, pages = startPages()): Promise<PageAnswer> {
  return pages.get({
    url: new URL(url),
    headers: {},
    hosts: new Set(),
    timeoutMs: timeoutMs(5000),
    signal: new AbortController().signal,
    ...options,
  });
}

/** The last answer, or an error that shows what came instead. */
export function answered(answer: PageAnswer): Extract<PageAnswer, { kind: 'answered' }> {
  if (answer.kind === 'none') throw new Error(`no answer: ${answer.fault}, ${answer.reason}`);
  return answer;
}

export async function listen(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A server, and what it was asked. */
export interface Storefront {
  port: number;
  server: Server;
  /** `host path`, in order. */
  asked: string[];
  /** How many connections were made. */
  connections(): number;
}

export async function startStorefront(answer: RequestListener): Promise<Storefront> {
  return await start(createServer(), answer);
}

export async function startTlsStorefront(
  certificate: { key: string; cert: string },
  answer: RequestListener,
): Promise<Storefront> {
  return await start(createHttpsServer(certificate) as unknown as Server, answer);
}

async function start(server: Server, answer: RequestListener): Promise<Storefront> {
  const asked: string[] = [];
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.on('request', (request, response) => {
    asked.push(`${request.headers.host?.replace(/:\d+$/, '')} ${request.url}`);
    answer(request, response);
  });
  return { port: await listen(server), server, asked, connections: () => connections };
}

export const DAY_MS = 24 * 60 * 60 * 1000;

/** For one name; its own authority, and nobody's. */
export async function certificate(notBeforeMs: number, notAfterMs: number, name = 'localhost') {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + notBeforeMs),
    notAfterDate: new Date(Date.now() + notAfterMs),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { key, cert };
}

/** A server that is none: it gets each connection. */
export async function startRaw(onConnection: (socket: Socket) => void): Promise<number> {
  return await listen(createTcpServer(onConnection));
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Makes a certificate an authority, until the test is over. @param cert PEM */
export function trust(cert: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, cert]);
  onCleanUp(() => setDefaultCACertificates(before));
}
