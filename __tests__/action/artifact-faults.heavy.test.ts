/** An artifact that cannot be stored: one warning with what to do, and the deployment goes on. */
import { expect, test } from '@jest/globals';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { artifactCallsOf, payloadOf, warningList } from './artifact-harness.ts';
import { githubPlatform, onGitHub, onPullRequest, ownComments, startOnGitHub, statesOf } from './github-harness.ts';
import { callsOf } from './harness.ts';
import { deployVersion, rollBack } from './rollback-harness.ts';

/** Deployed and shown, without an artifact, with one warning. */
function expectDeployedWithout(run: FinishedRun, emulator: Emulator): string {
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  for (const name of ['artifact-id', 'artifact-url', 'artifact-digest']) expect(run.outputs).not.toHaveProperty(name);
  expect(statesOf(emulator).at(-1)).toEqual(['in_progress', 'success']);
  expect(payloadOf(emulator, emulator.github.deployments.length - 1)).toMatchObject({
    artifact_id: null,
    artifact_name: null,
  });
  expect(run.summary).not.toContain('Bundle stored as');
  const warnings = warningList(run);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /^The bundle was not stored as an artifact\. .*`rollback` can bring this deployment back only /,
  );
  expect(run.summary).toContain('The bundle was not stored as an artifact');
  return `${warnings[0]}`;
}

test('the same name twice in a run: the warning names artifact-name, and the first artifact remains', async () => {
  const emulator = await githubPlatform();
  const inputs = { 'artifact-name': 'bundle' };
  const first = await onGitHub({ emulator, inputs });
  const second = await onGitHub({ emulator, inputs });
  const warning = expectDeployedWithout(second, emulator);
  expect(warning).toContain('already has an artifact named bundle.zip');
  expect(warning).toContain('`artifact-name`');
  expect(emulator.artifacts.list.map(({ id }) => String(id))).toEqual([first.outputs['artifact-id']]);
});

test('the storage quota is used up: the warning says so, and what to do', async () => {
  const emulator = await githubPlatform();
  emulator.artifacts.exhaustQuota();
  const warning = expectDeployedWithout(await onGitHub({ emulator }), emulator);
  expect(warning).toMatch(/quota.*`artifact-retention-days`.*`upload-artifact: false`/);
});

test.each([
  { ACTIONS_RUNTIME_TOKEN: '' },
  { ACTIONS_RESULTS_URL: '' },
  { ACTIONS_RUNTIME_TOKEN: '', ACTIONS_RESULTS_URL: '' },
])('a runner that gives no artifact service (%j): one warning, and nothing is tried', async (env) => {
  const emulator = await githubPlatform();
  const warning = expectDeployedWithout(await onGitHub({ emulator, env }), emulator);
  expect(warning).toMatch(/ACTIONS_RUNTIME_TOKEN or ACTIONS_RESULTS_URL.*`upload-artifact: false`/);
  expect(artifactCallsOf(emulator)).toEqual([]);
});

const REFUSALS: { name: string; fault: Fault; says: RegExp }[] = [
  {
    name: 'the service refuses the token',
    fault: { call: 'artifacts.create', effect: 'status', status: 401, times: 'always' },
    says: /401/,
  },
  {
    name: 'the service refuses the content’s end',
    fault: { call: 'artifacts.finalize', effect: 'status', status: 400, times: 'always' },
    says: /was not accepted/,
  },
  {
    name: 'the store refuses the signature',
    fault: { call: 'artifacts.putBlock', effect: 'status', status: 403, times: 'always' },
    says: /was not accepted/,
  },
];

test.each(REFUSALS)('$name: one warning', async ({ fault, says }) => {
  const emulator = await githubPlatform({ faults: [fault] });
  expect(expectDeployedWithout(await onGitHub({ emulator }), emulator)).toMatch(says);
});

const PASSING: Fault[] = [
  { call: 'artifacts.putBlock', effect: 'status', status: 503 },
  { call: 'artifacts.putBlock', effect: 'reset-mid-request' },
];

/** More faults than there are tries before the deployment. */
const TRIES = 5;

test('a bundle that cannot be stored at first is stored at the end, without a warning, and can be rolled back to', async () => {
  const emulator = await githubPlatform();
  emulator.addFault({ call: 'artifacts.create', effect: 'status', status: 401, times: TRIES });
  const run = await onGitHub({ emulator });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', 'artifact-id': `${emulator.artifacts.list[0]?.id}` });
  expect(warningList(run)).toEqual([]);
  expect(run.lines.join('\n')).toContain('It is tried again at the end.');
  expect(run.summary).toContain('Bundle stored as');
  expect(payloadOf(emulator)).toMatchObject({ artifact_id: null });
  await deployVersion(emulator, 'next');
  const back = await rollBack({ emulator });
  expect(back.outputs).toMatchObject({ outcome: 'deployed', 'source-artifact-id': run.outputs['artifact-id'] });
});

const FAILING: Fault = { call: 'createDeployment', effect: 'fail', code: 30 };

test.each<[string, Fault[]]>([
  ['a deployment that fails', [FAILING, { call: 'artifacts.create', effect: 'status', status: 401, times: TRIES }]],
  ['a permanent refusal', [{ call: 'artifacts.create', effect: 'status', status: 400 }]],
])('after %s nothing is stored at the end', async (_, faults) => {
  const emulator = await githubPlatform({ faults });
  await onGitHub({ emulator });
  const calls = callsOf(emulator);
  expect(calls.slice(calls.indexOf('createDeployment')).filter((call) => call.startsWith('artifacts.'))).toEqual([]);
});

const ONCE: Fault[] = (
  ['artifacts.create', 'artifacts.putBlock', 'artifacts.putBlockList', 'artifacts.finalize'] as const
).flatMap((call): Fault[] => [
  { call, effect: 'status', status: 401 },
  { call, effect: 'lost-answer' },
  { call, effect: 'reset-before' },
]);

test.each(ONCE)('once $effect at $call: no warning, one artifact, and the deployment knows it', async (fault) => {
  const emulator = await githubPlatform({ faults: [fault] });
  const run = await onGitHub({ emulator });
  expect(warningList(run)).toEqual([]);
  const finished = emulator.artifacts.list.filter(({ finalized }) => finalized);
  expect(finished.map(({ id }) => `${id}`)).toEqual([run.outputs['artifact-id']]);
  expect(payloadOf(emulator)).toMatchObject({ artifact_id: finished[0]?.id, artifact_name: finished[0]?.name });
});

test.each(PASSING)('a transient fault has no effect: $call, $effect', async (fault) => {
  const emulator = await githubPlatform({ faults: [fault] });
  const run = await onGitHub({ emulator });
  expect(warningList(run)).toEqual([]);
  expect(run.outputs['artifact-id']).toBe(String(emulator.artifacts.list[0]?.id));
});

test('on a pull request, too: the comment is written without the download', async () => {
  const emulator = await githubPlatform();
  emulator.artifacts.exhaustQuota();
  const run = await onPullRequest({ emulator, inputs: { 'upload-artifact': 'true' } });
  expectDeployedWithout(run, emulator);
  expect(ownComments(emulator)[0]?.body).toContain('Deployed to preview');
  expect(ownComments(emulator)[0]?.body).not.toContain('Download the bundle');
});

test('without a GitHub token nothing is stored; if requested, one warning says why', async () => {
  const emulator = await githubPlatform();
  const silent = await onGitHub({ emulator, githubToken: '' });
  expect(warningList(silent)).toEqual([]);
  const asked = await onGitHub({ emulator, githubToken: '', inputs: { 'upload-artifact': 'true' } });
  expect(warningList(asked)).toEqual([expect.stringMatching(/not stored as an artifact.*`github-token` is empty/)]);
  expect(asked.outputs['outcome']).toBe('deployed');
  expect(artifactCallsOf(emulator)).toEqual([]);
});

test('a dry run stores nothing', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, inputs: { 'dry-run': 'true', 'upload-artifact': 'true' } });
  expect(run.outputs['outcome']).toBe('dry-run');
  expect(warningList(run)).toEqual([]);
  expect(emulator.requests).toEqual([]);
});

test('neither the runtime token nor a signature of the store is in any output', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator });
  expect(run.everything).not.toContain(emulator.artifacts.runtimeToken);
  expect(run.everything).not.toMatch(/[?&]sig=[^…\s*]/);
  expect(run.masks).toContain(emulator.artifacts.runtimeToken);
});

test('a job that is cancelled while the store does not answer ends at once, and nothing is deployed', async () => {
  const emulator = await githubPlatform({ faults: [{ call: 'artifacts.putBlock', effect: 'hang', times: 'always' }] });
  const started = startOnGitHub({ emulator });
  await emulator.waitForRequest('artifacts.putBlock');
  started.kill('SIGINT');
  const run = await started.finished;
  expect(run.outputs['outcome']).toBe('cancelled');
  expect(emulator.deployments).toEqual([]);
  expect(statesOf(emulator)).toEqual([]);
  expect(warningList(run)).toEqual([]);
});
