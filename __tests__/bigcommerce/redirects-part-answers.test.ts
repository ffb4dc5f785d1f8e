/** Answers that are neither a success nor a common rejection: 207, 423 and 507, reported as such by every call. */
import { expect, test } from '@jest/globals';
import { createHostingClient } from '../../src/bigcommerce/client.ts';
import type { Redirect } from '../../src/domain/redirects/redirect.ts';
import { HttpError } from '../../src/net/errors.ts';
import { clientOf } from './redirects-helpers.ts';

const desired: Redirect[] = ['/a', '/b'].map((fromPath) => ({ fromPath, target: { kind: 'manual', url: '/x' } }));

const LOCKED = expect.stringContaining('is locked at the moment (423)');
const LIMIT = expect.stringContaining("A limit of the store's plan is reached (507)");
const PART = expect.stringContaining('The platform did a part of it, and not the rest (207)');

test.each([
  [207, 'partial', PART],
  [423, 'rejected', LOCKED],
  [507, 'plan-limit', LIMIT],
])('%s to an upsert is %s, and is not sent again', async (status, kind, fix) => {
  const data = [{ id: 5, site_id: 7, from_path: '/a', to: { type: 'url', url: '/x' } }];
  const { client, requests } = await clientOf(() => ({
    status,
    json: { data, title: 'Some', errors: { '1': 'bad' } },
  }));
  expect(await client.upsertRedirects(7, desired)).toMatchObject({
    kind,
    error: { message: expect.stringContaining(`answered ${status}. The server says: Some; 1: bad.`), fix },
  });
  expect(requests).toHaveLength(1);
});

test('a 207 without a body is no success either', async () => {
  const { client } = await clientOf(() => ({ status: 207 }));
  expect(await client.upsertRedirects(7, desired)).toMatchObject({ kind: 'partial' });
  expect(await client.deleteRedirects([1, 2])).toMatchObject({ uncertain: { status: 207, fix: PART } });
});

test.each([
  [423, LOCKED],
  [507, LIMIT],
])('%s to a deletion is a rejection', async (status, fix) => {
  const { client, requests } = await clientOf(() => ({ status }));
  expect(await client.deleteRedirects([1, 2])).toMatchObject({ rejected: { status, fix } });
  expect(requests).toHaveLength(1);
});

const REJECTED: [number, unknown][] = [
  [207, PART],
  [423, LOCKED],
  [507, LIMIT],
];

test.each(REJECTED)('%s is no list, no job and no export', async (status, fix) => {
  const { client, requests } = await clientOf(() => ({ status, json: { data: [], meta: {} } }));
  const calls: (() => Promise<unknown> | undefined)[] = [
    () => client.listRedirects(7, () => {}),
    () => client.startExport({ siteId: 7, includeDynamicTargetUrls: false }),
  ];
  for (const [index, call] of calls.entries()) {
    const end = await Promise.resolve(call()).catch((error: unknown) => error);
    // A start that was answered by 207 is uncertain.
    const error = end instanceof HttpError ? end : (end as { error: unknown }).error;
    expect([index, error]).toEqual([index, expect.objectContaining({ status, fix })]);
  }
  expect(requests).toHaveLength(calls.length);
});

test.each(REJECTED)('%s to creating a deployment or a project', async (status, fix) => {
  const { api, requests } = await clientOf(() => ({ status, json: { data: {} } }));
  const hosting = createHostingClient({ ...api, maskSecret: () => {} });
  const request = { projectUuid: 'p', uploadUuid: 'u', variables: [] };
  const created = await hosting.createDeployment(request, () => {}).catch((error: unknown) => ({ error }));
  // It is unknown which part: what was to be made may be there.
  expect(created).toMatchObject({ error: { status, fix }, ...(status === 207 && { kind: 'uncertain' }) });
  const made = await hosting.createProject('shop').catch((error: unknown) => ({ uncertain: error }));
  const projectFix = status === 507 ? expect.stringContaining('The number of projects that a store may have') : fix;
  expect(made).toMatchObject({ uncertain: { status, fix: projectFix } });
  expect(requests).toHaveLength(2);
});
