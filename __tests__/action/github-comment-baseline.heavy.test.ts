/** The bundle's size against the last deployment of `production` that ever was a success. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { NewDeployment } from '../../emulator/services/github/seeding.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { hrefsOf, onlyComment, pushCommit, wordsOf } from './github-comment-reading.ts';
import { githubPlatform, onGitHub, onPullRequest } from './github-harness.ts';
import { SMALL_BUILD, storefront, warningsOf, writeWorkspaceFile } from './harness.ts';

const payload = (bundle_size: number, working_directory = '.') => ({
  bundle_size,
  bundle_files: 3,
  bundle_sha256: 'ab'.repeat(32),
  artifact_id: null,
  artifact_name: null,
  run_id: '12',
  run_attempt: '1',
  project_uuid: 'of another time',
  project_name: null,
  pull_request: null,
  working_directory,
});

const BASELINE_SHA = '0b'.repeat(20);

/** What the comparison has to find, unless the test is about another one. */
function addBaseline(emulator: Emulator, deployment: NewDeployment = {}): void {
  const statuses = ['in_progress', 'success'] as const;
  emulator.github.addDeployment({ payload: payload(400), sha: BASELINE_SHA, statuses, ...deployment });
}

/** Bundles here have between 400 and 1000 bytes. */
function expectCompared(emulator: Emulator, run: FinishedRun, bytes = 400): void {
  const { body } = onlyComment(emulator);
  const change = Number(run.outputs['bundle-size']) - bytes;
  const percent = ((100 * change) / bytes).toFixed(1);
  expect(wordsOf(body)).toContain(`+${change} B`);
  expect(wordsOf(body)).toMatch(new RegExp(`\\+${percent} %.*production`));
  expect(hrefsOf(body)).toContain(`https://github.com/acme/storefront/commit/${BASELINE_SHA}`);
}

function expectNotCompared(emulator: Emulator): void {
  const { body } = onlyComment(emulator);
  expect(wordsOf(body)).toMatch(/\b\d+ B in 3 files · /);
  expect(wordsOf(body)).not.toMatch(/production|%|[+−]\d/);
}

test('against the last success of production, as this action itself showed it', async () => {
  const emulator = await githubPlatform();
  const live = await onGitHub({ emulator });
  const sha = emulator.github.deployments[0]?.sha ?? '';
  const more = { ...SMALL_BUILD, 'assets/more.txt': 'x'.repeat(10) };
  const run = await onPullRequest({ emulator, workspace: storefront(more) });
  const change = Number(run.outputs['bundle-size']) - Number(live.outputs['bundle-size']);
  const { body } = onlyComment(emulator);
  expect(wordsOf(body)).toMatch(new RegExp(`\\+${change} B.*%.*production`));
  expect(hrefsOf(body)).toContain(`https://github.com/acme/storefront/commit/${sha}`);
});

test('one that was superseded counts: inactive after a success', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator, { statuses: ['in_progress', 'success', 'inactive'] });
  expectCompared(emulator, await onPullRequest({ emulator }));
});

test('the newest of several successes is taken', async () => {
  const emulator = await githubPlatform();
  emulator.github.addDeployment({ payload: payload(100), statuses: ['success', 'inactive'] });
  addBaseline(emulator);
  expectCompared(emulator, await onPullRequest({ emulator }));
});

test('newer ones that failed, or are not done, are passed over', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator, { statuses: ['success', 'inactive'] });
  const never = [
    ['failure'],
    ['error'],
    ['in_progress'],
    ['in_progress', 'inactive'],
    ['queued', 'pending'],
    [],
  ] as const;
  for (const statuses of never) emulator.github.addDeployment({ payload: payload(1), statuses });
  expectCompared(emulator, await onPullRequest({ emulator }));
});

const GARBAGE: readonly unknown[] = [
  ...['', 'deployed by hand', '{', 'null', '[]', '"text"', 7, null, true, [], {}, { environment: 'production' }],
  { ...payload(1), bundle_size: '1' },
  { ...payload(1), bundle_size: -1 },
  { ...payload(1), bundle_size: 1.5 },
  { ...payload(1), bundle_sha256: '<img>' },
  { ...payload(1), run_id: 12 },
  { ...payload(1), working_directory: ['.'] },
  { ...payload(1), working_directory: undefined },
  { bundle_size: 1, working_directory: '.' },
  JSON.stringify({ bundle_size: 1 }),
];

test('those of other tools are passed over, whatever their payloads are, and over many pages', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator);
  for (let index = 0; index < 230; index += 1) {
    const garbage = GARBAGE[index % GARBAGE.length];
    emulator.github.addDeployment({ payload: garbage, statuses: ['success'], login: 'other-tool' });
  }
  const { index = 0 } = emulator.requests.at(-1) ?? { index: -1 };
  const run = await onPullRequest({ emulator, inputs: { 'github-deployment': 'false' } });
  expectCompared(emulator, run);
  expect(warningsOf(run)).toBe('');
  const lists = emulator.requests.filter((one) => one.index > index && one.call === 'github.listDeployments');
  expect(lists.map(({ query }) => [query['environment'], query['per_page'], query['page'] ?? '1'])).toEqual([
    ['production', '100', '1'],
    ['production', '100', '2'],
    ['production', '100', '3'],
  ]);
});

test('a success is found among a hundred statuses that came after it', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator, { statuses: ['success', ...Array.from({ length: 120 }, () => 'inactive' as const)] });
  expectCompared(emulator, await onPullRequest({ emulator }));
});

test('a payload that is given back as text is read', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator, { payload: JSON.stringify(payload(400)) });
  expectCompared(emulator, await onPullRequest({ emulator }));
});

test('those of other environments do not count', async () => {
  const emulator = await githubPlatform();
  for (const environment of ['preview', 'production-eu', 'staging']) addBaseline(emulator, { environment });
  await onPullRequest({ emulator });
  expectNotCompared(emulator);
});

test('another storefront of the repository is passed over', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator, { payload: payload(400, 'shops/core') });
  for (const other of ['.', 'shops', 'shops/core2', 'shops/Core']) {
    emulator.github.addDeployment({ payload: payload(1, other), statuses: ['success'] });
  }
  const workspace = storefront({});
  for (const [name, content] of Object.entries(SMALL_BUILD)) {
    writeWorkspaceFile(workspace, `shops/core/.bigcommerce/dist/${name}`, content);
  }
  const inputs = { 'working-directory': './shops/core/' };
  expectCompared(emulator, await onPullRequest({ emulator, workspace, inputs }));
});

test('no deployment of production yet: no comparison, and no warning', async () => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator });
  expectNotCompared(emulator);
  expect(warningsOf(run)).toBe('');
});

test.each([
  [
    'are garbage',
    (emulator: Emulator) =>
      emulator.addFault({
        call: 'github.listDeployments',
        effect: 'status',
        status: 200,
        body: [{ no: 'deployment' }],
        times: 'always',
      }),
  ],
  [
    'are refused with a hostile text',
    (emulator: Emulator) =>
      emulator.addFault({ call: 'github.listDeployments', effect: 'hostile-error', times: 'always' }),
  ],
])('deployments that %s: the comment goes without a comparison and without a warning', async (_, arrange) => {
  const emulator = await githubPlatform();
  addBaseline(emulator);
  arrange(emulator);
  const run = await onPullRequest({ emulator, inputs: { 'github-deployment': 'false' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expectNotCompared(emulator);
  expect(warningsOf(run)).toBe('');
});

test('without the permission to read deployments there is no comparison, and one warning has the line', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator);
  emulator.github.deny('deployments');
  const run = await onPullRequest({ emulator, inputs: { 'github-deployment': 'false' } });
  expect(run.outputs['outcome']).toBe('deployed');
  expectNotCompared(emulator);
  expect(warningsOf(run).split('\n')).toEqual([
    expect.stringMatching(
      /size is not compared with production's.*Add `deployments: read` to the job's `permissions:`/,
    ),
  ]);
});

test('the search for one ends after three pages of others', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator);
  for (let index = 0; index < 320; index += 1) emulator.github.addDeployment({ environment: 'production' });
  await onPullRequest({ emulator });
  expectNotCompared(emulator);
  const asked = emulator.requests.filter(
    ({ call, query }) => call === 'github.listDeployments' && query['environment'] === 'production',
  );
  expect(asked).toHaveLength(3);
});

test('a refused bundle is compared with nothing, and nothing is asked for it', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator);
  await onPullRequest({ emulator, workspace: storefront({ ...SMALL_BUILD, '.env': 'A=1' }) });
  expect(wordsOf(onlyComment(emulator).body)).not.toContain('against production');
  expect(emulator.requests.filter(({ call }) => call === 'github.listDeployments')).toEqual([]);
});

test('the comparison is still there when the deployment fails', async () => {
  const emulator = await githubPlatform();
  addBaseline(emulator);
  pushCommit(emulator, 'b');
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  expectCompared(emulator, await onPullRequest({ emulator }));
});
