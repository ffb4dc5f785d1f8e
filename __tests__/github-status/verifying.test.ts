/** What GitHub shows of a deployment while and after it is verified, and what the post step finds of it. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { VerificationRecord } from '../../src/domain/verification/checks.ts';
import { ActionError } from '../../src/errors.ts';
import type { DeploymentStatus, GitHub, KnownDeployment, NewDeploymentStatus } from '../../src/github/github.ts';
import { deactivateReplaced } from '../../src/github-status/github-deployments.ts';
import { parseState, renderState } from '../../src/github-status/state.ts';
import type { DeployEvent } from '../../src/report/deploy-record.ts';
import { runStepOf } from '../../src/report/verification-record.ts';
import { captureReport } from '../report/captured-report.ts';
import { BUNDLE, createShownStatus, UUID } from './shown-status.ts';

captureReport();

const URL = 'https://shop.example';
const GOOD = {
  githubDeployment: { id: 12, url: 'https://github.com/acme/shop/deployments/production' },
  commit: { sha: `abc1234${'0'.repeat(33)}`, url: 'https://github.com/acme/shop/commit/abc1234' },
};
const BROKEN: VerificationRecord = {
  state: 'unhealthy',
  url: URL,
  build: 'matched',
  durationMs: 5,
  pages: [
    { path: '/', state: 'unhealthy', status: 500, bytes: 21, attempts: 2, firstByteMs: 5, problem: 'answers 500' },
  ],
};

interface Server {
  statuses: NewDeploymentStatus[];
  /** What setting a status waits for. */
  answers: (status: NewDeploymentStatus) => Promise<void>;
}

/** A run that is shown on a GitHub whose answers the test decides on. */
function shownRun(server: Partial<Server> = {}, signal = new AbortController().signal) {
  const statuses: NewDeploymentStatus[] = [];
  const github = {
    clock: { nowMs: () => 0, toGitHubMs: (ms: number) => ms },
    createDeployment: async () => ({ id: 7 }),
    createDeploymentStatus: async (_id: number, status: NewDeploymentStatus) => {
      await server.answers?.(status);
      statuses.push(status);
    },
    listDeployments: async function* () {},
  };
  const { run, status, stored } = createShownStatus(async () => github as unknown as GitHub);
  const emit = (...events: DeployEvent[]) => {
    for (const one of events) run.emit(one);
  };
  const open = async () => {
    emit({ type: 'packaged', bundle: BUNDLE }, { type: 'project-found', uuid: UUID, name: 'shop' });
    await status.open(BUNDLE, UUID, signal);
    emit({ type: 'creating' }, { type: 'created', deploymentUuid: 'd-1' }, DEPLOYED);
  };
  const end = async (error?: ActionError) => {
    run.end(error);
    await run.finish();
    return statuses.at(-1);
  };
  const left = () => {
    const last = stored.at(-1);
    return last === undefined ? undefined : parseState(renderState(last));
  };
  return { run, open, emit, end, left, statuses };
}

const DEPLOYED: DeployEvent = { type: 'deployed', urls: [URL], atMs: 7 };
const VERIFYING: DeployEvent = { type: 'verifying', url: URL };
const RESTORING: DeployEvent = { type: 'restored', restored: { ...GOOD, state: 'restoring' } };
const verified = (verification: VerificationRecord): DeployEvent => ({ type: 'verified', verification });
const failure = (outcome: string) => new ActionError('It broke.', { title: 'Its title', outcome });
const stateOf = ({ state, description, environmentUrl }: NewDeploymentStatus) => ({
  state,
  description,
  environmentUrl,
});

test('while it is verified, people can look; then it is closed', async () => {
  const { open, emit, end, statuses } = shownRun();
  await open();
  emit(VERIFYING, verified({ ...BROKEN, state: 'healthy', pages: [] }));
  await end();
  expect(statuses.map(stateOf)).toEqual([
    { state: 'in_progress', description: 'Deploying', environmentUrl: undefined },
    { state: 'in_progress', description: 'Deployed, being verified', environmentUrl: URL },
    { state: 'success', description: expect.stringMatching(/^Deployed in .*: deployment d-1$/), environmentUrl: URL },
  ]);
});

test('GitHub delays no verification, and what closes it comes last', async () => {
  const answer = Promise.withResolvers<void>();
  const answers = async ({ description }: NewDeploymentStatus) => {
    if (description === 'Deployed, being verified') await answer.promise;
  };
  const { open, emit, end, statuses } = shownRun({ answers });
  await open();
  emit(VERIFYING, verified(BROKEN));
  const ending = end(failure('unhealthy'));
  answer.resolve();
  await ending;
  expect(statuses.map(({ state }) => state)).toEqual(['in_progress', 'in_progress', 'error']);
});

test('that it could not be shown decides nothing', async () => {
  const answers = async ({ description }: NewDeploymentStatus) => {
    if (description === 'Deployed, being verified') throw new Error('no');
  };
  const { open, emit, end } = shownRun({ answers });
  await open();
  emit(VERIFYING, verified(BROKEN));
  expect(await end(failure('unhealthy'))).toMatchObject({ state: 'error', environmentUrl: URL });
});

test('nothing is shown of a deployment that was never opened, nor of what is brought back', async () => {
  const unopened = shownRun();
  unopened.emit(DEPLOYED, VERIFYING);
  await unopened.end();
  expect(unopened.statuses).toEqual([]);
  const { open, emit, end, statuses } = shownRun();
  await open();
  emit(VERIFYING, verified(BROKEN), RESTORING, { type: 'created', deploymentUuid: 'd-2' }, DEPLOYED, VERIFYING);
  await end(failure('rolled-back'));
  expect(statuses.filter(({ description }) => description === 'Deployed, being verified')).toHaveLength(1);
});

test("the longest description that GitHub takes has the platform's deployment in full", async () => {
  const deploymentUuid = '6d38cd14-cd39-491e-95c7-e38e5c92655f';
  const problem = 'answers 200, but a part of it failed to render';
  const pages = BROKEN.pages.map((page) => ({ ...page, path: '/a-category/with-a-product', problem }));
  for (const outcome of ['unhealthy', 'cancelled']) {
    const { open, emit, end } = shownRun();
    await open();
    emit({ type: 'created', deploymentUuid }, DEPLOYED, VERIFYING, verified({ ...BROKEN, pages }));
    const description = (await end(failure(outcome)))?.description ?? '';
    expect(description).toMatch(/^Live, but 1 of 1 page fails/);
    expect(description.endsWith(`: deployment ${deploymentUuid}`)).toBe(true);
    expect(description.length).toBeLessThanOrEqual(140);
  }
});

test.each<[string, DeployEvent[], ActionError, Partial<NewDeploymentStatus>]>([
  [
    'unhealthy',
    [VERIFYING, verified(BROKEN)],
    failure('unhealthy'),
    { state: 'error', description: 'Live, but 1 of 1 page fails: / answers 500: deployment d-1', environmentUrl: URL },
  ],
  [
    'cancelled while verifying',
    [VERIFYING],
    failure('cancelled'),
    { state: 'error', description: 'Live, but not verified: the run was cancelled: deployment d-1' },
  ],
  [
    'rolled back',
    [verified(BROKEN), RESTORING, { type: 'created', deploymentUuid: 'd-2' }, DEPLOYED],
    failure('rolled-back'),
    { state: 'failure', description: 'Rolled back to abc1234 (GitHub deployment 12)', environmentUrl: undefined },
  ],
  [
    'cancelled while rolling back',
    [verified(BROKEN), RESTORING, { type: 'creating' }, { type: 'created', deploymentUuid: 'd-2' }],
    failure('cancelled'),
    {
      state: 'error',
      description: 'Live, but broken, or rolled back to abc1234: the rollback has no verdict',
      environmentUrl: undefined,
    },
  ],
  [
    'a refused rollback',
    [verified(BROKEN), RESTORING, { type: 'creating' }, { type: 'not-created' }],
    failure('unhealthy'),
    { state: 'error', description: 'Live, but 1 of 1 page fails: / answers 500', environmentUrl: URL },
  ],
])('%s closes truthfully, and leaves the post step what it needs', async (_, events, error, status) => {
  const { open, emit, end, left } = shownRun();
  await open();
  emit(...events);
  const before = left();
  expect(await end(error)).toMatchObject(status);
  expect(left()).toMatchObject({ end: { outcome: error.outcome }, isClosed: true });
  // As it would be had the process been killed then.
  expect(runStepOf(before?.verified ?? {}).kind).not.toBe('deploying');
  expect(before?.verified?.buildId).toBe('the-build');
});

test('whenever it is killed, the post step knows what it was about', async () => {
  const { open, emit, left } = shownRun();
  const kind = () => runStepOf(left()?.verified ?? {}).kind;
  const rehearsal = { project: 'shop-rehearsal', state: 'running' } as const;
  emit({ type: 'project-found', uuid: UUID });
  await open();
  expect(kind()).toBe('deploying');
  emit({ type: 'rehearsed', rehearsal });
  expect(kind()).toBe('rehearsing');
  emit({ type: 'rehearsed', rehearsal: { ...rehearsal, state: 'passed' } });
  expect(kind()).toBe('deploying');
  emit(VERIFYING);
  expect(kind()).toBe('verifying');
  emit(verified(BROKEN));
  expect(kind()).toBe('broken');
  emit(RESTORING);
  expect(kind()).toBe('restoring');
  emit({ type: 'created', deploymentUuid: 'd-2' });
  // When the storefront went live: what it brings back has not completed.
  expect(left()).toMatchObject({ completedAtMs: 7, remote: { stage: 'created', deploymentUuid: 'd-2' } });
  emit({ ...DEPLOYED, atMs: 9 });
  expect(kind()).toBe('restored');
  expect(left()).toMatchObject({ completedAtMs: 9, verified: { restored: { ...GOOD, state: 'live' } } });
});

test('however many pages there are, the state fits, and knows what is broken', async () => {
  const { open, emit, left } = shownRun();
  await open();
  const long = '\u0001'.repeat(2000);
  const pages = Array.from({ length: 300 }, (_, index) => ({
    ...{ path: `/${index}${long}`, state: 'healthy', attempts: 2, problem: long, advice: long },
    ...(index === 299 ? { state: 'unhealthy' } : {}),
  })) as unknown as VerificationRecord['pages'];
  const verification: VerificationRecord = { ...BROKEN, pages };
  emit(verified(verification), { type: 'restored', restored: { ...GOOD, state: 'live', verification } });
  const found = left();
  expect(JSON.stringify(found).length).toBeLessThan(30_000);
  expect(found?.verified?.verification?.pages[0]).toMatchObject({ state: 'unhealthy' });
  expect(found?.verified?.restored).toMatchObject({ state: 'live', ...GOOD });
});

/** Deployments of the project, the newest first, each with its statuses. */
async function deactivatedOf(
  all: Record<number, DeploymentStatus[]>,
  change: { id: number; keepsSuccesses: boolean; completedAtMs?: number },
): Promise<number[]> {
  const closed: number[] = [];
  const github = {
    clock: { toGitHubMs: (ms: number) => ms },
    listDeployments: async function* () {
      for (const id of Object.keys(all).toReversed()) {
        const payload = { projectUuid: UUID } as KnownDeployment['payload'];
        yield { id: Number(id), sha: '', environment: 'production', createdAt: '', payload };
      }
    },
    listDeploymentStates: async function* (id: number) {
      yield* all[id] ?? [];
    },
    createDeploymentStatus: async (id: number, { state }: NewDeploymentStatus) => {
      expect(state).toBe('inactive');
      closed.push(id);
    },
  };
  const slot = { projectUuid: UUID, pullRequest: undefined, preview: undefined };
  const request = { environment: 'production', slot, isLate: false, notBefore: undefined, completedAtMs: at(50) };
  await deactivateReplaced(github as unknown as GitHub, { ...request, ...change });
  return closed;
}
const at = (second: number) => Date.parse('2026-01-02T03:04:00Z') + second * 1000;
const statusAt = (second: number, state: string, description = ''): DeploymentStatus => ({
  ...{ state, description, createdAt: new Date(at(second)).toISOString() },
});
const SUCCESS = [statusAt(10, 'success')];
const LIVE_BUT = [statusAt(20, 'error', 'Live, but not verified')];

test('a success replaces all that were live; one that is none replaces those that were none, too', async () => {
  const all = { 1: SUCCESS, 2: LIVE_BUT, 3: [statusAt(30, 'error', 'It broke')] };
  expect(await deactivatedOf(all, { id: 4, keepsSuccesses: false })).toEqual([1, 2]);
  expect(await deactivatedOf(all, { id: 4, keepsSuccesses: true })).toEqual([2]);
});

test('one that went live later, and is no success, is not replaced, nor replaces the success', async () => {
  const all = { 2: SUCCESS, 9: [statusAt(70, 'error', 'Live, but not verified')] };
  expect(await deactivatedOf(all, { id: 4, keepsSuccesses: false })).toEqual([2]);
});

test('a newer one that was live before counts from then, however late its verification ended', async () => {
  const newer = [statusAt(80, 'success'), statusAt(40, 'in_progress', 'Deployed, being verified')];
  expect(await deactivatedOf({ 9: newer }, { id: 4, keepsSuccesses: false })).toEqual([9]);
  const later = [statusAt(80, 'success'), statusAt(60, 'in_progress', 'Deployed, being verified')];
  expect(await deactivatedOf({ 9: later }, { id: 4, keepsSuccesses: false })).toEqual([4]);
});

test('while a support bundle is made, it is closed already, and once; the post step knows the end', async () => {
  const error = failure('unhealthy');
  const { run, open, emit, left, statuses } = shownRun();
  await open();
  emit({ type: 'ending', ...run.prepareEnd(error) });
  expect(left()?.end).toMatchObject({ outcome: 'unhealthy' });
  await setImmediate();
  await setImmediate();
  expect(statuses.map(({ state }) => state)).toEqual(['in_progress', 'error']);
  run.end(error);
  await run.finish();
  expect(statuses).toHaveLength(2);
  expect(left()).toMatchObject({ isDeploymentClosed: true, isClosed: true, isReported: true });
});
