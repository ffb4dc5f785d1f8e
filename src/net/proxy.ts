import { ActionError } from '../errors.ts';

type Environment = Record<string, string | undefined>;

/** Lower case counts first, for undici as for GitHub's packages. */
const VARIABLES = [
  ['https_proxy', 'HTTPS_PROXY'],
  ['http_proxy', 'HTTP_PROXY'],
] as const;

/**
 * Writes the variables that name a proxy in the one form that all clients take: `proxy.example:3128` is
 * `http://proxy.example:3128`, as curl has it. By itself it is a URL whose scheme is a host. Call this before a client
 * is made.
 * @throws ActionError if one is not usable; the message does not show the value, which may hold credentials
 */
export function completeProxies(env: Environment = process.env): void {
  for (const name of VARIABLES.flat()) {
    const value = env[name]?.trim();
    // White space alone, as an empty expression leaves it, names no proxy.
    if (value === '' && env[name] !== '') delete env[name];
    if (!value) continue;
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    if (!isUsable(url)) throw unusableProxy();
    env[name] = url;
  }
}

/** The proxies that the variables name. */
export function readProxies(env: Environment = process.env): URL[] {
  const given = VARIABLES.map(([name, upper]) => env[name] ?? env[upper] ?? '');
  return given.flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []));
}

export function unusableProxy(cause?: unknown): ActionError {
  return new ActionError('The proxy named by HTTPS_PROXY or HTTP_PROXY is not a usable URL.', {
    topic: 'the-proxy-could-not-be-reached',
    title: 'Proxy setting not usable',
    fix: 'Set it to a URL such as http://proxy.example:3128, or unset it.',
    cause,
  });
}

/** What undici accepts. */
function isUsable(proxy: string): boolean {
  try {
    const { protocol, username, password } = new URL(proxy);
    decodeURIComponent(username + password);
    return /^(?:https?|socks5?):$/.test(protocol);
  } catch {
    return false;
  }
}
