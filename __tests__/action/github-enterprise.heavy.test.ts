/** GitHub Enterprise Server: other addresses for everything, and no artifacts of this kind. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { closedNetwork } from './closed-network.ts';
import { githubPlatform, onGitHub, onPullRequest, ownComments, pullRequestEvent, statesOf } from './github-harness.ts';
import { callsOf, platform, reach, warningsOf } from './harness.ts';

/** The server, and BigCommerce at another place; nothing else can be reached. */
async function enterprise() {
  const server = await githubPlatform();
  const store = await platform();
  const network = closedNetwork(Object.fromEntries([server, store].map((one) => [hostOf(one), portOf(one)])));
  const given = { emulator: server, enterprise: true, env: network.env };
  const inputs = (more: Record<string, string> = {}) => ({ inputs: { ...reach(store), ...more } });
  return { server, store, network, given, inputs };
}

function hostOf({ origin }: Emulator): string {
  return new URL(origin).host;
}

function portOf({ origin }: Emulator): number {
  return Number(new URL(origin).port);
}

/** Addresses of the links in Markdown of this action, without those of the storefront. */
function linksOf(markdown: string): string[] {
  const links = [...markdown.matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&#38;', '&'));
  return links.filter((url) => !url.includes('storefront.example'));
}

function warningList(run: FinishedRun): string[] {
  return run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

test('a push: deployment and statuses go to /api/v3 of the server, and nothing goes anywhere else', async () => {
  const { server, store, network, given, inputs } = await enterprise();
  const run = await onGitHub({ ...given, ...inputs({ 'upload-artifact': 'false' }) });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(statesOf(server)).toEqual([['in_progress', 'success']]);
  expect(server.requests.length).toBeGreaterThan(2);
  for (const { path } of server.requests) expect(path).toMatch(/^\/api\/v3\/repos\/acme\/storefront\//);
  expect(callsOf(store).filter((call) => /^(github|artifacts)\.|unknown/.test(call))).toEqual([]);
  expect(network.targets().sort()).toEqual([hostOf(server), hostOf(store)].sort());
  expect(server.github.deployments[0]?.statuses.map(({ logUrl }) => logUrl)).toEqual(
    Array(2).fill(`${server.origin}/acme/storefront/actions/runs/${server.artifacts.runId}/attempts/1`),
  );
});

test('a pull request whose comment is there: the question who writes goes to /api/graphql', async () => {
  const { server, store, network, given, inputs } = await enterprise();
  await onPullRequest({ ...given, ...inputs() });
  const run = await onPullRequest({ ...given, ...inputs() });
  expect(warningsOf(run)).toBe('');
  expect(ownComments(server)).toHaveLength(1);
  const paths = server.requests.map(({ call, path }) => ({ isGraphql: call === 'github.graphql', path }));
  expect(paths.filter(({ isGraphql }) => isGraphql).map(({ path }) => path)).toEqual(['/api/graphql']);
  for (const { path, isGraphql } of paths) expect(isGraphql || path.startsWith('/api/v3/repos/')).toBe(true);
  expect(network.targets().sort()).toEqual([hostOf(server), hostOf(store)].sort());
});

test('an event without a pull request’s head asks the server for it, too', async () => {
  const { server, given, inputs } = await enterprise();
  const event = { name: 'workflow_dispatch', payload: {} };
  const run = await onGitHub({ ...given, ...inputs({ 'pull-request': '7' }), event });
  expect(warningsOf(run)).toBe('');
  const asked = server.requests.find(({ call, method }) => method === 'GET' && call === 'github.getPullRequest');
  expect(asked?.path).toBe('/api/v3/repos/acme/storefront/pulls/7');
  expect(server.github.deployments[0]?.sha).toBe(server.github.pullRequests[0]?.head.sha);
});

test('the links of comment and summary lead to the server', async () => {
  const { server, given, inputs } = await enterprise();
  const run = await onPullRequest({ ...given, ...inputs() });
  const { sha } = server.github.deployments[0] ?? {};
  const base = `${server.origin}/acme/storefront`;
  const [comment] = ownComments(server);
  const commentLinks = linksOf(comment?.body ?? '');
  expect(commentLinks).toContain(`${base}/commit/${sha}`);
  expect(commentLinks).toContain(`${base}/actions/runs/${server.artifacts.runId}/attempts/1`);
  const summaryLinks = linksOf(run.summary);
  expect(summaryLinks).toContain(`${base}/commit/${sha}`);
  expect(summaryLinks).toContain(`${base}/deployments/preview`);
  expect(summaryLinks).toContain(`${base}/pull/7#issuecomment-${comment?.id}`);
  for (const url of [...commentLinks, ...summaryLinks]) expect(url).toMatch(new RegExp(`^${server.origin}/`));
  expect(`${run.summary}${comment?.body}`).not.toContain('github.com');
});

test('production: one warning says that there are no artifacts and what to do, and nothing is tried', async () => {
  const { server, network, given, inputs } = await enterprise();
  const run = await onGitHub({ ...given, ...inputs() });
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  const warnings = warningList(run);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('GitHub Enterprise Server');
  expect(warnings[0]).toContain(server.origin);
  expect(warnings[0]).toContain('`upload-artifact: false`');
  expect(run.outputs).not.toHaveProperty('artifact-id');
  expect(network.threads()).toEqual([0]);
  expect(callsOf(server).filter((call) => call.startsWith('artifacts.'))).toEqual([]);
  expect(statesOf(server)).toEqual([['in_progress', 'success']]);
  expect(server.github.deployments[0]?.payload).toMatchObject({ artifact_id: null, artifact_name: null });
});

test.each([{ 'upload-artifact': 'false' }, { environment: 'staging' }])(
  'no warning where no artifact is wanted: %j',
  async (given) => {
    const all = await enterprise();
    const run = await onGitHub({ ...all.given, ...all.inputs(given) });
    expect(warningList(run)).toEqual([]);
    expect(run.outputs['outcome']).toBe('deployed');
    expect(all.network.threads()).toEqual([0]);
  },
);

test('a pull request with upload-artifact: true has the warning, and its comment', async () => {
  const { server, given, inputs } = await enterprise();
  const run = await onPullRequest({ ...given, ...inputs({ 'upload-artifact': 'true' }) });
  expect(warningList(run)).toEqual([expect.stringContaining('GitHub Enterprise Server')]);
  expect(ownComments(server)).toHaveLength(1);
  expect(ownComments(server)[0]?.body).toContain('Deployed to preview');
});

test('a slash at the end of GITHUB_SERVER_URL is none in the links', async () => {
  const { server, given, inputs } = await enterprise();
  const env = { ...given.env, GITHUB_SERVER_URL: `${server.origin}/` };
  const run = await onPullRequest({ ...given, ...inputs(), env });
  expect(linksOf(run.summary)).toContain(`${server.origin}/acme/storefront/deployments/preview`);
  expect(run.summary).not.toContain('//acme');
});

test('a company’s own host on GitHub’s cloud (ghe.com) has artifacts, and links to itself', async () => {
  const emulator = await githubPlatform();
  const env = { GITHUB_SERVER_URL: 'https://acme.ghe.com' };
  const inputs = { 'upload-artifact': 'true' };
  const run = await onGitHub({ emulator, env, inputs, event: pullRequestEvent(emulator) });
  expect(warningsOf(run)).toBe('');
  const [artifact] = emulator.artifacts.list;
  const url = `https://acme.ghe.com/acme/storefront/actions/runs/${emulator.artifacts.runId}/artifacts/${artifact?.id}`;
  expect(run.outputs['artifact-url']).toBe(url);
  expect(linksOf(run.summary)).toContain(url);
  expect(linksOf(ownComments(emulator)[0]?.body ?? '')).toContain(url);
});
