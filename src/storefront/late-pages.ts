import type { Pages } from '../domain/verification/page.ts';
import { completeProxies } from '../net/proxy.ts';
import type { PagesOptions } from './pages.ts';

/**
 * A client of storefronts whose code is loaded with the first page: many runs verify nothing.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createLatePages(options: PagesOptions): Pages {
  completeProxies();
  let loading: Promise<Pages> | undefined;
  const load = async () => (await import('./pages.ts')).createPages(options);
  return {
    get: async (request) => {
      loading ??= load();
      return (await loading).get(request);
    },
    close: async () => {
      // Code that could not be loaded has opened nothing.
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}
