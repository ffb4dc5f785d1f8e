/** The support bundle of a run, whatever ends it, and whatever becomes of its upload. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { timeoutMs } from '../timeouts.ts';
import { artifactCallsOf, warningList } from './artifact-harness.ts';
import { expectNamed, lines, ON_FAILURE, PARTS, readParts, storedBundles, storedParts } from './diagnostics-harness.ts';
import {
  type GitHubRun,
  githubPlatform,
  onGitHub,
  onPullRequest,
  ownComments,
  startOnGitHub,
  statesOf,
} from './github-harness.ts';
import { failAtPlatform } from './github-post-helpers.ts';
import { failureOf, SMALL_BUILD, storefront } from './harness.ts';
import { platformWith, rollBack } from './rollback-harness.ts';
import { deployVerified, nthBuild, verifiedPlatform } from './verify-harness.ts';

const ENDS: [string, string, (emulator: Emulator) => void, Record<string, string>?][] = [
  [
    'a wrong token',
    'error',
    () => {},
    { 'access-token': 'wrong-token-of-a-store', 'project-uuid': '', 'project-name': 'x' },
  ],
  [
    'an upload that is refused',
    'error',
    (emulator) => emulator.addFault({ call: 'upload', effect: 'status', status: 403, times: 'always' }),
  ],
  [
    'a conflict',
    'conflict',
    (emulator) => emulator.addFault({ call: 'createDeployment', effect: 'conflict', times: 'always' }),
  ],
  ['a code of the platform', 'failed', failAtPlatform],
  [
    'a refused event stream',
    'unknown',
    (emulator) => emulator.addFault({ call: 'events', effect: 'status', status: 403, times: 'always' }),
  ],
];

test.each(ENDS)('%s (%s)', async (_, outcome, prepare, inputs = {}) => {
  const emulator = await githubPlatform();
  prepare(emulator);
  const run = await onGitHub({ emulator, inputs: { ...ON_FAILURE, ...inputs } });
  expect(run.outputs['outcome']).toBe(outcome);
  expectNamed(run, emulator);
  const parts = await storedParts(emulator);
  expect(parts['README.txt']).toContain(`Outcome: ${outcome}\nFailure: ${failureOf(run).title}`);
  expect(JSON.parse(parts['requests.json']).length).toBeGreaterThan(0);
  expect(warningList(run)).toEqual([]);
});

test('a storefront that does not work: its pages are in it', async () => {
  const { emulator } = await verifiedPlatform((path) => (path === '/' ? 500 : 200));
  const run = await deployVerified({ emulator, inputs: ON_FAILURE });
  expect(run.outputs['outcome']).toBe('unhealthy');
  expectNamed(run, emulator);
  const { verification } = JSON.parse((await storedParts(emulator))['verification.json']);
  expect(verification).toMatchObject({ state: 'unhealthy', pages: [{ path: '/', status: 500 }] });
});

test('an attempt that failed before the last one is in it, too', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 10, times: 2 });
  const run = await onGitHub({ emulator, inputs: { ...ON_FAILURE, 'max-attempts': '2' } });
  const parts = await storedParts(emulator);
  expect(run.outputs['outcome']).toBe('failed');
  const uuids = emulator.deployments.map(({ deploymentUuid }) => deploymentUuid);
  expect(uuids).toHaveLength(2);
  const told = new Set(
    lines(parts['deployment-events.jsonl']).map(
      (line) => (line as { event: { deployment_uuid: string } }).event.deployment_uuid,
    ),
  );
  expect([...told]).toEqual(uuids);
});

test('a rollback that fails has one, and a deploy step before it in the same run keeps its own', async () => {
  const { emulator } = await platformWith(['1', '2']);
  failAtPlatform(emulator);
  failAtPlatform(emulator);
  const first = await deployRun(emulator);
  expect(first.outputs['outcome']).toBe('failed');
  const env = {
    GITHUB_RUN_ID: String(emulator.artifacts.runId),
    ACTIONS_RUNTIME_TOKEN: emulator.artifacts.runtimeToken,
  };
  const run = await rollBack({ emulator, env, inputs: ON_FAILURE });
  expect(run.outputs['outcome']).toBe('failed');
  const [one, other] = storedBundles(emulator);
  expect(other?.name).toBe(one?.name.replace('.zip', '-2.zip'));
  expect(failureOf(run).message).toContain(`Support bundle: ${other?.name}, `);
});

async function deployRun(emulator: Emulator) {
  return await onGitHub({ emulator, inputs: ON_FAILURE, workspace: storefront({ ...SMALL_BUILD, 'a.txt': '3' }) });
}

test('a success stores one with `always`, and message, summary and comment of it are green', async () => {
  const emulator = await githubPlatform();
  const run = await onPullRequest({ emulator, inputs: { diagnostics: 'always' } });
  expect(run).toMatchObject({ exitCode: 0, annotations: [] });
  const [stored] = storedBundles(emulator);
  expect(run.lines.join('\n')).toContain(`Support bundle: ${stored?.name}, https://github.com/`);
  expect(run.summary).toContain(`${stored?.name}</a>`);
  expect(ownComments(emulator)[0]?.body).toContain('Support bundle</a>');
  expect(await storedParts(emulator)).toMatchObject({ 'README.txt': expect.stringContaining('Outcome: deployed') });
  expect(statesOf(emulator)[0]?.at(-1)).toBe('success');
});

test.each(['on-failure', 'never'])('a success makes none with `%s`', async (diagnostics) => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, inputs: { diagnostics } });
  expect(run.outputs).not.toHaveProperty('diagnostics-path');
  expect(storedBundles(emulator)).toEqual([]);
});

test("the name and the days of the bundle's artifact are its own, too", async () => {
  const emulator = await githubPlatform();
  failAtPlatform(emulator);
  await onGitHub({ emulator, inputs: { ...ON_FAILURE, 'artifact-name': 'shop', 'artifact-retention-days': '3' } });
  const [stored] = storedBundles(emulator);
  expect(stored?.name).toBe('shop-diagnostics-attempt-1.zip');
  expect(emulator.artifacts.list.map(({ name }) => name)).toEqual(['shop.zip', 'shop-diagnostics-attempt-1.zip']);
});

describe('where it cannot be stored', () => {
  const failed = async (run: Partial<GitHubRun>, prepare: (emulator: Emulator) => void = () => {}) => {
    const emulator = await githubPlatform();
    failAtPlatform(emulator);
    prepare(emulator);
    return {
      emulator,
      run: await onGitHub({ emulator, ...run, inputs: { ...ON_FAILURE, 'upload-artifact': 'false', ...run.inputs } }),
    };
  };
  const refuse = (status: number) => (emulator: Emulator) =>
    emulator.addFault({ call: 'artifacts.create', effect: 'status', status, times: 'always' });

  test('on GitHub Enterprise Server it stays on the runner, and nothing is warned of', async () => {
    const { emulator, run } = await failed({ enterprise: true });
    expect(failureOf(run).message).toContain(`Support bundle: ${run.outputs['diagnostics-path']} (on the runner)`);
    expect(readParts(run.outputs['diagnostics-path'] ?? '')['README.txt']).toContain('Outcome: failed');
    expect(warningList(run)).toEqual([]);
    expect(artifactCallsOf(emulator)).toEqual([]);
    expect(run.state['support-bundle'] ?? '').toBe('');
  });

  test('a service that refuses it for good: it stays on the runner, and the run ends as it would', async () => {
    const { emulator, run } = await failed({}, refuse(403));
    expect(run.outputs).toMatchObject({ outcome: 'failed', 'diagnostics-path': expect.any(String) });
    expect(failureOf(run).message).toContain('(on the runner)');
    expect(run.lines.join('\n')).toContain('The support bundle was not stored as an artifact. ');
    expect(warningList(run)).toEqual([]);
    expect(run.state['support-bundle']).toBe('');
    expect(statesOf(emulator)[0]?.at(-1)).toBe('failure');
  });

  test('a green run stays green', async () => {
    const emulator = await githubPlatform();
    refuse(403)(emulator);
    const run = await onGitHub({ emulator, inputs: { diagnostics: 'always', 'upload-artifact': 'false' } });
    expect(run).toMatchObject({ exitCode: 0, annotations: [] });
    expect(run.outputs['outcome']).toBe('deployed');
    expect(run.lines.join('\n')).toContain(`Support bundle: ${run.outputs['diagnostics-path']} (on the runner)`);
  });

  test('a service that hangs holds the end up for 15 s, the GitHub deployment not at all; the post step stores it', async () => {
    const emulator = await githubPlatform();
    failAtPlatform(emulator);
    emulator.addFault({ call: 'artifacts.create', effect: 'hang', times: 'always' });
    const given: GitHubRun = { emulator, inputs: { ...ON_FAILURE, 'upload-artifact': 'false' } };
    const started = startOnGitHub(given);
    await emulator.waitForRequest('artifacts.create');
    const hungMs = performance.now();
    await emulator.waitForRequest(
      ({ call, body }) => call === 'github.createDeploymentStatus' && `${JSON.stringify(body)}`.includes('failure'),
    );
    expect(performance.now() - hungMs).toBeLessThan(timeoutMs(5000));
    const run = await started.finished;
    expect(performance.now() - hungMs).toBeLessThan(timeoutMs(20_000));
    expect(failureOf(run).message).toMatch(/Support bundle: \S+\.zip \(this action’s post step stores it/);
    expect(JSON.parse(run.state['support-bundle'] ?? '')).toMatchObject({ path: run.outputs['diagnostics-path'] });
    emulator.clearFaults();
    const post = await onGitHub({ ...given, postOf: run.state });
    expect(post).toMatchObject({ exitCode: 0, annotations: [] });
    const [stored] = storedBundles(emulator);
    expect(post.lines.join('\n')).toContain(`Support bundle: ${stored?.name}, https://github.com/`);
    const requests = emulator.requests.length;
    expect((await onGitHub({ ...given, postOf: post.state })).lines).toEqual([]);
    expect(emulator.requests).toHaveLength(requests);
  });

  test('names that jobs of the same project have taken: each has its own, within 15 s all together', async () => {
    const { emulator } = await failed({});
    const again = async () => {
      failAtPlatform(emulator);
      const env = {
        GITHUB_RUN_ID: String(emulator.artifacts.runId),
        ACTIONS_RUNTIME_TOKEN: emulator.artifacts.runtimeToken,
      };
      return await onGitHub({ emulator, env, inputs: { ...ON_FAILURE, 'upload-artifact': 'false' } });
    };
    for (let job = 2; job <= 5; job += 1) await again();
    const names = storedBundles(emulator).map(({ name }) => name);
    expect(new Set(names).size).toBe(5);
    expect(names.at(-1)).toMatch(/-diagnostics-attempt-1-5\.zip$/);
    emulator.addFault({ call: 'artifacts.create', effect: 'delay', delayMs: 4000, times: 'always' });
    const creates = () => artifactCallsOf(emulator).filter((call) => call === 'artifacts.create').length;
    const before = creates();
    const sixth = await again();
    // The fifth would come after 16 s.
    expect(creates() - before).toBeLessThanOrEqual(4);
    expect(failureOf(sixth).message).toContain('Support bundle: ');
  });

  test('a main step that ended before it knew that it is stored: the post step finds it, and stores no other', async () => {
    const { emulator, run } = await failed({});
    const [stored] = storedBundles(emulator);
    const left = JSON.stringify({ name: stored?.name, path: run.outputs['diagnostics-path'] });
    const post = await onGitHub({ emulator, inputs: ON_FAILURE, postOf: { ...run.state, 'support-bundle': left } });
    expect(post.lines.join('\n')).toContain(`Support bundle: ${stored?.name}, ${run.outputs['diagnostics-url']}`);
    expect(storedBundles(emulator)).toHaveLength(1);
  });

  test("a folder that cannot be written: nothing is made, and the failure is the run's own", async () => {
    const emulator = await githubPlatform();
    failAtPlatform(emulator);
    const bundle = storefront();
    const run = await onGitHub({ emulator, workspace: bundle, inputs: ON_FAILURE, env: { RUNNER_TEMP: '/dev/null' } });
    expect(run.outputs).not.toHaveProperty('diagnostics-path');
    expect(existsSync('/dev/null/x')).toBe(false);
    expect(run.exitCode).toBe(1);
  });
});

test('a flood of events, with secrets in each, leaves a small zip without them', async () => {
  const emulator = await githubPlatform();
  const PASSWORD = 'correct horse battery staple';
  emulator.addFault({ call: 'events', effect: 'repeat', copies: 20_000, times: 'always' });
  emulator.addFault({
    call: 'events',
    effect: 'hostile',
    text: `${PASSWORD} ${emulator.accessToken}`,
    times: 'always',
  });
  failAtPlatform(emulator);
  const run = await onGitHub({ emulator, inputs: { ...ON_FAILURE, secrets: `PASSWORD='${PASSWORD}'` } });
  expect(run.outputs['outcome']).toBe('failed');
  expect(storedBundles(emulator)[0]?.sizeBytes).toBeLessThan(2 * 2 ** 20);
  const parts = await storedParts(emulator);
  expect(parts['deployment-events.jsonl']).toMatch(/"omitted":\d{3,}/);
  for (const text of Object.values(parts)) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(emulator.accessToken);
    expect(text).not.toContain(emulator.github.token);
    expect(text).not.toContain(emulator.artifacts.runtimeToken);
  }
  expect(emulator.violations).toEqual([]);
});

test('a secret planted in each part is in none', async () => {
  const secret = 'correct-horse-battery';
  const envToken = 'a-token-that-the-build-step-had';
  const shopperToken = ['{"alg":"ES256"}', '{"sub":"a shopper"}', 'signature'].map((one) =>
    Buffer.from(one).toString('base64url'),
  );
  const messages = [`echo ${secret}`, { deep: [Buffer.from(`x${secret}`).toString('base64')] }, envToken];
  const { emulator } = await verifiedPlatform((path, build) => {
    if (build === 0 || !path.includes(secret)) return 200;
    emulator.addWorkerLog(emulator.projects[0]?.uuid ?? '', {
      request: { method: 'GET', url: path, status_code: 500 },
      logs: [{ level: 'info', messages: [...messages, shopperToken.join('.')] }],
      exceptions: [{ name: 'Error', message: `with ${secret}` }],
    } as never);
    return 500;
  });
  emulator.addFault({ call: 'sign', effect: 'status', status: 503, body: { title: `echo ${secret}` } });
  const run = await deployVerified({
    emulator,
    workspace: nthBuild(1, { [`assets/${secret}.txt`]: 'x' }),
    inputs: { ...ON_FAILURE, secrets: `PASSWORD='${secret}'`, 'verify-paths': `/${secret}` },
    env: { GITHUB_JOB: secret, GITHUB_WORKFLOW: envToken, STOREFRONT_TOKEN: envToken },
  });
  expect(run.outputs['outcome']).toBe('unhealthy');
  const parts = await storedParts(emulator);
  expect(lines(parts['worker-logs.jsonl'])[0]).toMatchObject({
    logs: [{ messages: ['echo ***', { deep: [expect.stringContaining('***')] }, '***', '***'] }],
  });
  expect(JSON.parse(parts['versions.json'])).toMatchObject({ GITHUB_JOB: '***', GITHUB_WORKFLOW: '***' });
  // The flood above is one of deployment events; a hostile one here would hide the address.
  const planted = PARTS.filter((name) => name !== 'deployment-events.jsonl');
  expect(planted.filter((name) => !parts[name].includes('***'))).toEqual([]);
  for (const text of Object.values(parts)) {
    for (const one of [secret, envToken, shopperToken[1], emulator.accessToken]) expect(text).not.toContain(one);
    expect(text).not.toContain('left out:');
  }
  expect(run.everything).not.toContain(secret);
});
