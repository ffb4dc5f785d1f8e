import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { buildConnector } from 'undici';
import { startTimer } from '../pause.ts';

/** A connection that waits for longer is closed: servers and the boxes between close such ones, not always audibly. */
const KEPT_MS = 30_000;
/** Those that undici reads. */
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

/** undici's way to connect, with connections that were opened before anybody asked for them. */
export interface AheadConnector {
  /** For undici's option `connect`, which it uses for what goes through no proxy. */
  connect: buildConnector.connector;
  /**
   * Opens a connection, TLS included, over which nothing is sent: the first request to this origin has it then. Whatever
   * becomes of it costs nothing: where it failed, was closed or waited for too long, that request connects by itself. One
   * that is still being made is waited for; when its time runs out, so has that request's, which could not have connected
   * sooner.
   *
   * Does nothing where a variable names a proxy: which hosts go past it is for undici to say, which has no way to open a
   * tunnel without a request, and no connection may ever be made that does not go through it.
   * @param signal closes it
   */
  openAhead(origin: URL, signal: AbortSignal): void;
  /** Closes what nobody has asked for. */
  close(): void;
}

/** A connection that nobody has asked for yet. */
interface Kept {
  opened: Promise<Socket>;
  /** Hands it over: from now on it keeps the process alive, as any other, and is nothing of this module's any more. */
  take(): Promise<Socket>;
  drop(): void;
}

export function createAheadConnector(timeoutMs: number): AheadConnector {
  const connectors = new Map<string, buildConnector.connector>();
  const keptOnes = new Map<string, Kept>();
  let isClosed = false;
  // One an origin, as undici has it: a TLS session is none for another server of the same host.
  const connectorOf = (origin: string): buildConnector.connector => {
    const connector = connectors.get(origin) ?? buildConnector({ timeout: timeoutMs, allowH2: false });
    connectors.set(origin, connector);
    return connector;
  };
  const connect: buildConnector.connector = (options, callback) => {
    const origin = originOf(options);
    const kept = keptOnes.get(origin);
    keptOnes.delete(origin);
    const connector = connectorOf(origin);
    if (kept === undefined) return connector(options, callback);
    kept.take().then(
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
      if (isProxied || signal.aborted || isClosed || keptOnes.has(origin)) return;
      const { protocol, host, port } = url;
      const options = { protocol, host, port, hostname: url.hostname.replace(/^\[|\]$/g, '') };
      const kept = keep((callback) => connectorOf(origin)(options, callback), signal);
      keptOnes.set(origin, kept);
      kept.opened.catch(() => {
        if (keptOnes.get(origin) === kept) keptOnes.delete(origin);
      });
    },
    close: () => {
      isClosed = true;
      for (const kept of keptOnes.values()) kept.drop();
      keptOnes.clear();
    },
  };
}

function originOf({ protocol, host }: { protocol: string; host?: string }): string {
  return `${protocol}//${host}`;
}

function keep(open: (callback: buildConnector.Callback) => unknown, signal: AbortSignal): Kept {
  const { promise: opened, resolve, reject } = Promise.withResolvers<Socket>();
  opened.catch(() => {});
  // undici's types do not say that it returns the socket; without it, a connection being made could not be given up.
  const socket = open((error, connected) => (error === null ? resolve(connected as Socket) : reject(error))) as Socket;
  socket.unref();
  // With an error, so that undici's timer of the connection goes, too. undici listens to the error.
  const drop = () => void socket.destroy(new Error('not needed any more'));
  const timer = startTimer(drop, KEPT_MS).unref();
  signal.addEventListener('abort', drop, { once: true });
  return {
    opened,
    drop,
    take: async () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', drop);
      socket.ref();
      await opened;
      // What the server said meanwhile, an end for one, is known once sockets have been looked at again. That is between
      // two of these, while the first may come before it.
      await setImmediate();
      await setImmediate();
      return socket;
    },
  };
}

/** Still open on both sides, and nothing came over it: a server that says something unasked says that it closes. */
function isUsable(socket: Socket): boolean {
  return socket.readyState === 'open' && !socket.readableEnded && socket.readableLength === 0;
}

function isTimeout(error: Error & { code?: string }): boolean {
  return error.code === 'UND_ERR_CONNECT_TIMEOUT' || error.code === 'ETIMEDOUT';
}
