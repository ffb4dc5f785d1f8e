import { setImmediate } from 'node:timers/promises';
import { unusableProxy } from './faults.ts';
import type { HttpClient, HttpClientOptions } from './http.ts';

/**
 * An HTTP client that is there at once, while its code is only being loaded: evaluating undici takes as long as all that
 * stands before the first line of a log. It is loaded from now on, beside whatever the run does before its first call.
 * @throws ActionError when a proxy variable is not a URL
 */
export function createLateHttpClient(options: HttpClientOptions): HttpClient {
  checkProxies();
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

/** Those that the client itself looks at: a run that cannot reach anybody is not to package anything first. */
function checkProxies(env: Readonly<Record<string, string | undefined>> = process.env): void {
  for (const name of ['http_proxy', 'https_proxy']) {
    const proxy = env[name] ?? env[name.toUpperCase()];
    if (proxy && !isUsable(proxy)) throw unusableProxy();
  }
}

/** What undici takes; `proxy.example:3128`, for one, is a URL whose scheme is a host. */
function isUsable(proxy: string): boolean {
  try {
    const { protocol, username, password } = new URL(proxy);
    decodeURIComponent(username + password);
    return /^(?:https?|socks5?):$/.test(protocol);
  } catch {
    return false;
  }
}
