/**
 * A real proxy, tinyproxy, between the action and a small internet: names that only the proxy can resolve, each of
 * which leads to the embedded platform. GitHub's clients take no proxy for a loopback address, so names there must be.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { test } from '@jest/globals';
import { generate } from 'selfsigned';
import type { Emulator } from '../../emulator/emulator.ts';
import { onCleanUp } from './harness.ts';

export const BIGCOMMERCE_HOST = 'api.bigcommerce.test';
export const GITHUB_HOST = 'api.github.test';
export const RESULTS_HOST = 'results.github.test';
const HOSTS = [BIGCOMMERCE_HOST, GITHUB_HOST, RESULTS_HOST];

const isInstalled = spawnSync('tinyproxy', ['-v']).error === undefined;
if (!isInstalled) console.warn('Tests with a real proxy are skipped: tinyproxy is not installed.');

/** `test`, where there is a tinyproxy. */
export const withTinyproxy = isInstalled ? test : test.skip;

export interface Internet {
  /** Of the proxy behind the proxy. */
  port: number;
  /** The target of a name without a proxy in between. */
  directPort: number;
  /** `NODE_EXTRA_CA_CERTS`; '' without TLS. */
  certificatePath: string;
  /** `host:port` of each request or tunnel that came through. */
  passed: string[];
  /** Distinct hosts of these. */
  hosts(): string[];
}

/** Where the proxy's requests go: the platform, under names, with a certificate for these where it has TLS. */
export async function internet(emulator: Emulator): Promise<Internet> {
  const { hostname, port: emulatorPort, protocol } = new URL(emulator.origin);
  const certified = protocol === 'https:' ? await startTlsFront(Number(emulatorPort)) : undefined;
  const directPort = certified?.port ?? Number(emulatorPort);
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '');
    passed.push(`${url.hostname}:${url.port || 80}`);
    const { method, headers } = incoming;
    const path = `${url.pathname}${url.search}`;
    const there = { host: hostname, port: emulatorPort, method, path, headers, agent: false };
    const forwarded = request(there, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming, socket: Socket, head) => {
    passed.push(incoming.url ?? '');
    const upstream = connect(directPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      tie(socket, upstream);
    });
    upstream.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  const hosts = () => [...new Set(passed.map((target) => target.replace(/:\d+$/, '')))].sort();
  return { port, directPort, certificatePath: certified?.certificatePath ?? '', passed, hosts };
}

/** Opens TLS for the names, and closes it again for the platform, which has a certificate for the loopback alone. */
async function startTlsFront(emulatorPort: number): Promise<{ port: number; certificatePath: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: BIGCOMMERCE_HOST }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 3_600_000),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: HOSTS.map((value) => ({ type: 2, value })) },
    ],
  });
  const certificatePath = join(temporaryFolder(), 'certificate.pem');
  writeFileSync(certificatePath, cert);
  const server = createTlsServer({ key, cert }, (socket) => {
    const upstream = connectTls({ host: '127.0.0.1', port: emulatorPort, rejectUnauthorized: false });
    tie(socket, upstream);
  });
  return { port: await listen(server), certificatePath };
}

function tie(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const [end, far] of [
    [one, other],
    [other, one],
  ] as const) {
    end.on('error', () => far.destroy());
    end.on('close', () => far.destroy());
  }
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanUp(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tinyproxy-'));
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface ProxyOptions {
  /** `user password`: letters, digits, `-`, `.` and `_` are all that its settings can hold. */
  credentials?: string;
  /** Hosts that it lets through; all unless given. */
  allowed?: readonly string[];
}

export interface Tinyproxy {
  port: number;
  url: string;
}

/** A running tinyproxy, stopped after the test. */
export async function startTinyproxy({ port: upstream }: Internet, options: ProxyOptions = {}): Promise<Tinyproxy> {
  const port = await findFreePort();
  const folder = temporaryFolder();
  const { credentials, allowed } = options;
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 600',
    'MaxClients 100',
    'LogLevel Info',
    `Upstream http 127.0.0.1:${upstream}`,
    ...(credentials === undefined ? [] : [`BasicAuth ${credentials}`]),
  ];
  if (allowed !== undefined) {
    const filter = join(folder, 'filter');
    writeFileSync(filter, allowed.map((host) => `^${host.replaceAll('.', '\\.')}$\n`).join(''));
    lines.push(`Filter "${filter}"`, 'FilterDefaultDeny Yes');
  }
  const settings = join(folder, 'tinyproxy.conf');
  writeFileSync(settings, `${lines.join('\n')}\n`);
  const child = spawn('tinyproxy', ['-d', '-c', settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  onCleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  await isReady(child);
  return { port, url: `http://127.0.0.1:${port}` };
}

function isReady(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk;
        if (/accepting connections/i.test(said)) resolve();
      });
    }
    child.once('exit', (code) => reject(new Error(`tinyproxy ended with ${code}: ${said}`)));
    child.once('error', reject);
  });
}

async function findFreePort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
