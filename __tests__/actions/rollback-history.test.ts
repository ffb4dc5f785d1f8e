/** What is asked of GitHub to find the deployment to go back to: as little as it takes, and never without an end. */
import { expect, test } from '@jest/globals';
import { createHistory, findGood, findLive, findPrevious, findProjects } from '../../src/actions/rollback/history.ts';
import type { DeploymentPayload } from '../../src/deployment-payload.ts';
import type { GitHub, KnownDeployment } from '../../src/github/github.ts';
import { httpError } from '../http-error.ts';

const PROJECT = { uuid: 'shop', name: undefined };

interface Made {
  states: readonly string[];
  payload?: Partial<DeploymentPayload> | 'none';
  environment?: string;
}

/** Deployments with the ids 1, 2, …; the newest comes last. */
function repository(made: readonly Made[]) {
  const known = made.map(({ payload = {}, environment = 'production' }, index): KnownDeployment => {
    const bundleSha256 = String(index + 1).padStart(64, '0');
    const full = { bundleSha256, projectUuid: 'shop', ...(payload === 'none' ? {} : payload) };
    return {
      id: index + 1,
      sha: 'a'.repeat(40),
      environment,
      createdAt: new Date(1_000_000 * index).toISOString(),
      payload: payload === 'none' ? undefined : (full as DeploymentPayload),
    };
  });
  const asked = { listed: 0, states: [] as number[], read: [] as number[] };
  const github: Pick<GitHub, 'listDeployments' | 'listDeploymentStates' | 'readDeployment'> = {
    listDeployments: async function* ({ environment }) {
      for (const one of known.toReversed()) {
        if (environment !== undefined && one.environment !== environment) continue;
        asked.listed += 1;
        yield one;
      }
    },
    listDeploymentStates: async function* (id) {
      asked.states.push(id);
      const createdAt = known[id - 1]?.createdAt ?? '';
      for (const one of made[id - 1]?.states ?? []) {
        const [state = '', description] = one.split(': ');
        yield { state, createdAt, ...(description !== undefined && { description }) };
      }
    },
    readDeployment: async (id) => {
      asked.read.push(id);
      const found = known[id - 1];
      if (found === undefined) throw httpError(404, 'not found');
      return found;
    },
  };
  return { history: createHistory(github as GitHub), asked };
}

const ACTIVE: Made = { states: ['success', 'in_progress'] };
const REPLACED: Made = { states: ['inactive', 'success', 'in_progress'] };
const FAILED: Made = { states: ['failure', 'in_progress'] };
const BROKEN: Made = { states: ['error: Live, but 1 of 1 page fails', 'in_progress: Deployed, being verified'] };
const many = (count: number, one: Made): Made[] => Array.from({ length: count }, () => one);

test('of a long history a handful is read', async () => {
  const { history, asked } = repository([...many(200, REPLACED), FAILED, ACTIVE]);
  const choice = await findPrevious(history, 'production', PROJECT);
  expect(choice).toMatchObject({ kind: 'found', current: { id: 202 }, source: { id: 200 } });
  expect(asked.states).toEqual([202, 201, 200, 199, 198, 197]);
  expect(await findLive(history, 'production', PROJECT)).toMatchObject({ id: 202 });
  // All of that was known.
  expect(asked.states).toHaveLength(6);
});

test('the search ends', async () => {
  const { history, asked } = repository([...many(600, FAILED)]);
  expect(await findPrevious(history, 'production', PROJECT)).toEqual({ kind: 'no-current' });
  expect(asked.listed).toBe(500);
});

test('what other tools, projects and environments have is not looked at', async () => {
  const other: Made = { ...ACTIVE, payload: { projectUuid: 'other' } };
  const foreign: Made = { ...ACTIVE, payload: 'none' };
  const preview: Made = { ...ACTIVE, environment: 'preview' };
  const { history, asked } = repository([REPLACED, other, foreign, preview, ACTIVE, other, foreign, preview]);
  expect(await findPrevious(history, 'production', PROJECT)).toMatchObject({ kind: 'found', source: { id: 1 } });
  expect(asked.states).toEqual([5, 1]);
});

test('a name finds those that know theirs', async () => {
  const named: Made = { ...REPLACED, payload: { projectUuid: 'old', projectName: 'Shop' } };
  const { history } = repository([named, ACTIVE]);
  const choice = await findPrevious(history, 'production', { uuid: 'shop', name: 'Shop' });
  expect(choice).toMatchObject({ kind: 'found', source: { id: 1 } });
});

test('a source that is not in the list is asked for once, and one that is gone is no reason to go forth', async () => {
  const promoted: Made = { ...REPLACED, environment: 'preview' };
  const promotion: Made = { ...ACTIVE, payload: { sourceDeploymentId: 2 } };
  const { history, asked } = repository([REPLACED, promoted, REPLACED, promotion]);
  expect(await findPrevious(history, 'production', PROJECT)).toMatchObject({ kind: 'found', source: { id: 3 } });
  expect(asked.read).toEqual([2]);
  // Deleted since; what is in the list has the ids of before it alone.
  const gone = repository([REPLACED, { ...REPLACED, payload: 'none' }, ACTIVE]);
  expect(await gone.history.read(2)).toBe('foreign');
  expect(await gone.history.read(99)).toBe('unknown');
});

test('a refusal is no answer', async () => {
  const { history } = repository([]);
  const refused = httpError(403, 'no');
  const github = { readDeployment: async () => Promise.reject(refused) };
  await expect(createHistory(github as unknown as GitHub).read(1)).rejects.toBe(refused);
  expect(await findProjects(history, 'production')).toEqual([]);
});

test('only projects with a success count', async () => {
  const of = (projectUuid: string, { states }: Made): Made => ({ states, payload: { projectUuid } });
  const { history, asked } = repository([of('a', REPLACED), of('b', FAILED), of('c', ACTIVE), of('a', ACTIVE)]);
  const found = await findProjects(history, 'production');
  expect(found.map(({ id }) => id).toSorted()).toEqual([3, 4]);
  expect(asked.states).not.toContain(1);
});

test('one that is live and broken is current, and the success before it is what to go back to', async () => {
  const { history, asked } = repository([...many(20, REPLACED), ACTIVE, BROKEN]);
  const choice = await findPrevious(history, 'production', PROJECT);
  expect(choice).toMatchObject({ kind: 'found', current: { id: 22 }, source: { id: 21 } });
  expect(await findLive(history, 'production', PROJECT)).toMatchObject({ id: 22 });
  expect(await findGood(history, 'production', PROJECT)).toMatchObject({ id: 21 });
  expect(asked.states).toEqual([22, 21, 20, 19, 18]);
});

test('a project whose only deployment is live and broken is known, and has nothing good', async () => {
  const { history } = repository([FAILED, BROKEN]);
  expect(await findProjects(history, 'production')).toMatchObject([{ id: 2 }]);
  expect(await findPrevious(history, 'production', PROJECT)).toMatchObject({
    kind: 'nothing-before',
    current: { id: 2 },
  });
  expect(await findGood(history, 'production', PROJECT)).toBeUndefined();
});
