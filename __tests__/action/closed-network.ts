/**
 * A runner whose network is closed: a preload for the action's process and its threads, in which every connection fails
 * but those to the places that are named, and which writes down each that is tried. A client that goes its own way is
 * seen at once.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onCleanUp } from './harness.ts';

export interface Connection {
  /** 0 is the main thread. */
  thread: number;
  /** `host:port`, as the client requested it. */
  target: string;
  isOpen: boolean;
}

export interface ClosedNetwork {
  /** Variables of the run. */
  env: Record<string, string>;
  /** Threads that were started, the main one included. */
  threads(): number[];
  connections(): Connection[];
  /** Distinct targets, of one thread or of all. */
  targets(isThread?: (thread: number) => boolean): string[];
}

/** @param open reachable targets, as `host:port`, with the port of this machine that replaces each */
export function closedNetwork(open: Readonly<Record<string, number>>): ClosedNetwork {
  const folder = mkdtempSync(join(tmpdir(), 'closed-network-'));
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, 'connections.jsonl');
  const preload = join(folder, 'preload.mjs');
  writeFileSync(log, '');
  writeFileSync(preload, renderPreload(log, open));
  const entries = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Partial<Connection> & { thread: number });
  const connections = () => entries().filter((entry): entry is Connection => entry.target !== undefined);
  return {
    env: { NODE_OPTIONS: `--import=${pathToFileURL(preload)}` },
    threads: () => [...new Set(entries().map(({ thread }) => thread))],
    connections,
    targets: (isThread = () => true) => [
      ...new Set(
        connections()
          .filter(({ thread }) => isThread(thread))
          .map(({ target }) => target),
      ),
    ],
  };
}

function renderPreload(log: string, open: Readonly<Record<string, number>>): string {
  return `import { appendFileSync } from 'node:fs';
import net from 'node:net';
import { threadId } from 'node:worker_threads';

const open = new Map(Object.entries(${JSON.stringify(open)}));
const note = (entry) => appendFileSync(${JSON.stringify(log)}, JSON.stringify({ thread: threadId, ...entry }) + '\\n');
note({});
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  // Node's own callers hand over a list that was put in order before.
  const isOrdered = Array.isArray(args[0]);
  const [first, second] = isOrdered ? args[0] : args;
  const options = typeof first === 'object' ? first : { port: first, host: typeof second === 'string' ? second : undefined };
  let host = options.host ?? 'localhost';
  // Undici names the host that it wants, and has a lookup that gives the proxy's address at once.
  options.lookup?.(host, { all: true }, (_, found) => {
    host = found?.[0]?.address ?? host;
  });
  const target = host + ':' + options.port;
  const port = open.get(target);
  note({ target, isOpen: port !== undefined });
  if (port === undefined) {
    const error = Object.assign(new Error('connect ECONNREFUSED ' + target), { code: 'ECONNREFUSED', syscall: 'connect' });
    process.nextTick(() => this.destroy(error));
    return this;
  }
  const there = { ...options, host: '127.0.0.1', port, lookup: undefined };
  if (isOrdered) args[0][0] = there;
  else args.splice(0, typeof second === 'string' ? 2 : 1, there);
  return connect.apply(this, args);
};
`;
}
