/** What the answers to the calls of imports and exports mean. No server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import { NetworkError } from '../../src/net/errors.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { temporaryFolder } from '../clean-up.ts';
import { httpError } from '../http-error.ts';
import '../retries-at-once.ts';

const { downloadExport, findJob, startExport, startImport } = await import('../../src/bigcommerce/redirect-jobs.ts');

const { signal } = new AbortController();

/** @param answers JSON, or what is thrown; the last one stays */
function api(answers: readonly unknown[]) {
  const left = [...answers];
  const calls: HttpCall[] = [];
  const retries: string[] = [];
  const next = (call: HttpCall) => {
    calls.push(call);
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const http = {
    send: async (call: HttpCall) => {
      for await (const _ of (call.body ?? []) as AsyncIterable<Uint8Array>);
      return { status: 200, headers: {}, text: JSON.stringify(next(call)) };
    },
    open: async (call: HttpCall) => {
      const text = String(next(call));
      return {
        headers: {},
        body: (async function* () {
          yield Buffer.from(text);
        })(),
      };
    },
  } as unknown as HttpClient;
  const store = { apiOrigin: 'https://api.example', storeHash: 'abc', accessToken: 'token' };
  return { api: { ...store, http, signal, onRetry: (what: string) => retries.push(what) }, calls, retries };
}

const network = (delivery: 'not-sent' | 'lost-answer', transient = true) =>
  new NetworkError('Starting', {
    method: 'POST',
    url: new URL('https://a.example'),
    outcome: 'broke',
    delivery,
    transient,
  });

const job = (id: string, type?: string) => ({ id, status: 'working', ...(type !== undefined && { type }) });
const page = (data: unknown[], total_pages: number) => ({ data, meta: { pagination: { total_pages } } });

function pagesOf(calls: readonly HttpCall[]) {
  return calls.map(({ url }) => url.searchParams.get('page'));
}

test('a job is looked up on all pages, whatever the list is filtered by', async () => {
  const others = page([job('J1', 'export'), job('J2', 'import')], 3);
  const { api: given, calls } = api([others, others, page([job('j1')], 3)]);
  expect(await findJob(given, 'import', 'J1')).toMatchObject({ jobId: 'j1', status: 'working' });
  expect(pagesOf(calls)).toEqual(['1', '2', '3']);
  expect(Object.fromEntries(calls[0]?.url.searchParams ?? [])).toMatchObject({ type: 'import', id: 'J1', limit: '10' });
});

test('a job that no page has is unknown, and so is one behind 50 pages or an empty one', async () => {
  const others = (pages: number) => page([job('J2')], pages);
  for (const [answers, asked] of [
    [[others(2)], 2],
    [[others(1000)], 50],
    [[others(9), page([], 9)], 2],
  ] as const) {
    const { api: given, calls } = api(answers);
    expect(await findJob(given, 'import', 'J1')).toBeUndefined();
    expect(calls).toHaveLength(asked);
  }
});

const STARTED = { data: { id: 'J1' } };
const ALL = { siteId: undefined, includeDynamicTargetUrls: false };

test('an export is of one site, or of all', async () => {
  const { api: given, calls } = api([STARTED]);
  expect(await startExport(given, { siteId: 7, includeDynamicTargetUrls: true })).toMatchObject({ kind: 'started' });
  await startExport(given, ALL);
  expect(calls.map(({ body }) => JSON.parse(String(body)))).toEqual([
    { site_id: 7, include_dynamic_target_urls: true },
    { include_dynamic_target_urls: false },
  ]);
});

const broken = network('lost-answer');
test.each([
  [httpError(409, 'Nothing to export.'), { kind: 'nothing' }],
  [httpError(429, 'Another job.'), { kind: 'busy' }],
  [httpError(502, 'A fault.'), { kind: 'uncertain' }],
  [broken, { kind: 'uncertain', error: broken }],
])('an export that is answered with %s is not asked for twice: %j', async (error, expected) => {
  const { api: given, calls } = api([error]);
  expect(await startExport(given, ALL)).toMatchObject(expected);
  expect(calls).toHaveLength(1);
});

test.each([httpError(403, 'No.'), network('not-sent', false)])('an export that fails for good: %s', async (error) => {
  const { api: given, calls } = api([error]);
  await expect(startExport(given, ALL)).rejects.toBe(error);
  expect(calls).toHaveLength(1);
});

test('what was not sent is sent again', async () => {
  const { api: given, retries } = api([network('not-sent'), STARTED]);
  expect(await startExport(given, ALL)).toEqual({ kind: 'started', jobId: 'J1' });
  expect(retries).toEqual(['Starting the export']);
});

function writeFile() {
  const path = join(temporaryFolder(), 'r.csv');
  writeFileSync(path, 'a,b\n');
  return { path, sizeBytes: 4 };
}

test('an import that was not sent is sent again from the start; one that is busy is not', async () => {
  const sent: number[] = [];
  const progress = { sent: (bytes: number) => sent.push(bytes) };
  const again = api([network('not-sent'), STARTED]);
  expect(await startImport(again.api, writeFile(), progress)).toEqual({ kind: 'started', jobId: 'J1' });
  expect(again.retries).toEqual(['Starting the import']);
  expect(sent).toEqual([0, 4, 0, 4]);
  const busy = api([httpError(429, 'Another job.')]);
  expect(await startImport(busy.api, writeFile(), progress)).toMatchObject({ kind: 'busy' });
  expect(busy.calls).toHaveLength(1);
  expect(busy.calls[0]?.explain?.(404, {})).toContain('store-hash');
});

test('the file of an export that is not there yet is asked for again', async () => {
  const path = join(temporaryFolder(), 'export.csv');
  const { api: given, retries } = api([httpError(404, 'Not yet.'), httpError(503, 'Busy.'), 'a,b\n']);
  expect(await downloadExport(given, 'J1', path, () => {})).toEqual({ path, sizeBytes: 4 });
  expect(retries).toEqual(['Downloading the export', 'Downloading the export']);
});

test('and one that is refused is not; each has an advice', async () => {
  const error = httpError(403, 'No.');
  const { api: given, calls } = api([error]);
  const path = join(temporaryFolder(), 'export.csv');
  await expect(downloadExport(given, 'J1', path, () => {})).rejects.toBe(error);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.explain?.(404, {})).toContain('no longer has it. Run the job again.');
  expect(calls[0]?.explain?.(403, {})).toContain('store_v2_content_read_only');
});
