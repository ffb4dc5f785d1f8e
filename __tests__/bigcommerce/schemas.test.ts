import { expect, test } from '@jest/globals';
import { explainProjectRefusal } from '../../src/bigcommerce/refusals.ts';
import { parseDeploymentEvent, parseProjectPage } from '../../src/bigcommerce/schemas.ts';

const completed = { deployment_status: 'completed' };

test.each([
  ['a progress that is text', { ...completed, event: { step: 'complete', progress: '100' } }],
  ['an event that is text', { ...completed, event: 'complete' }],
  ['an error that is text', { ...completed, error: 'none' }],
  ['hostnames that are null', { ...completed, deployment_hostnames: [null, 'a.example'] }],
  ['a step that is no word', { ...completed, event: { step: '\n::error::x', progress: 1 } }],
  ['a URL that is a number', { ...completed, deployment_url: 7 }],
])('%s does not cost the verdict', (_, event) => {
  expect(parseDeploymentEvent(JSON.stringify(event))).toMatchObject({ status: 'completed' });
});

test('the canonical host comes first: the first of the hostnames, whatever the URL is', () => {
  const event = {
    ...completed,
    deployment_url: 'www.shop.example',
    deployment_hostnames: ['shop.host.example', 'www.shop.example'],
  };
  expect(parseDeploymentEvent(JSON.stringify(event))).toMatchObject({
    hosts: ['shop.host.example', 'www.shop.example', 'www.shop.example'],
  });
  const alone = { ...completed, deployment_url: 'shop.host.example', deployment_hostnames: null };
  expect(parseDeploymentEvent(JSON.stringify(alone))).toMatchObject({ hosts: ['shop.host.example'] });
});

test.each([
  [{ code: 30 }, '30'],
  [{ code: '30' }, '30'],
  [{ code: null }, 'unknown'],
  [{}, 'unknown'],
  [{ code: 'a secret\nof nobody' }, 'unknown'],
  [null, undefined],
  [undefined, undefined],
])('the error %j has the code %s', (error, errorCode) => {
  expect(parseDeploymentEvent(JSON.stringify({ deployment_status: 'failed', error }))).toMatchObject({ errorCode });
});

test.each([
  'not json secret',
  'null',
  '[]',
  '7',
  '{}',
  '{"deployment_status":7}',
  '{"deployment_status":"x\\n::error::"}',
])('%s is unreadable, and the reason does not quote it', (text) => {
  expect(parseDeploymentEvent(text)).toEqual({ unreadable: expect.not.stringContaining('secret') });
});

test.each([
  [{ end_cursor: 'a+b/c==', links: { next: '?after=a+b/c==' } }, 'a+b/c=='],
  [{ links: { next: '?limit=50&after=x%2By' } }, 'x+y'],
  [{ end_cursor: 'x', links: {} }, undefined],
  [{ end_cursor: 'x', links: null }, undefined],
  [null, undefined],
])('the pagination %j continues at %s', (cursor_pagination, after) => {
  expect(parseProjectPage({ data: [], meta: { cursor_pagination } })).toEqual({ projects: [], after });
});

test('an odd project is skipped, and all others are found', () => {
  const uuid = '11111111-1111-4111-8111-111111111111';
  const odd = [{ uuid: '..', name: 'up' }, { uuid: 'a/b', name: 'x' }, { uuid, name: null }, null, 'text', {}];
  const { projects } = parseProjectPage({ data: [...odd, { uuid, name: 'shop' }] });
  expect(projects).toEqual([{ uuid, name: 'shop', hosts: [] }]);
  // Such a list does not prove that a project is missing.
  for (const one of odd) expect(() => parseProjectPage({ data: [one] })).toThrow('none of them is a project');
});

test.each([
  [422, {}, true],
  [403, {}, true],
  [409, {}, true],
  [422, { name: 'is too long' }, false],
  [401, {}, false],
])('a project refused with %i (%j) may exceed the limit of the store: %s', (status, fields, isHint) => {
  const explained = explainProjectRefusal(status, fields);
  if (isHint) expect(explained).toContain('`preview-cleanup`');
  else expect(explained).toBeUndefined();
  if (status === 403) expect(explained).toContain('store_infrastructure_projects_manage');
});
