import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Agent, createServer, request as sendRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { ServedBuild } from './served-build.ts';

/** What the listener needs of a build. */
type ListeningBuild = Pick<ServedBuild, 'port' | 'open'>;

/**
 * The address of all storefronts. The host of a request picks the build, and what goes to and fro is passed on as it is.
 */
export class StorefrontListener {
  readonly #findBuild: (host: string) => ListeningBuild | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** A connection for each request: workerd may end an idle one just when it is used again. */
  readonly #agent = new Agent();

  /** @param findBuild by the host without port, in lower case */
  constructor(findBuild: (host: string) => ListeningBuild | undefined) {
    this.#findBuild = findBuild;
    this.#server = createServer({ maxHeaderSize: 65_536 }, (request, response) => this.#pass(request, response));
    this.#server.requestTimeout = 0;
    this.#server.on('upgrade', (request, socket, head) => this.#passUpgrade(request, socket, head));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** The port that it listens on. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    // It listens on TCP, so this is no path of a pipe.
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const build = this.#findBuild(hostOf(request));
    if (build === undefined) {
      request.resume();
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`There is no storefront at ${hostOf(request)}.\n`);
      return;
    }
    build.open.add(response);
    const passed = sendRequest({
      host: '127.0.0.1',
      port: build.port,
      agent: this.#agent,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: passedHeaders(request),
    });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', withoutHop(answer.rawHeaders));
      // The head must not wait for a body that is slow to come.
      response.flushHeaders();
      pipeline(answer, response, () => {});
    });
    passed.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'Content-Type': 'text/plain' }).end('The storefront broke off.\n');
    });
    response.once('close', () => passed.destroy());
    pipeline(request, passed, () => {});
  }

  #passUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node has taken its own listener away: a client that breaks off would end the process.
    socket.on('error', () => socket.destroy());
    const build = this.#findBuild(hostOf(request));
    if (build === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    build.open.add(socket);
    const passed = connect(build.port, '127.0.0.1', () => {
      const { rawHeaders } = request;
      const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? `${name}: ${rawHeaders[index + 1]}` : []));
      passed.write([`${request.method} ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      passed.write(head);
    });
    pipeline(socket, passed, socket, () => {});
  }
}

/** Without port, in lower case. */
function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** Miniflare would answer an exception with a page of its own. */
function passedHeaders({ rawHeaders }: IncomingMessage): string[] {
  return [...withoutHop(rawHeaders), 'MF-Disable-Pretty-Error', '1'];
}

/** These are each connection's own. */
function withoutHop(rawHeaders: readonly string[]): string[] {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : []));
  return pairs.filter(([name = '']) => !/^(connection|keep-alive)$/i.test(name)).flat();
}
