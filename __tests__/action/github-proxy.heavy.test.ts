/**
 * A real proxy (tinyproxy), and no other way out: every connection but those to it fails. What is seen on GitHub and at
 * BigCommerce went through it.
 */
import { expect } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { githubCallsOf, onGitHub, onPullRequest, ownComments, statesOf } from './github-harness.ts';
import { callsOf, warningsOf } from './harness.ts';
import { type Proxied, proxied } from './proxied-run.ts';
import { BIGCOMMERCE_HOST, GITHUB_HOST, RESULTS_HOST, withTinyproxy } from './tinyproxy.ts';

const VARIANTS = [
  { variable: 'https_proxy', tls: true },
  { variable: 'HTTPS_PROXY', tls: true },
  { variable: 'http_proxy', tls: false },
  { variable: 'HTTP_PROXY', tls: false },
] as const;

/** Plain requests alone: the proxy ends each of these connections without a word, and the next request may come before. */
const STALE_CONNECTION = /http:.*the connection broke .* sending it once more/;

/** Main thread and upload thread, each through the proxy and nowhere else. */
function expectOnlyTheProxy({ network, proxy }: Proxied, threads: number): void {
  expect(network.targets()).toEqual([`127.0.0.1:${proxy.port}`]);
  expect(new Set(network.connections().map(({ thread }) => thread)).size).toBe(threads);
}

function expectDeployed(run: FinishedRun): void {
  expect(
    warningsOf(run)
      .split('\n')
      .filter((line) => !STALE_CONNECTION.test(line))
      .join('\n'),
  ).toBe('');
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
}

withTinyproxy.each(VARIANTS)(
  'a production deployment with deployment and artifact goes through $variable alone (tls: $tls)',
  async ({ variable, tls }) => {
    const all = await proxied({ tls });
    const { emulator, proxy, internet, run } = all;
    const finished = await onGitHub(run({ [variable]: proxy.url }));
    expectDeployed(finished);
    expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
    expect(emulator.artifacts.list).toMatchObject([{ finalized: true, sha256: finished.outputs['bundle-sha256'] }]);
    expectOnlyTheProxy(all, 2);
    expect(internet.hosts()).toEqual([tls ? BIGCOMMERCE_HOST : '127.0.0.1', GITHUB_HOST, RESULTS_HOST].sort());
    for (const call of ['sign', 'upload', 'createDeployment', 'events', 'artifacts.create', 'artifacts.putBlock'])
      expect(callsOf(emulator)).toContain(call);
  },
);

withTinyproxy.each(VARIANTS)(
  'a pull request with a comment, found with a question to GraphQL, goes through $variable alone (tls: $tls)',
  async ({ variable, tls }) => {
    const all = await proxied({ tls });
    const { emulator, proxy, run } = all;
    const variables = { [variable]: proxy.url };
    expectDeployed(await onPullRequest(run(variables)));
    expectDeployed(await onPullRequest(run(variables)));
    expect(ownComments(emulator)).toHaveLength(1);
    expect(githubCallsOf(emulator)).toContain('github.graphql');
    expect(githubCallsOf(emulator)).toContain('github.updateComment');
    expectOnlyTheProxy(all, 1);
  },
);

withTinyproxy.each([
  'github.test',
  '.github.test',
  `${GITHUB_HOST},${RESULTS_HOST}`,
  `${GITHUB_HOST}:443 , ${RESULTS_HOST}`,
])(
  'no_proxy "%s" goes past the proxy to GitHub, its GraphQL, its artifacts and their store, and BigCommerce does not',
  async (exceptions) => {
    const { emulator, proxy, internet, network, run } = await proxied({
      tls: true,
      direct: [GITHUB_HOST, RESULTS_HOST],
    });
    const variables = { https_proxy: proxy.url, no_proxy: exceptions };
    const inputs = { ...run(variables).inputs, 'upload-artifact': 'true' };
    expectDeployed(await onPullRequest({ ...run(variables), inputs }));
    expectDeployed(await onPullRequest({ ...run({ ...variables, GITHUB_RUN_ATTEMPT: '2' }), inputs }));
    expect(githubCallsOf(emulator)).toContain('github.graphql');
    expect(emulator.artifacts.list).toHaveLength(2);
    expect(internet.hosts()).toEqual([BIGCOMMERCE_HOST]);
    expect(network.targets().sort()).toEqual([`127.0.0.1:${proxy.port}`, `${GITHUB_HOST}:443`, `${RESULTS_HOST}:443`]);
    expect(network.targets((thread) => thread !== 0)).toEqual([`${RESULTS_HOST}:443`]);
  },
);

withTinyproxy.each(['no_proxy', 'NO_PROXY'])(
  '%s with BigCommerce alone leaves GitHub to the proxy',
  async (variable) => {
    const { proxy, internet, network, run } = await proxied({ tls: true, direct: [BIGCOMMERCE_HOST] });
    expectDeployed(await onGitHub(run({ HTTPS_PROXY: proxy.url, [variable]: BIGCOMMERCE_HOST })));
    expect(internet.hosts()).toEqual([GITHUB_HOST, RESULTS_HOST]);
    expect(network.targets().sort()).toEqual([`127.0.0.1:${proxy.port}`, `${BIGCOMMERCE_HOST}:443`]);
  },
);

withTinyproxy('NO_PROXY "*" goes past the proxy with everything', async () => {
  const direct = [BIGCOMMERCE_HOST, GITHUB_HOST, RESULTS_HOST];
  const { internet, network, run, proxy } = await proxied({ tls: true, direct });
  expectDeployed(await onGitHub(run({ https_proxy: proxy.url, NO_PROXY: '*' })));
  expect(internet.passed).toEqual([]);
  expect(network.targets().sort()).toEqual(direct.map((host) => `${host}:443`).sort());
});
