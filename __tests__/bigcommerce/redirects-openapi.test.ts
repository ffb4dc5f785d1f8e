/** The vendor's description finds what is wrong with a request about redirects. */
import { expect, test } from '@jest/globals';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import {
  expectRedirectRequestsAsDocumented,
  type RedirectRequest,
  readRedirectsDescription,
  redirectRequestProblems,
} from './redirects-openapi.ts';

const PATH = '/stores/s1/v3/storefront/redirects';
const UUID = 'cfccdd6e-956e-4484-8cc2-a610db26bad9';

function request(method: string, path: string, rest: Partial<RedirectRequest> = {}): RedirectRequest {
  const type = rest.body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { 'x-auth-token': 'secret', accept: 'application/json', ...type, ...rest.headers };
  return { method, path: `${PATH}${path}`, query: {}, body: undefined, ...rest, headers };
}

const stream = { accept: 'text/event-stream' };
const form = { 'content-type': 'multipart/form-data; boundary=abc' };
const item = { from_path: '/a', site_id: 1, to: { type: 'url', url: '/b' } };

test('the cut is an OpenAPI document', async () => {
  const definition = readRedirectsDescription() as unknown as Document;
  await new OpenAPIBackend({ definition, strict: true, validate: false }).init();
});

test.each([
  request('GET', '', { query: { site_id: '1000', 'id:in': '1,2', limit: '250', page: '2', include: 'to_url' } }),
  request('GET', '', { query: { sort: 'from_path', direction: 'desc', keyword: 'a', 'id:min': '1', 'id:max': '2' } }),
  request('PUT', '', { body: [item, { ...item, to: { type: 'product', entity_id: 12 } }] }),
  request('DELETE', '', { query: { 'id:in': '1,2,3' } }),
  request('GET', '/imex/jobs', { query: { type: 'import', status: 'new', limit: '10', id: UUID } }),
  request('POST', '/imex/import', { headers: form }),
  request('POST', '/imex/export', { body: { site_id: null, include_dynamic_target_urls: true, redirect_ids: [1] } }),
  request('GET', `/imex/import/${UUID}/events`, { headers: stream }),
  request('GET', `/imex/export/${UUID}/events`, { headers: stream }),
  request('GET', `/imex/export/${UUID}/download`, { headers: { accept: 'text/csv' } }),
])('$method $path is fine', async (one) => {
  expect(await redirectRequestProblems(one)).toEqual([]);
  await expectRedirectRequestsAsDocumented({ requests: [one] } as never);
});

const bad: [RedirectRequest, string][] = [
  [request('GET', '', { query: { site_id: 'x' } }), 'query.site_id must be integer'],
  [request('GET', '', { query: { 'id:in': '1,x' } }), 'query.id:in.1 must be integer'],
  [request('GET', '', { query: { include: 'url' } }), 'query.include.0 must be equal to one of the allowed values'],
  [request('GET', '', { query: { after: '1' } }), "query.after is not in the vendor's description"],
  [request('GET', '', { headers: { accept: '*/*' } }), 'accept is not application/json'],
  [request('GET', '', { headers: { 'x-auth-token': '' } }), 'x-auth-token is missing'],
  [request('PUT', '', { body: [{ ...item, domain: 'a' }] }), "body.0.domain is not in the vendor's description"],
  [request('PUT', '', { body: [{ from_path: '/a' }] }), 'body.0.site_id is missing'],
  [
    request('PUT', '', { body: [{ ...item, to: { type: 'url', url: 'x'.repeat(2049) } }] }),
    'body.0.to.url must NOT have more than 2048 characters',
  ],
  [request('PUT', '', { body: item }), 'body must be array'],
  [request('PUT', '', { body: [], headers: { 'content-type': 'text/plain' } }), 'content-type is not application/json'],
  [request('DELETE', '', { query: { site_id: '1' } }), 'query.id:in is missing'],
  [request('DELETE', '', { query: { 'id:in': '1' }, body: {} }), 'the call takes no body'],
  [request('POST', '', { body: [] }), `no such call in the vendor's description: POST ${PATH}`],
  [request('POST', '/imex/import', { headers: { 'content-type': 'text/csv' } }), 'content-type has no boundary'],
  [request('POST', '/imex/export', { body: { site: 1 } }), "body.site is not in the vendor's description"],
  [
    request('GET', '/imex/jobs', { query: { status: 'done' } }),
    'query.status must be equal to one of the allowed values',
  ],
  [request('GET', '/imex/import/7/events', { headers: stream }), 'path.uuid must match format "uuid"'],
  [request('GET', `/imex/import/${UUID}/events`), 'accept is not text/event-stream'],
];

test.each(bad.map(([one, problem]) => [problem, one] as const))('%s', async (problem, one) => {
  expect(await redirectRequestProblems(one)).toContain(problem);
  await expect(expectRedirectRequestsAsDocumented({ requests: [{ ...one, status: 200 }] } as never)).rejects.toThrow();
});

test('a body that was never read is missed only where the request was answered', async () => {
  const one = request('POST', '/imex/export', { headers: { 'content-type': 'application/json' } });
  expect(await redirectRequestProblems(one)).toEqual(['body is missing']);
  await expectRedirectRequestsAsDocumented({ requests: [one] } as never);
  await expect(expectRedirectRequestsAsDocumented({ requests: [{ ...one, status: 201 }] } as never)).rejects.toThrow();
});

test('a run without any request about redirects shows nothing', async () => {
  await expect(expectRedirectRequestsAsDocumented({ requests: [] })).rejects.toThrow();
});
