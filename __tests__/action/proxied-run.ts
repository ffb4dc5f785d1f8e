/** What the tests with a real proxy share: a platform under host names, and runs that can only reach the proxy. */

import type { Emulator } from '../../emulator/emulator.ts';
import { type ClosedNetwork, closedNetwork } from './closed-network.ts';
import { type GitHubRun, githubPlatform } from './github-harness.ts';
import {
  BIGCOMMERCE_HOST,
  GITHUB_HOST,
  type Internet,
  internet,
  type ProxyOptions,
  RESULTS_HOST,
  startTinyproxy,
  type Tinyproxy,
} from './tinyproxy.ts';

export interface Proxied {
  emulator: Emulator;
  proxy: Tinyproxy;
  internet: Internet;
  network: ClosedNetwork;
  /** What to run with; `variables` are the proxy's. */
  run: (variables: Readonly<Record<string, string>>) => GitHubRun;
}

export interface ProxiedOptions extends ProxyOptions {
  tls: boolean;
  /** Hosts that can be reached without the proxy, too. */
  direct?: readonly string[];
}

/**
 * With TLS every service has its own name. Without it BigCommerce's side is at 127.0.0.1: the access token is sent
 * over plain http to a loopback address alone.
 */
export async function proxied({ tls, direct = [], ...options }: ProxiedOptions): Promise<Proxied> {
  const emulator = await githubPlatform({ tls });
  const outside = await internet(emulator);
  const proxy = await startTinyproxy(outside, options);
  const standardPort = tls ? 443 : 80;
  const network = closedNetwork({
    [`127.0.0.1:${proxy.port}`]: proxy.port,
    ...Object.fromEntries(
      direct.map((host) => [host.includes(':') ? host : `${host}:${standardPort}`, outside.directPort]),
    ),
  });
  const scheme = tls ? 'https' : 'http';
  const { pathname } = new URL(emulator.github.apiUrl);
  const env: Record<string, string> = {
    ...network.env,
    GITHUB_API_URL: `${scheme}://${GITHUB_HOST}${pathname}`,
    GITHUB_GRAPHQL_URL: `${scheme}://${GITHUB_HOST}${pathname}/graphql`,
    ACTIONS_RESULTS_URL: `${scheme}://${RESULTS_HOST}/`,
    ...(tls ? { NODE_EXTRA_CA_CERTS: outside.certificatePath } : {}),
  };
  const inputs: Record<string, string> = tls ? { 'api-host': BIGCOMMERCE_HOST } : {};
  const run = (variables: Readonly<Record<string, string>>) => ({ emulator, inputs, env: { ...env, ...variables } });
  return { emulator, proxy, internet: outside, network, run };
}
