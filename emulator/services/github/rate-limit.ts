import type { GitHubToken } from './tokens.ts';

const WINDOW_MS = 3_600_000;
/** A job's token may make so many requests in an hour for each repository, a person's or an app's more. */
const JOB_LIMIT = 1000;
const LIMIT = 5000;

export type RateLimitResource = 'core' | 'graphql';

interface Window {
  endsAtMs: number;
  used: number;
}

/** What a client learns about its rate limit (GitHub's documentation, "Rate limits for the REST API"). It is not enforced. */
export class GitHubRateLimit {
  readonly #windows = new Map<string, Window>();

  /** Counts a request; the headers of its answer. */
  count(token: GitHubToken | undefined, resource: RateLimitResource): Record<string, string> {
    const now = Date.now();
    const key = `${token?.token ?? ''} ${resource}`;
    const known = this.#windows.get(key);
    const window = known === undefined || now >= known.endsAtMs ? { endsAtMs: now + WINDOW_MS, used: 0 } : known;
    this.#windows.set(key, window);
    const limit = token?.kind === 'job' ? JOB_LIMIT : LIMIT;
    window.used = Math.min(window.used + 1, limit);
    return renderRateLimit({ limit, used: window.used, resetAtMs: window.endsAtMs, resource });
  }
}

export function renderRateLimit({
  limit,
  used,
  resetAtMs,
  resource,
}: {
  limit: number;
  used: number;
  resetAtMs: number;
  resource: RateLimitResource;
}): Record<string, string> {
  return {
    'x-ratelimit-limit': `${limit}`,
    'x-ratelimit-remaining': `${limit - used}`,
    'x-ratelimit-reset': `${Math.ceil(resetAtMs / 1000)}`,
    'x-ratelimit-used': `${used}`,
    'x-ratelimit-resource': resource,
  };
}
