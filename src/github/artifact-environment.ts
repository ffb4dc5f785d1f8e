type Environment = Readonly<Record<string, string | undefined>>;

/** What the runner gives an action to reach the artifact service. Only actions get it, not `run` steps. */
export interface ArtifactService {
  runtimeToken: string;
  resultsUrl: string;
}

export function readArtifactService(env: Environment): ArtifactService | undefined {
  const { ACTIONS_RUNTIME_TOKEN: runtimeToken, ACTIONS_RESULTS_URL: resultsUrl } = env;
  if (!runtimeToken || !resultsUrl || !URL.canParse(resultsUrl)) return undefined;
  return { runtimeToken, resultsUrl };
}

/** The same test as the package's own (`isGhes` of `@actions/artifact`, internal/shared/config.js). */
export function isEnterpriseServer(serverUrl: string): boolean {
  if (!URL.canParse(serverUrl)) return false;
  const { hostname } = new URL(serverUrl);
  return hostname !== 'github.com' && !hostname.endsWith('.ghe.com') && !hostname.endsWith('.localhost');
}

const PROXY_VARIABLES = /^(?:https?|all|no)_proxy$/i;

/**
 * The thread's environment: that of the process, with the proxy variables in the one form that both halves of the
 * package read alike. Left alone, they differ: the client of the blob store takes HTTP_PROXY and ALL_PROXY for https
 * too, knows neither `*` nor ports in NO_PROXY, takes `example.com` there for that host alone, and fails on a proxy
 * without scheme (`@typespec/ts-http-runtime`, policies/proxyPolicy.js; compare `@actions/http-client`, proxy.js).
 */
export function createThreadEnvironment(env: Environment, serverUrl: string, resultsUrl: string): Environment {
  const others = Object.entries(env).filter(([name]) => !PROXY_VARIABLES.test(name));
  return { ...Object.fromEntries(others), ...createProxyVariables(env, resultsUrl), GITHUB_SERVER_URL: serverUrl };
}

function createProxyVariables(env: Environment, resultsUrl: string): Record<string, string> {
  const { protocol, port } = new URL(resultsUrl);
  const name = protocol === 'http:' ? 'http_proxy' : 'https_proxy';
  const proxy = env[name] || env[name.toUpperCase()];
  const exceptions = (env['no_proxy'] || env['NO_PROXY'] || '').toLowerCase().split(/[\s,]+/);
  if (!proxy || exceptions.includes('*')) return {};
  const ownPort = `:${port || (protocol === 'http:' ? 80 : 443)}`;
  return {
    [name]: /^https?:\/\//i.test(proxy) ? proxy : `http://${proxy}`,
    no_proxy: exceptions.flatMap((exception) => widen(exception, ownPort)).join(),
  };
}

/** An exception as both halves understand it: with its subdomains, and without a default port. */
function widen(exception: string, ownPort: string): string[] {
  const pattern = exception.replace(/^\*(?=\.)/, '');
  const host = pattern.endsWith(ownPort) ? pattern.slice(0, -ownPort.length) : pattern;
  if (host === '') return [];
  return host.startsWith('.') ? [host, host.slice(1)] : [host, `.${host}`];
}
