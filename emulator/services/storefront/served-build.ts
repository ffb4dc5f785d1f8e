import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { unlessAborted, withTimeLimit } from '../../time-limit.ts';
import type { MiniflareInstance, MiniflareModule, ServedRequest } from './miniflare.ts';
import { createInstance } from './miniflare.ts';
import { OpenRequests } from './open-requests.ts';
import { TAIL_WORKER } from './tail.ts';
import type { WorkerFiles } from './worker-files.ts';

/** The running worker of one deployment. */
export interface ServedBuild {
  readonly projectUuid: string;
  readonly deploymentUuid: string;
  /** Place of its deployment among all that were started: an earlier one never takes over from a later one. */
  readonly order: number;
  /** Port on loopback that its instance listens on. */
  readonly port: number;
  readonly dispatch: (request: ServedRequest) => Promise<object>;
  readonly open: OpenRequests;
  /** Ends it; its files are deleted. */
  readonly dispose: () => Promise<void>;
}

export interface BuildParts {
  projectUuid: string;
  deploymentUuid: string;
  order: number;
  files: WorkerFiles;
  variables: Readonly<Record<string, string>>;
  /** Answers a request that the worker sends. */
  sendOut: (request: ServedRequest) => Promise<object>;
  /** Is given what the tail worker saw. */
  onTail: (items: unknown) => void;
  /** A worker that does not run after so long cannot start. */
  startLimitMs: number;
  /** Gives the start up. */
  signal: AbortSignal;
}

/** A worker that cannot start; the message has workerd's reason. */
export class WorkerStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkerStartError';
  }
}

const MAX_REASON_LENGTH = 500;

/** Starts a worker with its assets. Throws `WorkerStartError`, or the signal's reason. */
export async function startBuild(miniflare: MiniflareModule, parts: BuildParts): Promise<ServedBuild> {
  const { projectUuid, deploymentUuid, order, files, signal } = parts;
  const complaints: string[] = [];
  const removeFiles = () => rm(files.root, { recursive: true, force: true, maxRetries: 5 });
  let instance: MiniflareInstance | undefined;
  try {
    instance = createInstance(miniflare, createOptions(miniflare, parts, complaints));
    const running = instance;
    const port = await waitForPort(running, parts);
    const open = new OpenRequests();
    let disposing: Promise<void> | undefined;
    return {
      projectUuid,
      deploymentUuid,
      order,
      port,
      open,
      dispatch: (request) => open.during(running.dispatchFetch(request)),
      dispose: () => (disposing ??= running.dispose().finally(removeFiles)),
    };
  } catch (error) {
    await instance?.dispose().catch(() => {});
    await removeFiles();
    signal.throwIfAborted();
    const said = complaints.join('').trim();
    const reason = said === '' ? (error instanceof Error ? error.message : String(error)) : said;
    throw new WorkerStartError(reason.replaceAll(/\s+/g, ' ').slice(0, MAX_REASON_LENGTH), { cause: error });
  }
}

/** A loop at the top level of a worker would keep workerd from ever listening. */
async function waitForPort({ ready }: MiniflareInstance, { startLimitMs, signal }: BuildParts): Promise<number> {
  const limit = { limitMs: startLimitMs, reason: `it does not run after ${startLimitMs / 1000} s` };
  const { port } = await withTimeLimit(limit, [signal], (limited) => unlessAborted(ready, limited));
  return Number(port);
}

function createOptions(miniflare: MiniflareModule, parts: BuildParts, complaints: string[]): object {
  const { Log, LogLevel, Response, kCurrentWorker } = miniflare;
  const { files, variables, sendOut, onTail } = parts;
  const compatibilityDate = pickCompatibilityDate(miniflare.supportedCompatibilityDate);
  const worker = {
    name: 'storefront',
    modules: files.modules,
    modulesRoot: files.root,
    compatibilityDate,
    compatibilityFlags: ['nodejs_compat', 'global_fetch_strictly_public'],
    bindings: variables,
    ...(files.assetsDirectory !== undefined && {
      assets: { directory: files.assetsDirectory, binding: 'ASSETS', routerConfig: { has_user_worker: true } },
    }),
    r2Buckets: ['NEXT_INC_CACHE_R2_BUCKET'],
    kvNamespaces: ['CATALYST_ROUTES_KV'],
    serviceBindings: { WORKER_SELF_REFERENCE: kCurrentWorker },
    durableObjects: files.durableObjects,
    outboundService: sendOut,
    tails: ['tail'],
  };
  const tail = {
    name: 'tail',
    modules: true,
    script: TAIL_WORKER,
    compatibilityDate,
    serviceBindings: {
      SINK: async (request: ServedRequest) => {
        onTail(await request.json());
        return new Response(null, { status: 204 });
      },
    },
  };
  return {
    host: '127.0.0.1',
    port: 0,
    // Otherwise miniflare asks Cloudflare for an example.
    cf: false,
    log: new Log(LogLevel.NONE),
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      stdout.resume();
      stderr.on('data', (chunk: Buffer) => {
        // What it says at the start is the reason; later on, the logs have it.
        if (complaints.length < 20) complaints.push(chunk.toString());
      });
    },
    workers: [worker, tail],
  };
}

/** One month back, as in a project that is kept up to date; not newer than what workerd knows. */
export function pickCompatibilityDate(newest: string, now = new Date()): string {
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - 1);
  const monthAgo = date.toISOString().slice(0, 10);
  return monthAgo < newest ? monthAgo : newest;
}
