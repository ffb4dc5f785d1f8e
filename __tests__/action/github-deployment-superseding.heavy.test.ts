/** Which deployments a newer one replaces on GitHub: its own project's, on pull requests its own pull request's. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { bodiesOf, earlierPayload, expectDeployed, requestsTo } from './github-fault-helpers.ts';
import { githubPlatform, onGitHub, onPullRequest, PULL_REQUEST, statesOf } from './github-harness.ts';

const HOUR_MS = 3_600_000;

function seed(emulator: Emulator, payload: unknown, rest: Parameters<Emulator['github']['addDeployment']>[0] = {}) {
  return emulator.github.addDeployment({ payload, statuses: ['in_progress', 'success'], ...rest });
}

/** Deployments of some other tool in the same environment. */
function seedForeign(emulator: Emulator, count: number, rest: Parameters<typeof seed>[2] = {}): void {
  for (let index = 0; index < count; index += 1) {
    seed(emulator, { web_url: `https://example.com/${index}` }, { login: 'other-tool[bot]', ...rest });
  }
}

/** Pages of deployments that were asked for, of one environment. */
function pagesOf(emulator: Emulator, environment: string): number {
  return requestsTo(emulator, 'github.listDeployments').filter(({ query }) => query['environment'] === environment)
    .length;
}

test('a second deployment of a project replaces the first, however many of others lie in between', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onGitHub({ emulator }));
  seedForeign(emulator, 205);
  expectDeployed(await onGitHub({ emulator }));
  const [older] = emulator.github.deployments;
  const newer = emulator.github.deployments.at(-1);
  expect(older?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success', 'inactive']);
  expect(older?.statuses[2]?.description).toBe(`Replaced by deployment ${newer?.id}`);
  expect(newer?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success']);
  expect(new Set(statesOf(emulator).slice(1, -1).map(String))).toEqual(new Set(['in_progress,success']));
  // One page of the first run, three of the second.
  expect(pagesOf(emulator, 'production')).toBe(4);
  for (const { query } of requestsTo(emulator, 'github.listDeployments')) expect(query['per_page']).toBe('100');
});

test('GitHub itself is never asked to close others', async () => {
  const emulator = await githubPlatform();
  seed(emulator, earlierPayload(emulator));
  expectDeployed(await onGitHub({ emulator }));
  expect(
    bodiesOf(emulator, 'github.createDeploymentStatus').map((body) => [body['state'], body['auto_inactive']]),
  ).toEqual([
    ['in_progress', false],
    ['success', false],
    ['inactive', false],
  ]);
});

test('it is closed as a success before others are closed for it', async () => {
  const emulator = await githubPlatform();
  const older = seed(emulator, earlierPayload(emulator));
  emulator.addFault({ call: 'github.listDeployments', effect: 'status', status: 404 });
  expectDeployed(await onGitHub({ emulator }));
  expect(emulator.github.deployments.at(-1)?.state).toBe('success');
  expect(older.state).toBe('success');
});

test("others' deployments stay as they are: projects, pull requests, environments, and whatever tools have written", async () => {
  const emulator = await githubPlatform();
  const own = (changes: Record<string, unknown> = {}) => earlierPayload(emulator, changes);
  const others = [
    seed(emulator, own({ project_uuid: '00000000-0000-4000-8000-000000000000' })),
    seed(emulator, own(), { environment: 'staging' }),
    seed(emulator, own(), { environment: 'preview', transient: true }),
    seed(emulator, own({ bundle_size: 'many' })),
    seed(emulator, own({ bundle_sha256: 5 })),
    seed(emulator, own({ pull_request: 'seven' })),
    seed(emulator, own({ run_id: { a: [] } })),
    seed(emulator, { project_uuid: emulator.projects[0]?.uuid }),
    seed(emulator, 'a string of another tool'),
    seed(emulator, '{"cut": '),
    seed(emulator, 'null'),
    seed(emulator, ''),
    seed(emulator, null),
    seed(emulator, 17),
    seed(emulator, [own()]),
    seed(emulator, JSON.stringify({ filler: 'x'.repeat(400_000) })),
    seed(emulator, own({ project_name: 'x'.repeat(400_000) })),
  ];
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  expect(run.annotations).toEqual([]);
  expect(others.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual(
    others.map(() => ['in_progress', 'success']),
  );
  expect(statesOf(emulator).at(-1)).toEqual(['in_progress', 'success']);
});

test('own ones are known by a payload that comes back as text, too', async () => {
  const emulator = await githubPlatform();
  const older = seed(emulator, JSON.stringify(earlierPayload(emulator)));
  expectDeployed(await onGitHub({ emulator }));
  expect(older.state).toBe('inactive');
});

test('each of several that were left as a success is closed; those that never were one stay', async () => {
  const emulator = await githubPlatform();
  const statuses = [['success'], ['in_progress'], ['failure'], ['error'], ['in_progress', 'inactive'], ['success'], []];
  const older = statuses.map((given) =>
    seed(emulator, earlierPayload(emulator), { statuses: given as ('success' | 'failure')[] }),
  );
  expectDeployed(await onGitHub({ emulator }));
  expect(older.map(({ state }) => state)).toEqual([
    ...['inactive', 'in_progress', 'failure', 'error', 'inactive', 'inactive', 'pending'],
  ]);
  expect(older[4]?.statuses).toHaveLength(2);
});

const REPLACED = { statuses: ['success', 'inactive'] } as const;

test('the search ends at three that were replaced before: all older ones were with them', async () => {
  const emulator = await githubPlatform();
  seed(emulator, earlierPayload(emulator));
  seedForeign(emulator, 150);
  for (let index = 0; index < 3; index += 1) seed(emulator, earlierPayload(emulator), REPLACED);
  const last = seed(emulator, earlierPayload(emulator));
  expectDeployed(await onGitHub({ emulator }));
  expect(last.state).toBe('inactive');
  expect(requestsTo(emulator, 'github.listDeploymentStatuses')).toHaveLength(4);
  expect(pagesOf(emulator, 'production')).toBe(1);
});

test('after two runs that overtook each other, the next one closes the older one behind the newer', async () => {
  const emulator = await githubPlatform();
  const overtaken = seed(emulator, earlierPayload(emulator));
  seed(emulator, earlierPayload(emulator), REPLACED);
  expectDeployed(await onGitHub({ emulator }));
  expect(overtaken.state).toBe('inactive');
});

test('the oldest is closed first, so that the next run meets what was cut off', async () => {
  const emulator = await githubPlatform();
  const older = [1, 2, 3].map(() => seed(emulator, earlierPayload(emulator)));
  expectDeployed(await onGitHub({ emulator }));
  const closed = bodiesOf(emulator, 'github.createDeploymentStatus').slice(2);
  expect(closed).toHaveLength(3);
  const order = requestsTo(emulator, 'github.createDeploymentStatus').slice(2);
  expect(order.map(({ path }) => Number(/deployments\/(\d+)/.exec(path)?.[1]))).toEqual(older.map(({ id }) => id));
});

test('a state of long ago is found behind a page of later ones', async () => {
  const emulator = await githubPlatform();
  const states = Array.from({ length: 130 }, () => 'inactive' as const);
  const oldest = seed(emulator, earlierPayload(emulator));
  seed(emulator, earlierPayload(emulator), { statuses: ['success', ...states] });
  expectDeployed(await onGitHub({ emulator }));
  // Two pages of the one, and the other.
  expect(requestsTo(emulator, 'github.listDeploymentStatuses')).toHaveLength(3);
  expect(oldest.state).toBe('inactive');
});

test('a deployment that fails replaces nothing', async () => {
  const emulator = await githubPlatform();
  const older = seed(emulator, earlierPayload(emulator));
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  const run = await onGitHub({ emulator });
  expect(run.outputs['outcome']).toBe('failed');
  expect(older.state).toBe('success');
});

test('in production it is one address for all: those of merged pull requests are replaced as well', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: PULL_REQUEST, createdAtMs: Date.now() - HOUR_MS });
  const before = { createdAtMs: Date.now() - 2 * HOUR_MS };
  const older = [
    seed(emulator, earlierPayload(emulator, { pull_request: 6 }), before),
    seed(emulator, earlierPayload(emulator, { pull_request: 12 })),
    seed(emulator, earlierPayload(emulator)),
  ];
  expectDeployed(await onPullRequest({ emulator, inputs: { environment: 'production' } }));
  expect(older.map(({ state }) => state)).toEqual(['inactive', 'inactive', 'inactive']);
});

test('one that was made later and ended earlier is replaced: the platform runs them one after the other', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const running = onGitHub({ emulator });
  await emulator.waitForRequest('events');
  const newer = seed(emulator, earlierPayload(emulator), { createdAtMs: Date.now() - 5000 });
  emulator.releaseDeployment();
  expectDeployed(await running);
  expect(newer.state).toBe('inactive');
});

test('a pull request replaces its own preview, and leaves those of others alone', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: PULL_REQUEST, createdAtMs: Date.now() - HOUR_MS });
  emulator.github.addPullRequest({ number: 8 });
  const preview = { environment: 'preview', transient: true };
  const own = seed(emulator, earlierPayload(emulator, { pull_request: PULL_REQUEST }), preview);
  const others = [
    seed(emulator, earlierPayload(emulator, { pull_request: 8 }), preview),
    seed(emulator, earlierPayload(emulator), preview),
    seed(emulator, earlierPayload(emulator, { pull_request: PULL_REQUEST })),
    seed(emulator, earlierPayload(emulator, { pull_request: PULL_REQUEST, project_uuid: 'another' }), preview),
  ];
  expectDeployed(await onPullRequest({ emulator }));
  expect(own.state).toBe('inactive');
  expect(others.map(({ state }) => state)).toEqual(others.map(() => 'success'));
});

test.each([
  ['the event', {}],
  ['GitHub', { event: { name: 'workflow_dispatch', payload: {} }, inputs: { 'pull-request': `${PULL_REQUEST}` } }],
])('the search ends at deployments older than the pull request, as %s says', async (_, options) => {
  const emulator = await githubPlatform();
  const preview = { environment: 'preview', transient: true };
  const before = { ...preview, createdAtMs: Date.now() - 2 * HOUR_MS };
  emulator.github.addPullRequest({ number: PULL_REQUEST, createdAtMs: Date.now() - HOUR_MS });
  seedForeign(emulator, 230, before);
  const own = seed(emulator, earlierPayload(emulator, { pull_request: PULL_REQUEST }), preview);
  seedForeign(emulator, 20, preview);
  expectDeployed(await onPullRequest({ emulator, ...options }));
  expect(own.state).toBe('inactive');
  expect(pagesOf(emulator, 'preview')).toBe(1);
});

test('a pull request that is asked for after many others reads on until its own beginning', async () => {
  const emulator = await githubPlatform();
  const preview = { environment: 'preview', transient: true };
  emulator.github.addPullRequest({ number: PULL_REQUEST, createdAtMs: Date.now() - HOUR_MS });
  const own = seed(emulator, earlierPayload(emulator, { pull_request: PULL_REQUEST }), preview);
  seedForeign(emulator, 120, preview);
  expectDeployed(await onPullRequest({ emulator }));
  expect(own.state).toBe('inactive');
  expect(pagesOf(emulator, 'preview')).toBe(2);
});

test('two storefronts of one run have a deployment each', async () => {
  const emulator = await githubPlatform({ projects: ['shop', 'outlet'] });
  for (const { uuid } of emulator.projects) {
    expectDeployed(await onGitHub({ emulator, inputs: { 'project-uuid': uuid } }));
  }
  expect(statesOf(emulator)).toEqual([
    ['in_progress', 'success'],
    ['in_progress', 'success'],
  ]);
});
