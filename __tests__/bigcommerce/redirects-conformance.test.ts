/** The embedded platform answers about redirects as the vendor's own description has it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { REDIRECT_CALLS } from '../../emulator/redirects/calls.ts';
import { startEmulator } from '../../emulator/server.ts';
import { readEvents } from '../emulator/helpers.ts';
import { jobEventProblems, redirectAnswerProblems, redirectRequestProblems } from './redirects-openapi.ts';

const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
const UNKNOWN_JOB = 'cfccdd6e-956e-4484-8cc2-a610db26bad9';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ stepMs: 1, tokens: { reads: ['store_v2_content_read_only'] } });
});

afterAll(() => emulator.close());

interface Sent {
  query?: string;
  body?: unknown;
  accept?: string;
  token?: string;
  /** Bad on purpose: the request itself is not looked at. */
  isBad?: true;
}

/** What is answered with this status; the request and the answer are held against the description. */
async function expectAnswer(method: string, path: string, status: number, sent: Sent = {}): Promise<string> {
  const { query = '', body, accept = 'application/json', token = emulator.accessToken, isBad } = sent;
  const isForm = body instanceof FormData;
  const url = `${emulator.origin}/stores/${emulator.storeHash}/v3/storefront/redirects${path}${query}`;
  const response = await fetch(url, {
    method,
    headers: {
      'x-auth-token': token,
      accept,
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  const request = emulator.requests.at(-1);
  if (request === undefined) throw new Error('nothing was recorded');
  const answer = type === 'application/json' ? JSON.parse(text) : text;
  const problems = [
    ...(isBad ? [] : await redirectRequestProblems(request)),
    ...(await redirectAnswerProblems(request, response.status, type, answer)),
  ];
  expect({ status: response.status, problems }).toEqual({ status, problems: [] });
  return text;
}

function createForm(csv: string): FormData {
  const form = new FormData();
  form.set('import_file', new File([csv], 'redirects.csv', { type: 'text/csv' }));
  return form;
}

const dataOf = (text: string) => JSON.parse(text).data;

test('redirects from the first to the last', async () => {
  const types = ['product', 'brand', 'category', 'page', 'post'];
  const items = [
    ...types.map((type, index) => ({ from_path: `/${type}`, site_id: 1001, to: { type, entity_id: index + 1 } })),
    { from_path: '/old', site_id: 1000, to: { type: 'url', url: '/new' } },
  ];
  const written = dataOf(await expectAnswer('PUT', '', 201, { body: items }));
  const query = '?site_id=1001&limit=2&page=2&sort=from_path&direction=desc&include=to_url&id:min=1&id:max=9';
  expect(dataOf(await expectAnswer('GET', '', 200, { query }))).toHaveLength(2);
  await expectAnswer('GET', '', 200, { query: '?id:in=1,2&keyword=p' });
  await expectAnswer('GET', '', 200, { query: '?page=99' });
  await expectAnswer('DELETE', '', 204, { query: `?id:in=${written.map(({ id }: { id: number }) => id)}` });
  expect(dataOf(await expectAnswer('GET', '', 200))).toEqual([]);
});

test('an import', async () => {
  const csv = `${HEADER}\nstore.example.com,/a,/b,,\nother.example.com,/a,/b,,\nstore.example.com,/c,,Page,7\n`;
  const { id } = JSON.parse(await expectAnswer('POST', '/imex/import', 201, { body: createForm(csv) }));
  const path = `/imex/import/${id}/events`;
  const events = await expectAnswer('GET', path, 200, { accept: 'text/event-stream' });
  for (const data of await readEvents(new Response(events))) {
    expect(await jobEventProblems('import', JSON.parse(data))).toEqual([]);
  }
  await expectAnswer('GET', '/imex/jobs', 200, { query: `?id=${id}&type=import&status=complete&limit=1&page=1` });
});

test('an export', async () => {
  emulator.redirects.add({ fromPath: '/a', to: '/b' });
  const body = { site_id: 1000, redirect_ids: [], include_dynamic_target_urls: true };
  const { id } = JSON.parse(await expectAnswer('POST', '/imex/export', 201, { body }));
  const events = await expectAnswer('GET', `/imex/export/${id}/events`, 200, { accept: 'text/event-stream' });
  for (const data of await readEvents(new Response(events))) {
    expect(await jobEventProblems('export', JSON.parse(data))).toEqual([]);
  }
  await expectAnswer('GET', `/imex/export/${id}/download`, 200, { accept: 'text/csv' });
  await expectAnswer('GET', '/imex/jobs', 200);
});

test('what is rejected', async () => {
  await expectAnswer('PUT', '', 422, { body: [{ from_path: 'a', site_id: 1 }] });
  await expectAnswer('PUT', '', 422, { body: {}, isBad: true });
  await expectAnswer('GET', '', 422, { query: '?sort=to&limit=0', isBad: true });
  await expectAnswer('GET', '', 414, { query: `?keyword=${'x'.repeat(8200)}` });
  await expectAnswer('DELETE', '', 422, { isBad: true });
  await expectAnswer('POST', '/imex/import', 400, { body: createForm('a,b') });
  await expectAnswer('POST', '/imex/import', 400, { body: {}, isBad: true });
  await expectAnswer('POST', '/imex/import', 413, { body: createForm('x'.repeat(20_000_001)) });
  await expectAnswer('POST', '/imex/export', 409, { body: { redirect_ids: [999] } });
  await expectAnswer('POST', '/imex/export', 422, { body: { site_id: 'x' }, isBad: true });
  emulator.redirects.holdJobs('new');
  emulator.redirects.startExport();
  await expectAnswer('POST', '/imex/export', 429, { body: {} });
  await expectAnswer('POST', '/imex/import', 429, { body: createForm(`${HEADER}\n`) });
  for (const kind of ['import', 'export']) {
    await expectAnswer('GET', `/imex/${kind}/${UNKNOWN_JOB}/events`, 404, { accept: 'text/event-stream' });
  }
  await expectAnswer('GET', `/imex/export/${UNKNOWN_JOB}/download`, 404, { accept: 'text/csv' });
  await expectAnswer('GET', '/imex/jobs', 422, { query: '?status=done', isBad: true });
  await expectAnswer('GET', '', 401, { token: 'unknown' });
  await expectAnswer('PUT', '', 403, { token: 'reads', body: [] });
  await expectAnswer('GET', '', 200, { token: 'reads' });
});

test('each call was met', () => {
  const met = new Set<string>(emulator.requests.map(({ call }) => call));
  expect(REDIRECT_CALLS.filter((call) => !met.has(call))).toEqual([]);
});
