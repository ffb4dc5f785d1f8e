import { importMiniflare } from './import-miniflare.ts';

/** What is used of miniflare. It has types of its own, which are there only where it is installed. */
export interface MiniflareModule {
  readonly Miniflare: new (options: object) => MiniflareInstance;
  readonly Log: new (level: number) => object;
  readonly LogLevel: { readonly NONE: number };
  readonly Response: new (body?: string | null, init?: { status?: number }) => object;
  readonly fetch: (request: ServedRequest, init: { redirect: 'manual' }) => Promise<object>;
  readonly kCurrentWorker: symbol;
  /** The newest date that this workerd knows, as `2026-07-30`. */
  readonly supportedCompatibilityDate: string;
}

export interface MiniflareInstance {
  /** Where it listens; rejects where the worker cannot start. */
  readonly ready: Promise<URL>;
  dispatchFetch(request: ServedRequest): Promise<object>;
  dispose(): Promise<void>;
}

/** A request that a worker sends. */
export interface ServedRequest {
  readonly url: string;
  readonly method: string;
  json(): Promise<unknown>;
}

/** It is not there, or cannot run here. */
export class MiniflareMissingError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MiniflareMissingError';
  }
}

const MIN_NODE_MAJOR = 22;

/**
 * Loads miniflare, which is no dependency of the project itself. Throws `MiniflareMissingError`, which says what to do.
 * @param load for tests
 */
export async function loadMiniflare(
  load: () => Promise<unknown> = importMiniflare,
  nodeVersion: string = process.versions.node,
): Promise<MiniflareModule> {
  if (Number.parseInt(nodeVersion, 10) < MIN_NODE_MAJOR) {
    throw new MiniflareMissingError(
      `Serving storefronts needs Node ${MIN_NODE_MAJOR} or newer; this is Node ${nodeVersion}. 'npm run emulator -- --serve' uses the right one.`,
    );
  }
  try {
    // The version is fixed by the folder's own package.json.
    return (await load()) as MiniflareModule;
  } catch (error) {
    throw new MiniflareMissingError(
      "Serving storefronts needs miniflare, which is not installed (about 160 MB). Run 'npm run serve:install', and try again.",
      { cause: error },
    );
  }
}

/**
 * Makes an instance. Its handlers of signals are taken away: they would end the process before the platform has removed
 * its files. The one for `exit` stays, so that no workerd outlives the process.
 */
export function createInstance({ Miniflare }: MiniflareModule, options: object): MiniflareInstance {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const instance = new Miniflare(options);
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return instance;
}
