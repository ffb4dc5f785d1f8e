import { setImmediate } from 'node:timers/promises';
import type { HttpClient, HttpClientOptions } from './http.ts';
import { completeProxies } from './proxy.ts';

/**
 * An HTTP client that is usable at once while its code still loads: evaluating undici takes as long as everything else
 * before the first line of the log. Loading starts now, in parallel with what the run does before its first call.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createLateHttpClient(options: HttpClientOptions): HttpClient {
  // A run that cannot reach any host should fail before it packages anything.
  completeProxies();
  const loading = load(options);
  loading.catch(() => {}); // The first call reports it.
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
  // `import` compiles synchronously: what can be logged or started without it comes first.
  await setImmediate();
  const { createHttpClient } = await import('./http.ts');
  return createHttpClient(options);
}
