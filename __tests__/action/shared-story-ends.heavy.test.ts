/** A shared preview through both actions: other policies, runs without a clear end, and refusals by GitHub. */
import { expect, test } from '@jest/globals';
import { githubPlatform } from './github-harness.ts';
import { warningsOf } from './harness.ts';
import {
  commanded,
  expectHonest,
  type JobGiven,
  type JobRun,
  pushed,
  reasonOf,
  shownOn,
} from './shared-job-harness.ts';

test.each<[string, [string, number | undefined][]]>([
  [
    'all',
    [
      ['newest', 7],
      ['newest', 8],
      ['takeover', 7],
      ['takeover', 7],
      ['takeover', 8],
      ['takeover', 7],
    ],
  ],
  [
    'command',
    [
      ['manual-only', undefined],
      ['manual-only', undefined],
      ['manual-only', undefined],
      ['takeover', 7],
      ['takeover', 8],
      ['manual-only', 8],
    ],
  ],
])('the policy %s', async (policy, steps) => {
  const emulator = await githubPlatform();
  const more = { gateInputs: { policy } };
  const jobs: (() => Promise<JobRun>)[] = [
    () => pushed(emulator, 7, '1', more),
    () => pushed(emulator, 8, '2', more),
    () => pushed(emulator, 7, '3', more),
    () => commanded(emulator, {}, more),
    () => commanded(emulator, { number: 8 }, more),
    () => pushed(emulator, 7, '4', more),
  ];
  for (const [index, run] of jobs.entries()) {
    const [reason, holder] = steps[index] ?? [];
    expect(reasonOf(await run())).toBe(reason);
    expectHonest(emulator, holder);
  }
});

test('one that is closed while it has the preview: the next newest takes it, and the closed one says so', async () => {
  const emulator = await githubPlatform();
  await pushed(emulator, 7, '1');
  await pushed(emulator, 8, '2');
  emulator.github.addPullRequest({ number: 8, headSha: '2'.repeat(40), state: 'closed' });
  expect(reasonOf(await pushed(emulator, 7, '3'))).toBe('newest');
  expect(shownOn(emulator, 8).words).toContain('shows #7 now');
  expectHonest(emulator, 7);
  const command = await commanded(emulator, { number: 8 });
  expect(reasonOf(command)).toBe('not-applicable');
  expectHonest(emulator, 7);
});

test.each(['SIGINT', 'SIGKILL'] as const)('a command whose deployment is ended by %s takes nothing', async (signal) => {
  const emulator = await githubPlatform();
  await pushed(emulator, 7, '1');
  await pushed(emulator, 8, '2');
  const before = shownOn(emulator, 8).body;
  const during: JobGiven['during'] = async (started) => {
    await emulator.waitForRequest('sign', { count: 3 });
    started.kill(signal);
    await started.finished;
    emulator.clearFaults();
  };
  emulator.addFault({ call: 'sign', effect: 'hang' });
  await commanded(emulator, {}, { during });
  expect(emulator.github.checkRuns).toMatchObject([
    { conclusion: 'cancelled', output: { title: 'Deployment cancelled' } },
  ]);
  expect(shownOn(emulator, 8).body).toBe(before);
  expect(shownOn(emulator, 7).words).toContain('Nothing was deployed');
  expectHonest(emulator, 8);
});

test('two environments are independent', async () => {
  const emulator = await githubPlatform();
  const more = { gateInputs: { environment: 'Staging' }, deployInputs: { environment: 'Staging' } };
  await pushed(emulator, 7, '1');
  const { body } = shownOn(emulator, 7);
  await pushed(emulator, 8, '2', more);
  await commanded(emulator, {}, { ...more, build: 'fails' });
  expect(emulator.github.comments.find((one) => one.body === body)).toBeDefined();
  expect(reasonOf(await pushed(emulator, 7, '3'))).toBe('not-newest');
  expect(reasonOf(await pushed(emulator, 7, '3', more))).toBe('takeover');
  expect(emulator.github.deployments.map(({ environment, state }) => [environment, state])).toEqual([
    ['preview', 'success'],
    ['Staging', 'inactive'],
    ['Staging', 'success'],
  ]);
});

test('without `checks: write` a command is deployed anyway, and one warning says what is missing', async () => {
  const emulator = await githubPlatform();
  emulator.github.addPullRequest({ number: 8 });
  emulator.github.deny('checks');
  const run = await commanded(emulator);
  expect(run.deploy?.outputs['outcome']).toBe('deployed');
  expect(warningsOf(run.gate)).toContain('Add `checks: write`');
  for (const other of [run.deploy, ...run.posts]) expect(other?.annotations).toEqual([]);
  expectHonest(emulator, 7);
});

test('a run that gets no secrets closes the check, and nothing says that it was deployed', async () => {
  const emulator = await githubPlatform();
  await pushed(emulator, 7, '1');
  const secretless = { env: { GITHUB_ACTOR: 'dependabot[bot]' }, deployInputs: { 'access-token': '' } };
  const run = await commanded(emulator, {}, secretless);
  expect(run.deploy?.outputs['outcome']).toBe('skipped');
  expect(emulator.github.checkRuns).toMatchObject([{ output: { title: 'Skipped: nothing was deployed' } }]);
  expectHonest(emulator, 7);
});
