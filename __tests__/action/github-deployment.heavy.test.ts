/** The GitHub deployment: made once the bundle is packaged and stored, closed with its outcome. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import { bodiesOf, expectDeployed, ON_DISPATCH, requestsTo } from './github-fault-helpers.ts';
import { githubCallsOf, githubPlatform, onGitHub, onPullRequest, PULL_REQUEST, statesOf } from './github-harness.ts';
import { callsOf, SMALL_BUILD, storefront, writeWorkspaceFile } from './harness.ts';

function runUrlOf(emulator: Emulator, attempt = '1'): string {
  return `https://github.com/acme/storefront/actions/runs/${emulator.artifacts.runId}/attempts/${attempt}`;
}

test('it is made after packaging and once the artifact is stored, and before anything goes to the platform', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator });
  expectDeployed(run);
  const inner: readonly string[] = ['artifacts.putBlock', 'artifacts.putBlockList', 'events'];
  expect(callsOf(emulator).filter((call) => !inner.includes(call))).toEqual([
    ...['artifacts.create', 'artifacts.finalize', 'github.createDeployment', 'github.createDeploymentStatus'],
    ...['sign', 'upload', 'createDeployment'],
    ...['github.createDeploymentStatus', 'github.listDeployments'],
  ]);
  const groups = run.lines.filter((line) => line.startsWith('::group::'));
  expect(groups.slice(0, 3)).toEqual(['::group::Package', '::group::Show on GitHub', '::group::Upload']);
  expect(groups.at(-1)).toBe('::group::Update GitHub');
});

test('a push is asked for in production: for the commit, whatever its checks say, with all of the payload', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, env: { GITHUB_RUN_ATTEMPT: '3' } });
  const [artifact] = emulator.artifacts.list;
  const uuid = emulator.projects[0]?.uuid;
  expect(artifact?.id).toBeGreaterThan(0);
  expect(bodiesOf(emulator, 'github.createDeployment')).toEqual([
    {
      ref: emulator.github.environment()['GITHUB_SHA'],
      environment: 'production',
      description: `Storefront ${uuid}`,
      auto_merge: false,
      required_contexts: [],
      transient_environment: false,
      production_environment: true,
      payload: {
        bundle_size: Number(run.outputs['bundle-size']),
        bundle_files: Object.keys(SMALL_BUILD).length,
        bundle_sha256: run.outputs['bundle-sha256'],
        artifact_id: artifact?.id,
        artifact_name: artifact?.name,
        run_id: String(emulator.artifacts.runId),
        run_attempt: '3',
        project_uuid: uuid,
        project_name: null,
        pull_request: null,
        working_directory: '.',
        preview: null,
        source_deployment_id: null,
      },
    },
  ]);
  expect(bodiesOf(emulator, 'github.createDeploymentStatus')[0]?.['log_url']).toBe(runUrlOf(emulator, '3'));
  expect(run.outputs['github-deployment-id']).toBe(String(emulator.github.deployments[0]?.id));
});

test('a pull request is asked for as a transient preview of its head, and behind the default branch too', async () => {
  const emulator = await githubPlatform();
  const { head, mergeCommitSha } = emulator.github.addPullRequest({ number: PULL_REQUEST, isBehind: true });
  const workspace = storefront({});
  for (const [name, content] of Object.entries(SMALL_BUILD)) {
    writeWorkspaceFile(workspace, `apps/shop/.bigcommerce/dist/${name}`, content);
  }
  const inputs = { 'project-uuid': '', 'project-name': 'demo-storefront', 'working-directory': 'apps/shop' };
  const run = await onPullRequest({ emulator, workspace, inputs, env: { GITHUB_SHA: `${mergeCommitSha}` } });
  expectDeployed(run);
  expect(bodiesOf(emulator, 'github.createDeployment')).toEqual([
    {
      ref: head.sha,
      environment: 'preview',
      description: 'Storefront demo-storefront',
      auto_merge: false,
      required_contexts: [],
      transient_environment: true,
      production_environment: false,
      payload: {
        ...{ bundle_size: expect.any(Number), bundle_files: 3, bundle_sha256: run.outputs['bundle-sha256'] },
        ...{ artifact_id: null, artifact_name: null },
        ...{ run_id: String(emulator.artifacts.runId), run_attempt: '1' },
        ...{ project_uuid: emulator.projects[0]?.uuid, project_name: 'demo-storefront' },
        ...{ pull_request: PULL_REQUEST, working_directory: 'apps/shop', preview: null, source_deployment_id: null },
      },
    },
  ]);
  expect(emulator.github.deployments).toMatchObject([{ sha: head.sha, state: 'success' }]);
});

test.each([
  ['staging', onGitHub, { transient: false, production: false }],
  ['Production', onGitHub, { transient: false, production: true }],
  ['staging', onPullRequest, { transient: true, production: false }],
  ['production', onPullRequest, { transient: false, production: true }],
] as const)('the environment that is named, %s, wins (%p)', async (environment, start, expected) => {
  const emulator = await githubPlatform();
  expectDeployed(await start({ emulator, inputs: { environment } }));
  expect(emulator.github.deployments).toMatchObject([{ environment, originalEnvironment: environment, ...expected }]);
});

test('an event without a pull request takes it from the inputs, and its head from GitHub', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onGitHub({ emulator, ...ON_DISPATCH }));
  const sha = emulator.github.pullRequests[0]?.head.sha;
  expect(emulator.github.deployments).toMatchObject([
    { sha, environment: 'preview', transient: true, payload: { pull_request: PULL_REQUEST } },
  ]);
});

test('the input sha names the commit', async () => {
  const emulator = await githubPlatform();
  const sha = 'abcdef0123'.repeat(4);
  expectDeployed(await onPullRequest({ emulator, inputs: { sha: sha.toUpperCase() } }));
  expect(emulator.github.deployments).toMatchObject([{ sha, ref: sha }]);
});

test('it is in progress while it deploys, and a success with address, log and the deployment of the platform', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const running = onGitHub({ emulator });
  await emulator.waitForRequest('events');
  expect(statesOf(emulator)).toEqual([['in_progress']]);
  emulator.releaseDeployment();
  const run = await running;
  const uuid = emulator.deployments[0]?.deploymentUuid;
  expect(run.outputs['url']).toMatch(/^https:/);
  expect(bodiesOf(emulator, 'github.createDeploymentStatus')).toEqual([
    { state: 'in_progress', description: 'Deploying', auto_inactive: false, log_url: runUrlOf(emulator) },
    {
      state: 'success',
      description: expect.stringMatching(new RegExp(`^Deployed in \\d.*: deployment ${uuid}$`)),
      auto_inactive: false,
      environment_url: run.outputs['url'],
      log_url: runUrlOf(emulator),
    },
  ]);
});

const VERDICTS: [string, Fault[], Record<string, string>, object][] = [
  [
    'a deployment that the platform fails is a failure',
    [{ call: 'createDeployment', effect: 'fail', code: 30 }],
    {},
    { outcome: 'failed', state: 'failure', description: /^Deployment failed \(code 30\): deployment UUID$/ },
  ],
  [
    'a conflict is an error, without a deployment to name',
    [{ call: 'createDeployment', effect: 'conflict' }],
    {},
    { outcome: 'conflict', state: 'error', description: /^Another deployment is in progress$/ },
  ],
  [
    'no answer to the request that creates it is an error: nobody knows',
    [{ call: 'createDeployment', effect: 'status', status: 502, times: 2 }],
    {},
    { outcome: 'unknown', state: 'error', description: /^No verdict: no answer to the request$/ },
  ],
  [
    'a refused token of the platform is an error',
    [{ call: 'sign', effect: 'status', status: 401 }],
    {},
    { outcome: 'error', state: 'error', description: /^BigCommerce refused the access token \(401\)$/ },
  ],
];

test.each(VERDICTS)('%s', async (_, faults, inputs, expected) => {
  const emulator = await githubPlatform();
  for (const fault of faults) emulator.addFault(fault);
  const run = await onGitHub({ emulator, inputs });
  const uuid = emulator.deployments[0]?.deploymentUuid ?? 'UUID';
  const { outcome, state, description } = expected as { outcome: string; state: string; description: RegExp };
  expect({ exitCode: run.exitCode, outcome: run.outputs['outcome'] }).toEqual({ exitCode: 1, outcome });
  expect(statesOf(emulator)).toEqual([['in_progress', state]]);
  const closing = bodiesOf(emulator, 'github.createDeploymentStatus')[1];
  expect(String(closing?.['description']).replace(uuid, 'UUID')).toMatch(description);
  expect(closing).toMatchObject({ auto_inactive: false, log_url: runUrlOf(emulator) });
  expect(closing).not.toHaveProperty('environment_url');
  // Nothing was replaced, so nothing is looked for.
  expect(requestsTo(emulator, 'github.listDeployments')).toEqual([]);
  expect(run.outputs['github-deployment-id']).toBe(String(emulator.github.deployments[0]?.id));
});

test('a deployment without a verdict in time is an error that names it', async () => {
  const emulator = await githubPlatform({ holdDeploymentsAt: 'deploying' });
  const run = await onGitHub({ emulator, inputs: { 'timeout-minutes': '0.01' } });
  expect(run.outputs['outcome']).toBe('unknown');
  expect(statesOf(emulator)).toEqual([['in_progress', 'error']]);
  const uuid = emulator.deployments[0]?.deploymentUuid;
  expect(bodiesOf(emulator, 'github.createDeploymentStatus')[1]?.['description']).toContain(`: deployment ${uuid}`);
});

test('a first attempt that fails does not show: one deployment, a success that names the second', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 10 });
  expectDeployed(await onGitHub({ emulator }));
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
  const uuid = emulator.deployments[1]?.deploymentUuid;
  expect(bodiesOf(emulator, 'github.createDeploymentStatus')[1]?.['description']).toContain(`: deployment ${uuid}`);
});

test('a project with a very long name is cut to what a description may be, between characters', async () => {
  const emulator = await githubPlatform();
  const name = `a${'😀'.repeat(150)}`;
  emulator.addProject(name);
  expectDeployed(await onGitHub({ emulator, inputs: { 'project-uuid': '', 'project-name': name } }));
  const description = String(bodiesOf(emulator, 'github.createDeployment')[0]?.['description']);
  expect(description).toMatch(/^Storefront a😀.*…$/u);
  expect([...description].length).toBeLessThanOrEqual(140);
  expect(description.isWellFormed()).toBe(true);
  expect(statesOf(emulator)).toEqual([['in_progress', 'success']]);
});

test.each<[string, Record<string, string>, string[]]>([
  ['github-deployment: false', { 'github-deployment': 'false' }, ['artifacts.create', 'artifacts.finalize']],
  ['an empty github-token', { 'github-token': '', 'upload-artifact': 'true' }, []],
  ['a dry run', { 'dry-run': 'true' }, []],
])('%s: GitHub is not asked', async (_, inputs, artifacts) => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, inputs });
  expect(run.exitCode).toBe(0);
  expect(githubCallsOf(emulator)).toEqual([]);
  expect(callsOf(emulator).filter((call) => /^artifacts\.(create|finalize)/.test(call))).toEqual(artifacts);
  expect(run.outputs).not.toHaveProperty('github-deployment-id');
});

test('on a pull request an empty github-token asks GitHub nothing either, and github-deployment: false makes none', async () => {
  const emulator = await githubPlatform();
  expectDeployed(await onPullRequest({ emulator, inputs: { 'github-token': '' } }));
  expect(githubCallsOf(emulator)).toEqual([]);
  const run = await onPullRequest({ emulator, inputs: { 'github-deployment': 'false' } });
  expect(run.outputs).not.toHaveProperty('github-deployment-id');
  expect(run.outputs['comment-id']).toMatch(/^\d+$/);
  expect(githubCallsOf(emulator)).not.toContain('github.createDeployment');
  expect(emulator.github.deployments).toEqual([]);
});

test.each([onGitHub, onPullRequest])('a bundle that is refused makes none (%p)', async (start) => {
  const emulator = await githubPlatform();
  const workspace = storefront({ ...SMALL_BUILD, '.env': 'A=b' });
  const run = await start({ emulator, workspace });
  expect(run.outputs['outcome']).toBe('error');
  expect(emulator.github.deployments).toEqual([]);
  expect(githubCallsOf(emulator).filter((call) => call.includes('Deployment'))).toEqual([]);
  expect(callsOf(emulator).filter((call) => call.startsWith('artifacts.'))).toEqual([]);
});

test('a dry run of a pull request shows nothing on GitHub, not even when its bundle is refused', async () => {
  const emulator = await githubPlatform();
  const workspace = storefront({ ...SMALL_BUILD, '.env': 'A=b' });
  const run = await onPullRequest({ emulator, workspace, inputs: { 'dry-run': 'true' } });
  expect(run.exitCode).toBe(1);
  expect(emulator.requests).toEqual([]);
});
