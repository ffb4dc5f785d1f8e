import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findJob } from '../../src/bigcommerce/redirect-jobs.ts';
import { clientOf, loseAnswer } from './redirects-helpers.ts';

const CSV = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID\na.example,/ä,/b,,\n';
const quiet = { sent: () => {} };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redirect-jobs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fileOf(text: string) {
  const path = join(folder, 'some "odd" name.txt');
  writeFileSync(path, text);
  return { path, sizeBytes: Buffer.byteLength(text) };
}

test.each([{ id: 'job-1' }, { data: { id: 'job-1' }, meta: {} }])(
  'an import is a form with the file as CSV, and its answer is %j',
  async (json) => {
    const { client, requests } = await clientOf(() => ({ status: 201, json }));
    const sent: number[] = [];
    const answer = await client.startImport(fileOf(CSV), { sent: (bytes) => sent.push(bytes) });
    expect(answer).toEqual({ kind: 'started', jobId: 'job-1' });
    const { method, url, headers, body } = requests[0] ?? { headers: {} };
    expect([method, url?.pathname]).toEqual(['POST', '/stores/abc/v3/storefront/redirects/imex/import']);
    expect(headers).toMatchObject({ 'content-length': String(body?.length), 'x-auth-token': 'token' });
    const type = String(headers['content-type']);
    const form = await new Response(new Uint8Array(body ?? []), { headers: { 'content-type': type } }).formData();
    expect([...form.keys()]).toEqual(['import_file']);
    const file = form.get('import_file') as File;
    expect([file.name, file.type, await file.text()]).toEqual(['redirects.csv', 'text/csv', CSV]);
    expect(sent).toEqual([0, Buffer.byteLength(CSV)]);
  },
);

test('while another job runs, an import and an export are busy, with the wait that the platform names', async () => {
  const { client, requests } = await clientOf(() => ({ status: 429, headers: { 'retry-after': '7' } }));
  expect(await client.startImport(fileOf(CSV), quiet)).toMatchObject({ kind: 'busy', namedWaitMs: 7000 });
  const request = { siteId: 7, includeDynamicTargetUrls: false };
  expect(await client.startExport(request)).toMatchObject({ kind: 'busy', namedWaitMs: 7000 });
  expect(requests).toHaveLength(2);
});

test.each([
  ['lost', () => loseAnswer],
  ['a 503', () => ({ status: 503 })],
  ['no JSON', () => ({ status: 201, text: '<html>' })],
  ['an id that would lead elsewhere', () => ({ status: 201, json: { id: '../../x' } })],
])('an import whose answer is %s is uncertain, and not sent again', async (_, answer) => {
  const { client, requests } = await clientOf(answer);
  expect(await client.startImport(fileOf(CSV), quiet)).toMatchObject({ kind: 'uncertain' });
  expect(requests).toHaveLength(1);
});

test.each([
  [400, /no CSV of redirects/],
  [413, /at most 20 MB/],
  [403, /Content: modify/],
])('an import that is rejected with %s says what to do', async (status, fix) => {
  const { client } = await clientOf(() => ({ status }));
  const started = client.startImport(fileOf(CSV), quiet);
  await expect(started).rejects.toMatchObject({ status, fix: expect.stringMatching(fix) });
});

test('a file that is gone is an error that names it, and is not mistaken for a fault of the network', async () => {
  const { client, requests } = await clientOf(() => ({ status: 201, json: { id: 'x' } }));
  const started = client.startImport({ path: join(folder, 'gone.csv'), sizeBytes: 5 }, quiet);
  await expect(started).rejects.toMatchObject({ title: 'File not readable', message: /gone\.csv/ });
  expect(requests).toHaveLength(0);
});

test('an export names its site, or none; a 409 says that there is nothing', async () => {
  const { client, requests } = await clientOf((_, before) =>
    before === 0 ? { status: 201, json: { id: 'e1' } } : { status: 409, json: { title: 'none' } },
  );
  const first = await client.startExport({ siteId: 7, includeDynamicTargetUrls: true });
  expect(first).toEqual({ kind: 'started', jobId: 'e1' });
  expect(await client.startExport({ siteId: undefined, includeDynamicTargetUrls: false })).toEqual({ kind: 'nothing' });
  expect(requests.map(({ body }) => JSON.parse(String(body)))).toEqual([
    { site_id: 7, include_dynamic_target_urls: true },
    { include_dynamic_target_urls: false },
  ]);
});

function job(id: string, more: object = {}) {
  return { id, type: 'import', status: 'working', ...more };
}

const pages = (total_pages: number) => ({ pagination: { total_pages } });

test('a job is looked for on all pages', async () => {
  const { api, requests } = await clientOf((_, before) => ({
    json: { data: [[job('a'), job('b')], [job('c')]][before] ?? [], meta: pages(2) },
  }));
  expect(await findJob(api, 'import', 'c')).toMatchObject({ jobId: 'c', status: 'working' });
  expect(requests.map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2']);
});

test('jobs of another kind or id are ignored, whether the filter is applied or not', async () => {
  const data = [job('a'), job('b', { type: 'export' }), job('c', { type: undefined })];
  const { api, requests } = await clientOf(() => ({ json: { data } }));
  expect(await findJob(api, 'import', 'A')).toMatchObject({ jobId: 'a', status: 'working' });
  expect(await findJob(api, 'export', 'c')).toMatchObject({ jobId: 'c' });
  expect(await findJob(api, 'export', 'a')).toBeUndefined();
  expect(requests.map(({ url }) => url.searchParams.get('id'))).toEqual(['A', 'c', 'a']);
});

test('a job that is odd keeps its verdict, and no rejected row is lost', async () => {
  const odd = { completed_items: 'many', failed_items: -1, errors: [{ row: '3', message: 'bad' }, 'what', { row: 3 }] };
  const { api } = await clientOf(() => ({ json: { data: ['odd', job('a', { ...odd, status: 'failed' })] } }));
  expect(await findJob(api, 'import', 'a')).toEqual({
    jobId: 'a',
    status: 'failed',
    completed: 0,
    failed: 2,
    total: 0,
    rejected: [
      { row: 3, message: 'bad' },
      { row: -1, message: '' },
      { row: 3, message: '' },
    ],
  });
});

test('an export is downloaded with the token, and again after a fault, a body that breaks off, and a file not there yet', async () => {
  const { client, requests } = await clientOf((_, before) => {
    if (before === 0) return { status: 503 };
    if (before === 1) return { status: 404 };
    if (before > 2) return { text: CSV };
    return (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    };
  });
  const path = join(folder, 'out.csv');
  expect(await client.downloadExport('e1', path, () => {})).toEqual({ path, sizeBytes: Buffer.byteLength(CSV) });
  expect(readFileSync(path, 'utf8')).toBe(CSV);
  expect(requests.map(({ url, headers }) => [url.pathname, headers['x-auth-token']])).toEqual(
    Array(4).fill(['/stores/abc/v3/storefront/redirects/imex/export/e1/download', 'token']),
  );
});

test.each([302, 403])('an export that is rejected with %s leaves no file behind', async (status) => {
  const { client } = await clientOf(() => ({ status, headers: { location: 'http://elsewhere.example/' } }));
  const downloaded = client.downloadExport('e1', join(folder, 'out.csv'), () => {});
  await expect(downloaded).rejects.toMatchObject({ status });
  expect(readdirSync(folder)).toEqual([]);
});
