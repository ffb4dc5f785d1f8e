/** What a `sync` that ends early advises: what the platform's refusal does, or what helps with any of them. */
import { expect, test } from '@jest/globals';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import type { UpsertAnswer } from '../../src/bigcommerce/redirects.ts';
import { ActionError } from '../../src/errors.ts';
import { httpError } from '../http-error.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeRow } from './redirects-helpers.ts';
import { createStore, type StoreOptions } from './redirects-store.ts';

const REST = 'reads the site again and does the rest.';

/** @param answer to each upsert after so many that were carried out */
async function sync(
  rows: number,
  answer: UpsertAnswer,
  { after = 0, ...options }: StoreOptions & { after?: number } = {},
) {
  const store = createStore({ maxUpserts: 1000, ...options });
  const { upsertRedirects } = store.client;
  store.client.upsertRedirects = async (siteId, all) => {
    const isOver = upsertRedirects === undefined || store.writes >= after;
    return isOver ? answer : await upsertRedirects(siteId, all);
  };
  const desired = Array.from({ length: rows }, (_, index) => makeRow(`/${index}`, '/to', index + 2));
  const { dependencies } = createWorld({ client: store.client, rows: desired });
  const task = { command: 'sync', siteId: 7, delete: true, maxDeletes: 100 } as const;
  return await endOf(syncSite({ file: FILE, timeoutMs: 60_000, task }, dependencies));
}

const refusal = (status: number, fix?: string) => httpError(status, 'No.', fix === undefined ? {} : { fix });

test.each<[string, string | undefined, string]>([
  ['advises something', 'Change its target.', 'Change its target.'],
  ['advises nothing', undefined, 'Correct what the platform reports, and run the job again.'],
])('a row whose refusal %s', async (_, own, fix) => {
  for (const answer of [
    { kind: 'rejected', error: refusal(422, own) },
    { kind: 'too-large', error: refusal(413, own) },
  ] as UpsertAnswer[]) {
    expect(await sync(1, answer)).toMatchObject({
      message: 'No. It concerns line 2 (/0). None of 1 change was made.',
      title:
        answer.kind === 'rejected'
          ? 'The server rejected the request (422)'
          : 'The server does not accept so much at once (413)',
      fix,
      outcome: 'error',
    });
  }
});

test.each<[string | undefined, string]>([
  ['Add the scope.', `Add the scope. The next run ${REST}`],
  [undefined, `Run the job again: it ${REST}`],
])('a refusal of everything after a part was made, which advises %j', async (own, fix) => {
  const answer: UpsertAnswer = { kind: 'rejected', error: refusal(403, own) };
  expect(await sync(51, answer, { after: 1 })).toMatchObject({
    message: 'No. 50 of 51 changes were made: 50 added, 0 changed, 0 deleted. 1 was not made.',
    fix,
    outcome: 'partial',
  });
});

test.each(['Remove some.', undefined])('a limit of the plan that advises %j, when nothing was made', async (own) => {
  const options = { title: 'Limit', ...(own !== undefined && { fix: own }) };
  const answer: UpsertAnswer = { kind: 'plan-limit', error: new ActionError('The limit is reached.', options) };
  const error = await sync(12, answer);
  expect(error).toMatchObject({ title: 'Limit', fix: own, outcome: 'error' });
  expect(error?.message).toBe(
    'The limit is reached. Not written: line 2 (/0), line 3 (/1), line 4 (/2), line 5 (/3), line 6 (/4), line 7 (/5), line 8 (/6), line 9 (/7), line 10 (/8), line 11 (/9) and 2 more. None of 12 changes was made.',
  );
});

test('of ten that were not made none is left unnamed', async () => {
  const answer: UpsertAnswer = { kind: 'plan-limit', error: new ActionError('The limit is reached.') };
  expect((await sync(10, answer))?.message).toContain('line 11 (/9). None of 10 changes was made.');
});

test('a part that was carried out goes on with the rest; where nothing of it was, that ends it', async () => {
  const part = Object.assign(new ActionError('A part.', { title: 'Part' }), { status: 207 });
  expect(await sync(2, { kind: 'partial', error: part })).toMatchObject({
    message: 'A part. Not written: line 2 (/0), line 3 (/1). None of 2 changes was made.',
    title: 'Part',
  });
  const store = createStore({ maxUpserts: 1000, faults: ['partial'] });
  const rows = [makeRow('/0', '/to', 2), makeRow('/1', '/to', 3)];
  const { dependencies } = createWorld({ client: store.client, rows });
  const task = { command: 'sync', siteId: 7, delete: true, maxDeletes: 100 } as const;
  expect(await endOf(syncSite({ file: FILE, timeoutMs: 60_000, task }, dependencies))).toBeUndefined();
  expect(store.targetsOf(7)).toEqual({ '/0': '/to', '/1': '/to' });
});
