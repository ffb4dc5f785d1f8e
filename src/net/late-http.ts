import { setImmediate } from 'node:timers/promises';
import type { HttpClient, HttpClientOptions } from './http.ts';
import { completeProxies } from './proxy.ts';

/**
 * An HTTP client that is there at once, while its code is only being loaded: evaluating undici takes as long as all that
 * stands before the first line of a log. It is loaded from now on, beside whatever the run does before its first call.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createLateHttpClient(options: HttpClientOptions): HttpClient {
  // A run that cannot reach anybody is not to package anything first.
  completeProxies();
  const loading = load(options);
  loading.catch(() => {}); // The first call tells of it.
  return {
    send: async (call) => (await loading).send(call),
    open: async (call) => (await loading).open(call),
    openAhead: (origin, signal) => {
      loading.then((client) => client.openAhead(origin, signal)).catch(() => {});
    },
    close: async () => {
      // Code that could not be loaded has opened nothing.
      const client = await loading.catch(() => undefined);
      await client?.close();
    },
  };
}

async function load(options: HttpClientOptions): Promise<HttpClient> {
  // `import` compiles at once: whatever can be said or begun without it comes first.
  await setImmediate();
  const { createHttpClient } = await import('./http.ts');
  return createHttpClient(options);
}
