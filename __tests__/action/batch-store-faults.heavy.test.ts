/** What the store may do to an upload, and what may be wrong with the location that the service gives. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { ALL_CALLS, type BatchCase, expectCase } from './batch-cases.ts';

const PUT = 'uploadBatch';
const FRESH = ['allocateBatch', PUT];
const RESUME = /Run the job again with `batch-ref: [\da-f-]{36}`/;

function rejected(status: number, times: number | 'always' = 1): Fault {
  return { call: PUT, effect: 'status', status, times };
}

/** `refs`: as many batches are made in all; the last one counts. `uploads`: of it. */
const UPLOADS: Record<string, BatchCase & { refs: number; puts: number }> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 411, 412].map((status) => [
      `${status} once: a fresh location`,
      {
        faults: [rejected(status)],
        outcome: 'success',
        calls: [...FRESH, ...ALL_CALLS],
        refs: 2,
        puts: 2,
        logs: [`answered ${status}`, 'The batch gets a new ref'],
      },
    ]),
  ),
  'a redirect: a fresh location, and nothing goes elsewhere': {
    faults: [{ call: PUT, effect: 'redirect', location: 'https://elsewhere.example/import.gz', status: 307 }],
    outcome: 'success',
    calls: [...FRESH, ...ALL_CALLS],
    refs: 2,
    puts: 2,
  },
  '403 three times': {
    faults: [rejected(403, 3)],
    outcome: 'success',
    calls: [...FRESH, ...FRESH, ...FRESH, ...ALL_CALLS],
    refs: 4,
    puts: 4,
  },
  '403 each time: four locations are enough': {
    faults: [rejected(403, 'always')],
    outcome: 'error',
    calls: [...FRESH, ...FRESH, ...FRESH, ...FRESH],
    refs: 4,
    puts: 4,
    says: ['answered 403', 'with 3 new locations', 'whether a proxy changes requests'],
  },
  413: {
    faults: [rejected(413)],
    outcome: 'error',
    calls: FRESH,
    refs: 1,
    puts: 1,
    says: ['not accept a file of this size'],
  },
  '429 with a named wait: the same location': {
    faults: [{ ...rejected(429), headers: { 'retry-after': '1' } } as Fault],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 2,
  },
  '503 once: the same location': { faults: [rejected(503)], outcome: 'success', calls: ALL_CALLS, refs: 1, puts: 2 },
  '500 three times: the same location': {
    faults: [rejected(500, 3)],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 4,
  },
  'a connection that breaks at once': {
    faults: [{ call: PUT, effect: 'reset-before' }],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 2,
  },
  'a connection that breaks in the middle': {
    faults: [{ call: PUT, effect: 'reset-mid-request', afterBytes: 100 }],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 2,
  },
  'a lost answer: the same again': {
    faults: [{ call: PUT, effect: 'lost-answer' }],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 2,
  },
  'a lost answer each time: the status shows that it arrived': {
    faults: [{ call: PUT, effect: 'lost-answer', times: 'always' }],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 5,
    warns: ['The file may have arrived anyway: the status of the batch will show'],
  },
  'a lost answer, and a refusal: the status shows that it arrived': {
    faults: [{ call: PUT, effect: 'lost-answer' }, rejected(403)],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 2,
    warns: ['The file may have arrived anyway'],
  },
  'a break five times: it did not arrive, and is sent again': {
    faults: [{ call: PUT, effect: 'reset-mid-request', afterBytes: 100, times: 5 }],
    outcome: 'success',
    calls: [...ALL_CALLS, PUT, 'inspectBatch'],
    refs: 1,
    puts: 6,
    warns: ['may have arrived'],
    logs: ['The file did not arrive: uploading it again'],
  },
  'no answer until the time is up': {
    faults: [{ call: PUT, effect: 'hang' }],
    inputs: { 'timeout-minutes': '0.03' },
    outcome: 'unknown',
    calls: FRESH,
    refs: 1,
    puts: 1,
    says: [RESUME, 'It is not known whether the upload arrived', 'timeout-minutes'],
  },
  'a slow answer': {
    faults: [{ call: PUT, effect: 'delay', delayMs: 1500 }],
    outcome: 'success',
    calls: ALL_CALLS,
    refs: 1,
    puts: 1,
  },
};

test.each(Object.entries(UPLOADS))('uploading: %s', async (_, { refs, puts, ...desired }) => {
  const { run, emulator } = await expectCase(desired);
  const { list } = emulator.sitecore;
  expect(list).toHaveLength(refs);
  expect(emulator.requests.filter(({ call }) => call === PUT)).toHaveLength(puts);
  expect(run.outputs['batch-refs']).toBe(JSON.stringify([list.at(-1)?.ref]));
  for (const { ref } of list) expect(run.lines.join('\n')).toContain(ref);
  if (desired.outcome !== 'error')
    for (const { ref } of list.slice(0, -1)) expect(run.summary).toContain(`abandoned: <code>${ref}`);
  expect(list.slice(0, -1).map(({ uploads }) => uploads)).toEqual(list.slice(1).map(() => 0));
});

function location(fault: object, times: number | 'always' = 1): Fault {
  return { call: 'allocateBatch', effect: 'batch-location', times, ...fault } as Fault;
}

const LOCATIONS: Record<string, BatchCase & { refs: number }> = {
  'expired once': {
    faults: [location({ kind: 'expired' })],
    outcome: 'success',
    refs: 2,
    logs: ['Request has expired'],
  },
  'expired always': {
    faults: [location({ kind: 'expired' }, 'always')],
    outcome: 'error',
    refs: 4,
    says: ['Request has expired', '3 new locations'],
  },
  'wrongly signed twice': { faults: [location({ kind: 'refused' }, 2)], outcome: 'success', refs: 3 },
  'expired, and said to be so: this runner’s clock is no judge': {
    faults: [location({ kind: 'past' })],
    outcome: 'success',
    refs: 2,
  },
  'good, though its time is said to be over': {
    faults: [location({ expiry: '2001-01-01T00:00:00Z' })],
    outcome: 'success',
    refs: 1,
  },
  'good, and its time is no time': { faults: [location({ expiry: 'soon' })], outcome: 'success', refs: 1 },
  'plain http, of another machine': {
    faults: [location({ href: 'http://store.example.com/import.gz?X-Amz-Signature=5f5f5f5f5f' })],
    outcome: 'error',
    refs: 1,
    says: ['not an https URL', 'nothing was sent there', 'Check `base-url`'],
  },
  'a file of this machine': {
    faults: [location({ href: 'file:///etc/passwd' })],
    outcome: 'error',
    refs: 1,
    says: ['not an https URL'],
  },
  'with a password in it': {
    faults: [location({ href: 'http://user:secret-word@127.0.0.1:1/import.gz' })],
    outcome: 'error',
    refs: 1,
    says: ['PUT http://127.0.0.1:1/import.gz got no answer'],
  },
  'of a machine that is not there': {
    faults: [location({ href: 'http://127.0.0.1:1/import.gz?X-Amz-Signature=5f5f5f5f5f' })],
    outcome: 'error',
    refs: 1,
    says: ['Uploading the batch'],
  },
};

test.each(Object.entries(LOCATIONS))('a location is %s', async (_, { refs, ...desired }) => {
  const { run, emulator } = await expectCase(desired);
  const { list } = emulator.sitecore;
  expect(list).toHaveLength(refs);
  expect(run.outputs['batch-refs']).toBe(JSON.stringify([list.at(-1)?.ref]));
  for (const { href } of list) {
    const signature = new URL(href).searchParams.get('X-Amz-Signature') ?? href;
    expect(run.masks).toContain(signature);
    expect(run.everything.includes(href)).toBe(false);
  }
  if (desired.outcome === 'success') expect(list.at(-1)).toMatchObject({ uploads: 1, status: 'success' });
});

test('no time for a fresh location: nothing was uploaded, and no batch counts', async () => {
  const { run, emulator } = await expectCase({
    faults: [rejected(403), { call: 'allocateBatch', skip: 1, effect: 'hang' }],
    inputs: { 'timeout-minutes': '0.04' },
    outcome: 'error',
    outputs: { 'batch-refs': '[]' },
    says: ['timeout-minutes'],
  });
  expect(run.summary).toContain(`abandoned: <code>${emulator.sitecore.list[0]?.ref}`);
});

test('what was in doubt of a batch that was given up says nothing of the next one', async () => {
  await expectCase({
    faults: [
      { call: PUT, effect: 'reset-mid-request', afterBytes: 100, times: 5 },
      rejected(403),
      { call: 'allocateBatch', skip: 1, effect: 'hang' },
    ],
    inputs: { 'timeout-minutes': '0.35' },
    outcome: 'error',
    outputs: { 'batch-refs': '[]' },
    warns: ['may have arrived'],
    logs: ['The batch gets a new ref'],
  });
});

test('a file that becomes another on its way is reported so, after a second try', async () => {
  const bad: Fault = {
    call: PUT,
    effect: 'status',
    status: 400,
    xml: { code: 'BadDigest', message: 'The Content-MD5 you specified did not match what we received.' },
  };
  const { emulator } = await expectCase({
    faults: [{ ...bad, times: 'always' }],
    outcome: 'error',
    says: ['What arrived is not what was packed', 'twice in a row'],
  });
  expect(emulator.requests.filter(({ call }) => call === PUT)).toHaveLength(2);
  await expectCase({ faults: [bad], outcome: 'success', calls: ALL_CALLS });
});
