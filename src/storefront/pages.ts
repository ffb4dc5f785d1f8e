import type { Pages } from '../domain/verification/page.ts';

export interface PagesOptions {
  userAgent: string;
  /** The platform is on this machine, and so may be its storefronts; otherwise nothing in a private network is asked. */
  isLocal: boolean;
}

/** A client of storefronts. @throws ActionError when a proxy variable is not a URL */
export function createPages(_options: PagesOptions): Pages {
  return {
    get: async ({ signal }) => {
      signal.throwIfAborted();
      return { kind: 'none', fault: 'connection', reason: 'not built yet', hops: [] };
    },
    close: async () => {},
  };
}
