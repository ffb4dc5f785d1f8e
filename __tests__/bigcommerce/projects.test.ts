/** The calls about projects, without a server: what is asked, and what each answer means. */
import { expect, test } from '@jest/globals';
import { projectCalls } from '../../src/bigcommerce/projects.ts';
import type { HttpCall } from '../../src/net/call.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { refusal } from '../../src/net/refusal.ts';

/** @param answers in turn; the last one stays */
function projects(answers: { status?: number; json?: unknown }[], apiOrigin = 'https://api.example') {
  const sent: HttpCall[] = [];
  const send: HttpClient['send'] = async (call) => {
    sent.push(call);
    const { status = 200, json } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
    const answer = { status, headers: {}, text: json === undefined ? '' : JSON.stringify(json) };
    if (status > 299) throw refusal(call, answer);
    return answer;
  };
  const calls = projectCalls({
    ...{ apiOrigin, storeHash: 'abc', accessToken: 'token', http: { send } as HttpClient },
    ...{ signal: new AbortController().signal, onRetry: () => {}, maskSecret: () => {} },
  });
  const targets = () => sent.map(({ method, url }) => `${method} ${url.pathname.split('/v3/')[1]}${url.search}`);
  return { calls, sent, targets };
}

const SHOP = { uuid: 'U-1', name: 'shop', deployment_hostnames: ['shop.example'] };
const page = (...data: unknown[]) => ({ json: { data, meta: {} } });

test('a project is found by its exact name, though the platform gives those that merely contain it', async () => {
  const { calls, targets } = projects([
    page({ ...SHOP, uuid: 'U-2', name: 'shop-2' }, SHOP, { uuid: 'U-3', name: 'Shop' }),
  ]);
  expect(await calls.findProjects('shop')).toEqual([{ uuid: 'U-1', name: 'shop', urls: ['https://shop.example'] }]);
  expect(await calls.listProjects('shop')).toHaveLength(3);
  expect(targets()).toEqual(Array(2).fill('GET infrastructure/projects?name%3Alike=shop&limit=50'));
});

test('a project is found by its id, in whatever case; another one is not it', async () => {
  const { calls, targets } = projects([page({ uuid: 'u-2', name: 'x' }, SHOP)]);
  expect(await calls.readProject('u-1')).toMatchObject({ uuid: 'U-1' });
  expect(await calls.readProject('u-9')).toBeUndefined();
  expect(targets()[0]).toBe('GET infrastructure/projects?uuid%3Ain=u-1&limit=50');
});

test('names of a platform on this machine have addresses without https', async () => {
  const local = { ...SHOP, deployment_hostnames: ['shop.localhost:8080'] };
  const [project] = await projects([page(local)], 'http://127.0.0.1:1').calls.findProjects('shop');
  expect(project?.urls).toEqual(['http://shop.localhost:8080']);
});

test('a project is created by its name, under the scope that this takes', async () => {
  const { calls, sent } = projects([{ json: { data: SHOP } }]);
  expect(await calls.createProject('shop')).toEqual({ uuid: 'U-1', name: 'shop', urls: ['https://shop.example'] });
  expect(sent[0]).toMatchObject({ method: 'POST', body: '{"name":"shop"}', timeoutMs: 30_000 });
  expect(sent[0]?.explain?.(401, {})).toContain('`access-token`');
});

test.each([
  [502, 'uncertain', 'BigCommerce had a fault'],
  [500, 'uncertain', 'BigCommerce had a fault'],
  [207, 'uncertain', 'BigCommerce carried out only a part of the request'],
  [422, 'refused', 'BigCommerce rejected the request'],
  [403, 'refused', 'BigCommerce denied access'],
  [501, 'refused', 'BigCommerce had a fault'],
])('creating one that is answered with %s is %s, and not sent again', async (status, kind, title) => {
  const { calls, sent } = projects([{ status, json: { errors: { name: 'taken' } } }]);
  const end = await calls.createProject('shop').catch((error: unknown) => ({ refused: error }));
  expect(end).toMatchObject({
    [kind]: {
      status,
      title: `${title} (${status})`,
      message: expect.stringContaining('Creating the project "shop": POST '),
    },
  });
  expect(sent).toHaveLength(1);
});

test.each([
  [204, 'deleted'],
  [200, 'deleted'],
])('a deletion that is answered with %s is done', async (status, end) => {
  const { calls, targets } = projects([status === 204 ? { status } : { status, json: {} }]);
  expect(await calls.deleteProject('a/b')).toBe(end);
  expect(targets()).toEqual(['DELETE infrastructure/projects/a%2Fb']);
});

test.each([
  [404, 'missing', 'The token sees the project'],
  [207, 'uncertain', 'only a part'],
  [409, 'refused', 'A deployment of the project may be in progress'],
  [403, 'refused', 'store_infrastructure_projects_manage'],
])('a deletion that is answered with %s is %s, and advises', async (status, kind, fix) => {
  const { calls } = projects([{ status }]);
  const end = await calls.deleteProject('u-1').catch((error: unknown) => ({ refused: error }));
  expect(end).toMatchObject({ [kind]: { status, fix: expect.stringContaining(fix) } });
});
