import type { PathCheck } from '../../domain/verification/checks.ts';
import { judgePage, type PageVerdict } from '../../domain/verification/judge.ts';
import type { PageAnswer, Pages } from '../../domain/verification/page.ts';
import { pause } from '../../pause.ts';

/** The storefront that is asked, and what for. */
export interface CheckTarget {
  /** Addresses that the platform named for it; the first one is asked, and redirects are followed to all of them. */
  urls: readonly [string, ...string[]];
  checks: readonly PathCheck[];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

/** Time, as the checks need it. */
export interface Clock {
  nowMs(): number;
  /** @throws the signal's reason */
  pause(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { nowMs: () => performance.now(), pause };

export interface AskDependencies {
  pages: Pages;
  signal: AbortSignal;
  /** That of the system unless given. */
  clock?: Clock;
}

/** Asks one storefront. */
export class Asker {
  readonly #origin: string;
  readonly #hosts: ReadonlySet<string>;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #dependencies: AskDependencies;

  constructor({ urls, headers }: CheckTarget, dependencies: AskDependencies) {
    this.#origin = new URL(urls[0]).origin;
    this.#hosts = new Set(urls.map((url) => new URL(url).host));
    this.#headers = headers;
    this.#dependencies = dependencies;
  }

  /** @throws only the signal's reason */
  async get(path: string, timeoutMs: number): Promise<PageAnswer> {
    const { pages, signal } = this.#dependencies;
    signal.throwIfAborted();
    // Not relative to it: a path that begins with `//` would name another host.
    const url = new URL(this.#origin + path);
    return await pages.get({ url, headers: this.#headers, hosts: this.#hosts, timeoutMs, signal });
  }

  judge(check: PathCheck, answer: PageAnswer): PageVerdict {
    return judgePage(check, answer, this.#hosts);
  }
}

const MAX_AT_ONCE = 4;

/** Does the work for all, at most four at a time. @throws what the first one throws */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const takeTurns = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, takeTurns));
}
