/** What the Batch API may do instead of answering: to the call that makes a batch, and to those that ask for it. */
import { expect, test } from '@jest/globals';
import { ALL_CALLS, type BatchCase, expectCase } from './batch-cases.ts';

const NAMED_WAIT = { 'retry-after': '2' };
const ASKED = 'inspectBatch';
const MADE = 'allocateBatch';
/** Nothing was uploaded, and no batch is known. */
const NOTHING = { outcome: 'error', outputs: { 'batch-refs': '[]' } } as const;
const MINUTES = 1 / 60;

function shortly(seconds: number) {
  return { inputs: { 'timeout-minutes': String(seconds * MINUTES) } };
}

const ALLOCATING: Record<string, BatchCase> = {
  401: { faults: [{ call: MADE, effect: 'status', status: 401 }], ...NOTHING, says: ['`client-key` and `api-token`'] },
  403: { faults: [{ call: MADE, effect: 'status', status: 403 }], ...NOTHING, says: ['may not use the Batch API'] },
  404: { faults: [{ call: MADE, effect: 'status', status: 404 }], ...NOTHING, says: ['Check `base-url`'] },
  400: { faults: [{ call: MADE, effect: 'status', status: 400 }], ...NOTHING, says: ['check what it names'] },
  413: { faults: [{ call: MADE, effect: 'status', status: 413 }], ...NOTHING, says: ['Check `base-url`'] },
  'a redirect': {
    faults: [{ call: MADE, effect: 'redirect', location: 'https://elsewhere.example/v2' }],
    ...NOTHING,
    says: ['Redirects are not followed', 'Check `base-url`'],
  },
  '409 for no reason': {
    faults: [{ call: MADE, effect: 'status', status: 409 }],
    outcome: 'success',
    calls: [MADE, ASKED, ...ALL_CALLS],
    logs: ['The batch gets a new ref'],
  },
  '429 with a named wait': {
    faults: [{ call: MADE, effect: 'status', status: 429, headers: NAMED_WAIT }],
    outcome: 'success',
    calls: ALL_CALLS,
  },
  '429 with a wait that is longer than the run': {
    faults: [{ call: MADE, effect: 'status', status: 429, headers: { 'retry-after': '600' } }],
    ...shortly(2),
    ...NOTHING,
    says: ['timeout-minutes'],
  },
  '503 once': { faults: [{ call: MADE, effect: 'status', status: 503 }], outcome: 'success', calls: ALL_CALLS },
  '500 twice': {
    faults: [{ call: MADE, effect: 'status', status: 500, times: 2 }],
    outcome: 'success',
    calls: ALL_CALLS,
  },
  '503 until the time is up': {
    faults: [{ call: MADE, effect: 'status', status: 503, times: 'always' }],
    ...shortly(2),
    ...NOTHING,
    says: ['timeout-minutes'],
  },
  'a connection that breaks at once': {
    faults: [{ call: MADE, effect: 'reset-before' }],
    outcome: 'success',
    calls: ALL_CALLS,
  },
  'a connection that breaks on the way': {
    faults: [{ call: MADE, effect: 'reset-mid-request', afterBytes: 5 }],
    outcome: 'success',
    calls: ALL_CALLS,
  },
  'a lost answer: the batch is there, and used': {
    faults: [{ call: MADE, effect: 'lost-answer' }],
    outcome: 'success',
    calls: [MADE, ASKED, 'uploadBatch', ASKED],
  },
  'a lost answer, and a service that allocates again': {
    faults: [{ call: MADE, effect: 'lost-answer' }],
    sitecore: { reallocates: true },
    outcome: 'success',
    calls: ALL_CALLS,
  },
  'a lost answer, and a service that shows no location: a fresh batch': {
    faults: [{ call: MADE, effect: 'lost-answer' }],
    sitecore: { showsLocation: false },
    outcome: 'success',
    calls: [MADE, ASKED, 'batch', MADE, 'uploadBatch', ASKED],
  },
  'an answer that breaks off': {
    faults: [{ call: MADE, effect: 'reset-in-body' }],
    outcome: 'success',
    calls: [MADE, ASKED, 'uploadBatch', ASKED],
  },
  'work behind a 502': {
    faults: [{ call: MADE, effect: 'status-after-work', status: 502 }],
    outcome: 'success',
    calls: [MADE, ASKED, 'uploadBatch', ASKED],
  },
  'a slow answer': { faults: [{ call: MADE, effect: 'slow-body', chunkBytes: 20 }], outcome: 'success' },
  'a hang until the time is up': { faults: [{ call: MADE, effect: 'hang' }], ...shortly(2), ...NOTHING },
  'a page once': {
    faults: [{ call: MADE, effect: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    outcome: 'success',
    calls: ALL_CALLS,
  },
  'a page until the time is up': {
    faults: [
      {
        call: MADE,
        effect: 'status',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html>',
        times: 'always',
      },
    ],
    ...shortly(2),
    ...NOTHING,
  },
  'an empty object once': {
    faults: [{ call: MADE, effect: 'status', status: 200, body: {} }],
    outcome: 'success',
    calls: ALL_CALLS,
  },
  'no location once: a fresh batch': {
    faults: [{ call: MADE, effect: 'batch-location', kind: 'none' }],
    outcome: 'success',
    calls: [MADE, ASKED, 'batch', MADE, 'uploadBatch', ASKED],
  },
  'never a location': {
    faults: [{ call: MADE, effect: 'batch-location', kind: 'none', times: 'always' }],
    outcome: 'error',
    says: ['no longer gives an upload location for it', '3 new locations'],
  },
};

test.each(Object.entries(ALLOCATING))('announcing the batch: %s', async (_, desired) => {
  const { run, emulator } = await expectCase(desired);
  if (desired.outcome !== 'success') {
    expect(emulator.requests.filter(({ call }) => call === 'uploadBatch')).toEqual([]);
    expect(emulator.requests.length).toBeLessThan(20);
    return;
  }
  // The one that counts is the last one, and all tries were for the same.
  const used = emulator.batches.list.at(-1);
  expect(run.outputs['batch-refs']).toBe(JSON.stringify([used?.ref]));
  expect([used?.uploads, used?.status]).toEqual([1, 'success']);
});

test('a wait that the service names is waited', async () => {
  const { emulator } = await expectCase({
    faults: [
      { call: MADE, effect: 'status', status: 429, headers: NAMED_WAIT },
      { call: ASKED, effect: 'status', status: 429, headers: NAMED_WAIT },
    ],
    outcome: 'success',
  });
  for (const call of [MADE, ASKED]) {
    const [first, next] = emulator.requests.filter((request) => request.call === call);
    expect((next?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(1990);
  }
});

const UNKNOWN = { outcome: 'unknown' } as const;
const RESUME = /Run the job again with `batch-ref: [\da-f-]{36}`/;

const ASKING: Record<string, BatchCase> = {
  401: { faults: [{ call: ASKED, effect: 'status', status: 401 }], ...UNKNOWN, says: [RESUME, '`client-key`'] },
  403: { faults: [{ call: ASKED, effect: 'status', status: 403 }], ...UNKNOWN, says: [RESUME] },
  400: { faults: [{ call: ASKED, effect: 'status', status: 400 }], ...UNKNOWN, says: [RESUME] },
  409: { faults: [{ call: ASKED, effect: 'status', status: 409 }], ...UNKNOWN, says: [RESUME] },
  'a redirect': {
    faults: [{ call: ASKED, effect: 'redirect', location: 'https://elsewhere.example/v2' }],
    ...UNKNOWN,
    says: [RESUME],
  },
  '404 for the first five': {
    faults: [{ call: ASKED, effect: 'status', status: 404, times: 5 }],
    outcome: 'success',
    logs: ['does not know the batch yet'],
  },
  '404 for the first six': {
    faults: [{ call: ASKED, effect: 'status', status: 404, times: 6 }],
    ...UNKNOWN,
    says: [RESUME],
  },
  '404 now and then': {
    faults: [0, 2, 4, 6, 8, 10].map((skip) => ({ call: ASKED, effect: 'status', status: 404, skip })),
    sitecore: { stepMs: 1500 },
    outcome: 'success',
  },
  '429 with a named wait': {
    faults: [{ call: ASKED, effect: 'status', status: 429, headers: NAMED_WAIT }],
    outcome: 'success',
    logs: ['Status request failed, still polling'],
  },
  '429 with a wait that is longer than the run': {
    faults: [{ call: ASKED, effect: 'status', status: 429, headers: { 'retry-after': '600' } }],
    ...shortly(5),
    ...UNKNOWN,
    says: ['asks to wait 10', RESUME, 'timeout-minutes'],
  },
  '503 once': {
    faults: [{ call: ASKED, effect: 'status', status: 503 }],
    outcome: 'success',
    logs: ['responds again'],
  },
  '501, 408, 425': {
    faults: [501, 408, 425].map((status) => ({ call: ASKED, effect: 'status', status })),
    outcome: 'success',
  },
  '500 until the time is up': {
    faults: [{ call: ASKED, effect: 'status', status: 500, times: 'always' }],
    ...shortly(3),
    ...UNKNOWN,
    says: [RESUME, 'The last status request failed', 'answered 500', 'timeout-minutes'],
  },
  'connections that break': {
    faults: [
      { call: ASKED, effect: 'reset-before' },
      { call: ASKED, effect: 'lost-answer' },
      { call: ASKED, effect: 'reset-in-body' },
    ],
    outcome: 'success',
  },
  'a hang until the time is up': {
    faults: [{ call: ASKED, effect: 'hang' }],
    ...shortly(3),
    ...UNKNOWN,
    says: [RESUME],
  },
  'a slow answer': { faults: [{ call: ASKED, effect: 'slow-body', chunkBytes: 20 }], outcome: 'success' },
  'answers that are none': {
    faults: [
      { call: ASKED, effect: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      { call: ASKED, effect: 'status', status: 200, body: {} },
      { call: ASKED, effect: 'status', status: 200, body: { status: { code: '\u001b[31m::error::success' } } },
    ],
    outcome: 'success',
    logs: ['Status request failed'],
  },
  'an answer about another batch, which is a success': {
    faults: [
      {
        call: ASKED,
        effect: 'status',
        status: 200,
        body: { ref: 'ffffffff-3c1e-4b60-8c33-4c1f0a53a9d1', status: { code: 'success' } },
      },
      { call: MADE, effect: 'batch-ends', status: 'corrupted' },
    ],
    outcome: 'corrupted',
  },
};

test.each(Object.entries(ASKING))('asking for the status: %s', async (_, desired) => {
  const { run, emulator } = await expectCase(desired);
  const [batch] = emulator.batches.list;
  expect(emulator.batches.list).toHaveLength(1);
  expect(run.outputs['batch-refs']).toBe(JSON.stringify([batch?.ref]));
  expect(batch?.uploads).toBe(1);
  if (desired.outcome === 'unknown')
    expect(run.lines.join('\n')).toContain(`Run the job again with \`batch-ref: ${batch?.ref}\``);
});

test('a row of failures is reported once, and the debug log has each', async () => {
  const { run } = await expectCase({
    faults: [{ call: ASKED, effect: 'status', status: 503, times: 4 }],
    outcome: 'success',
  });
  expect(run.lines.filter((line) => line.includes('Status request failed'))).toHaveLength(1);
  expect(run.lines.filter((line) => line.startsWith('::debug::') && line.includes('answered 503'))).toHaveLength(4);
});
