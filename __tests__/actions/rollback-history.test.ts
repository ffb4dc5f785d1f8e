/** What is asked of GitHub to find the deployment to go back to: as little as it takes, and never without an end. */
import { expect, test } from '@jest/globals';
import { createHistory, findGood, findLive, findPrevious, findProjects } from '../../src/actions/rollback/history.ts';
import type { GitHub } from '../../src/github/github.ts';
import { httpError } from '../http-error.ts';
import { ACTIVE, FAILED, type Made, PROJECT, REPLACED, repository } from './repository.ts';

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
