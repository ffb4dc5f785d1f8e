/** Runs that get no secrets end green, say why, and send nothing; all others without a token are red. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { type GitHubRun, githubPlatform, onGitHub, pullRequestEvent, statesOf } from './github-harness.ts';
import { failureOf, storefront, writeWorkspaceFile } from './harness.ts';
import { csvOf, redirectsPlatform } from './redirects-harness.ts';
import { runPlan, runSync } from './redirects-sync-harness.ts';

/** As every `${{ secrets.… }}` arrives. */
const NO_SECRETS = { 'access-token': '', secrets: '' };
const DEPENDABOT = { GITHUB_ACTOR: 'dependabot[bot]' };
const PUSH = { name: 'push', payload: {} };

async function fork(headRepository: string | null = 'mona/storefront'): Promise<Emulator> {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 7, headRepository });
  return emulator;
}

async function withoutSecrets(run: GitHubRun): Promise<FinishedRun> {
  const event = run.event ?? pullRequestEvent(run.emulator);
  return await onGitHub({ ...run, event, inputs: { ...NO_SECRETS, ...run.inputs } });
}

function expectSkipped(run: FinishedRun, emulator: Emulator, reason: 'fork' | 'dependabot'): void {
  expect({ exitCode: run.exitCode, stderr: run.stderr, state: run.state }).toEqual({
    exitCode: 0,
    stderr: '',
    state: {},
  });
  const { 'duration-seconds': duration, result = '', ...outputs } = run.outputs;
  expect(JSON.parse(result)).toMatchObject({ outcome: 'skipped', success: true, skipped: { reason } });
  expect(outputs).toEqual({ outcome: 'skipped', 'skipped-reason': reason });
  expect(Number(duration)).toBeGreaterThanOrEqual(0);
  const why = reason === 'fork' ? 'comes from a fork' : 'Dependabot started this run';
  expect(run.annotations).toEqual([
    { level: 'notice', title: 'Deployment skipped', message: expect.stringContaining(why) },
  ]);
  expect(run.summary).toContain('## ⏭️ Skipped');
  expect(run.summary).toContain(why);
  expect(run.lines.join('\n')).toContain('Outcome: skipped');
  expect(emulator.requests).toEqual([]);
}

function expectMissingToken(run: FinishedRun, emulator: Emulator): void {
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
  expect(failureOf(run).message).toContain('access-token: It is missing');
  expect(run.outputs).not.toHaveProperty('skipped-reason');
  expect(emulator.deployments).toEqual([]);
}

test("a fork's pull request is skipped", async () => {
  const emulator = await fork();
  const run = await withoutSecrets({ emulator });
  expectSkipped(run, emulator, 'fork');
  expect(run.summary).toMatch(/Pull request &#35;(?:<!-- -->)?7 comes from a fork/);
  expect(run.annotations[0]?.message).toContain('Pull request #7');
});

test('a pull request whose fork is gone is skipped', async () => {
  const emulator = await fork(null);
  expectSkipped(await withoutSecrets({ emulator }), emulator, 'fork');
});

/** A push to a branch, as Dependabot's runs find it. */
function pushTo(branch: string, defaultBranch = 'main'): Pick<GitHubRun, 'event' | 'env'> {
  const ref = `refs/heads/${branch}`;
  return {
    event: { name: 'push', payload: { ref, repository: { default_branch: defaultBranch } } },
    env: { ...DEPENDABOT, GITHUB_REF: ref, GITHUB_REF_NAME: branch },
  };
}

test("Dependabot's pull request and its push to its own branch are skipped", async () => {
  const emulator = await githubPlatform();
  for (const inputs of [{}, { environment: 'production' }]) {
    expectSkipped(await withoutSecrets({ emulator, env: DEPENDABOT, inputs }), emulator, 'dependabot');
  }
  for (const branch of ['dependabot/npm_and_yarn/next-16.1.0', 'dependabot-npm_and_yarn-next-16.1.0']) {
    expectSkipped(await withoutSecrets({ emulator, ...pushTo(branch) }), emulator, 'dependabot');
  }
});

test("Dependabot's push to its own branch is skipped if the payload does not name the default one", async () => {
  const emulator = await githubPlatform();
  const run = { ...pushTo('dependabot/npm_and_yarn/next-16.1.0'), event: PUSH };
  expectSkipped(await withoutSecrets({ emulator, ...run }), emulator, 'dependabot');
});

test("Dependabot's push to the default branch is red, and says where its secrets belong: production is stale", async () => {
  const emulator = await githubPlatform();
  const runs: Partial<GitHubRun>[] = [
    pushTo('main'),
    pushTo('trunk', 'trunk'),
    { ...pushTo('main'), event: PUSH },
    { ...pushTo('release'), inputs: { environment: 'production' } },
    // Without an environment this counts as production, too.
    pushTo('release'),
    { env: DEPENDABOT, event: { name: 'workflow_dispatch', payload: {} } },
  ];
  for (const given of runs) {
    const run = await withoutSecrets({ emulator, ...given });
    expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
    expect(run.outputs).not.toHaveProperty('skipped-reason');
    expect(failureOf(run)).toMatchObject({
      title: "No secrets in Dependabot's run",
      message: expect.stringMatching(/still the commit before.*a list of their own.*workflow_dispatch/s),
    });
  }
  expect(emulator.requests).toEqual([]);
});

test("a dry run of Dependabot's push to the default branch leaves nothing stale", async () => {
  const emulator = await githubPlatform();
  const run = await withoutSecrets({ emulator, ...pushTo('main'), inputs: { 'dry-run': 'true' } });
  expectSkipped(run, emulator, 'dependabot');
});

test("redirects of Dependabot's push to the default branch: `sync` is red, `plan` is skipped", async () => {
  const emulator = await redirectsPlatform();
  const run = { emulator, csv: csvOf('/new,/there,,'), ...pushTo('main'), inputs: { 'access-token': '' } };
  const sync = await runSync(run);
  expect({ exitCode: sync.exitCode, outcome: sync.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
  expect(failureOf(sync).title).toBe("No secrets in Dependabot's run");
  expect((await runPlan(run)).outputs).toMatchObject({ outcome: 'skipped', 'skipped-reason': 'dependabot' });
  expect(emulator.requests).toEqual([]);
});

test.each([
  ['is wrong: max-attempts', { 'max-attempts': 'many' }],
  ['is wrong: working-directory', { 'working-directory': '../elsewhere' }],
  ['is wrong: project-uuid', { 'project-uuid': '?' }],
  ['is wrong: comment', { comment: 'maybe' }],
  ['is wrong: sha', { sha: 'main' }],
  ['is wrong: dry-run', { 'dry-run': 'perhaps' }],
  ['is empty: all of the store', { 'store-hash': '', 'project-uuid': '', 'api-host': '' }],
  ['is empty: github-token', { 'github-token': '' }],
  ['asks for a dry run', { 'dry-run': 'true' }],
  ['is blank: access-token', { 'access-token': ' \n' }],
])('a fork is skipped when another input %s', async (_, inputs) => {
  const emulator = await fork();
  expectSkipped(await withoutSecrets({ emulator, inputs }), emulator, 'fork');
});

test('a skipped run needs no build', async () => {
  const emulator = await fork();
  expectSkipped(await withoutSecrets({ emulator, workspace: storefront({}) }), emulator, 'fork');
});

test.each([
  ['as an input', (token: string) => ({ inputs: { 'access-token': token } })],
  ['in the environment', (token: string) => ({ env: { CATALYST_ACCESS_TOKEN: token } })],
])('a fork that has a token deploys, %s', async (_, given) => {
  const emulator = await fork();
  const run = await withoutSecrets({ emulator, ...given(emulator.accessToken) });
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
  expect(run.outputs).not.toHaveProperty('skipped-reason');
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
});

test("Dependabot with its own token deploys, also with one from the project's file", async () => {
  const emulator = await githubPlatform();
  const workspace = storefront();
  writeWorkspaceFile(workspace, '.bigcommerce/project.json', JSON.stringify({ accessToken: emulator.accessToken }));
  const run = await withoutSecrets({ emulator, workspace, env: DEPENDABOT });
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 0, outcome: 'deployed' });
});

test('a fork with a wrong token is red', async () => {
  const emulator = await fork();
  const run = await withoutSecrets({ emulator, inputs: { 'access-token': 'a b c d' } });
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'error' });
});

test('without a token a pull request of the same repository is red, and so are a push and a user named like Dependabot', async () => {
  const emulator = await githubPlatform();
  expectMissingToken(await withoutSecrets({ emulator }), emulator);
  expectMissingToken(await withoutSecrets({ emulator, event: PUSH }), emulator);
  expectMissingToken(await withoutSecrets({ emulator, env: { GITHUB_ACTOR: 'dependabot' } }), emulator);
});

test("a fork's run under pull_request_target gets secrets: without a token it is red, not skipped", async () => {
  const emulator = await fork();
  const event = pullRequestEvent(emulator, 'pull_request_target');
  expectMissingToken(await withoutSecrets({ emulator, event }), emulator);
});
