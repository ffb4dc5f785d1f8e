import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { buildConnector } from 'undici';
import { startTimer } from '../pause.ts';

/** An idle connection is closed after this time: servers and middleboxes drop such connections, sometimes silently. */
const MAX_IDLE_MS = 30_000;
/** The variables that undici reads. */
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

/** undici's connector, with connections opened ahead of the first request. */
export interface AheadConnector {
  /** For undici's option `connect`, used for requests that bypass the proxy. */
  connect: buildConnector.connector;
  /**
   * Opens a connection, TLS included, over which nothing is sent: the first request to this origin uses it. If it
   * failed, was closed or idled too long, that request opens its own. If it is still being opened, the request waits
   * for it; its timeout is the request's too, which could not have connected sooner.
   *
   * Does nothing where a variable names a proxy: undici decides which hosts bypass it and cannot open a tunnel without
   * a request, and no connection may ever bypass the proxy.
   * @param signal closes it
   */
  openAhead(origin: URL, signal: AbortSignal): void;
  /** Closes connections that were never used. */
  close(): void;
}

/** A connection that no request has used yet. */
interface IdleConnection {
  opened: Promise<Socket>;
  /** Hands it over: from now on it keeps the process alive like any other, and this module no longer tracks it. */
  take(): Promise<Socket>;
  drop(): void;
}

export function createAheadConnector(timeoutMs: number): AheadConnector {
  const connectors = new Map<string, buildConnector.connector>();
  const idleConnections = new Map<string, IdleConnection>();
  let isClosed = false;
  // One per origin, as in undici: a TLS session is no use for another server on the same host.
  const connectorOf = (origin: string): buildConnector.connector => {
    const connector = connectors.get(origin) ?? buildConnector({ timeout: timeoutMs, allowH2: false });
    connectors.set(origin, connector);
    return connector;
  };
  const connect: buildConnector.connector = (options, callback) => {
    const origin = originOf(options);
    const idle = idleConnections.get(origin);
    idleConnections.delete(origin);
    const connector = connectorOf(origin);
    if (idle === undefined) return connector(options, callback);
    idle.take().then(
      (socket) => {
        if (isUsable(socket)) return callback(null, socket);
        socket.destroy();
        connector(options, callback);
      },
      (error: Error) => {
        if (isClosed || isTimeout(error)) callback(error, null);
        else connector(options, callback);
      },
    );
  };
  return {
    connect,
    openAhead: (url, signal) => {
      const origin = originOf(url);
      const isProxied = PROXY_VARIABLES.some((name) => (process.env[name] ?? '') !== '');
      if (isProxied || signal.aborted || isClosed || idleConnections.has(origin)) return;
      const { protocol, host, port } = url;
      const options = { protocol, host, port, hostname: url.hostname.replace(/^\[|\]$/g, '') };
      const idle = openIdle((callback) => connectorOf(origin)(options, callback), signal);
      idleConnections.set(origin, idle);
      idle.opened.catch(() => {
        if (idleConnections.get(origin) === idle) idleConnections.delete(origin);
      });
    },
    close: () => {
      isClosed = true;
      for (const idle of idleConnections.values()) idle.drop();
      idleConnections.clear();
    },
  };
}

function originOf({ protocol, host }: { protocol: string; host?: string }): string {
  return `${protocol}//${host}`;
}

function openIdle(open: (callback: buildConnector.Callback) => unknown, signal: AbortSignal): IdleConnection {
  const { promise: opened, resolve, reject } = Promise.withResolvers<Socket>();
  opened.catch(() => {});
  // undici's types do not say that it returns the socket; without it, a connection being made could not be given up.
  const socket = open((error, connected) => (error === null ? resolve(connected as Socket) : reject(error))) as Socket;
  socket.unref();
  // With an error, so that undici clears its timer of the connection, too. undici listens to the error.
  const drop = () => void socket.destroy(new Error('no longer needed'));
  const timer = startTimer(drop, MAX_IDLE_MS).unref();
  signal.addEventListener('abort', drop, { once: true });
  return {
    opened,
    drop,
    take: async () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', drop);
      socket.ref();
      await opened;
      // What the server sent meanwhile, such as an end, is known once sockets have been polled again. That is between
      // two of these immediates; the first may come before it.
      await setImmediate();
      await setImmediate();
      return socket;
    },
  };
}

/** Still open on both sides, and silent: what a server sends unasked announces that it closes. */
function isUsable(socket: Socket): boolean {
  return socket.readyState === 'open' && !socket.readableEnded && socket.readableLength === 0;
}

function isTimeout(error: Error & { code?: string }): boolean {
  return error.code === 'UND_ERR_CONNECT_TIMEOUT' || error.code === 'ETIMEDOUT';
}
