/** Answers about jobs: only a status decides, and no oddity costs a verdict or a rejected row. */
import { expect, test } from '@jest/globals';
import { parseJobEvent, parseJobPage, parseStartedJob } from '../../src/bigcommerce/job-schemas.ts';

const EMPTY = { completed: 0, failed: 0, total: 0, rejected: [] };

test.each([
  ['{"status":', 'not JSON, 10 characters'],
  ['', 'not JSON, 0 characters'],
  ['{}', 'no usable status'],
  ['null', 'no usable status'],
  ['{"status":null}', 'no usable status'],
  ['[]', 'no usable status'],
])('%j is no event of a job: %s', (text, unreadable) => {
  expect(parseJobEvent(text, 'j1')).toEqual({ unreadable });
});

test('an event is of the job that it names, or else of the one that is followed', () => {
  expect(parseJobEvent('{"status":"working"}', 'j1')).toEqual({ ...EMPTY, jobId: 'j1', status: 'working' });
  expect(parseJobEvent('{"status":"working","job_id":"j2"}', 'j1')).toMatchObject({ jobId: 'j2' });
  expect(parseJobEvent('{"status":"working","job_id":7}', 'j1')).toMatchObject({ jobId: 'j1' });
});

test.each([
  [{ failed_items: 5, errors: [{ row: 1, message: 'a' }] }, 5],
  [{ failed_items: 0, errors: [{ row: 1 }, { row: 2 }] }, 2],
  [{ failed_items: 'x', errors: [{ row: 1 }, { row: 1 }] }, 1],
  [{ errors: 'none' }, 0],
])('as many rows failed as the platform counts, and as many as it names (%j)', (more, failed) => {
  const state = parseJobEvent(
    JSON.stringify({ status: 'complete', completed_items: '3', total_items: 9, ...more }),
    'j',
  );
  expect(state).toMatchObject({ completed: 3, failed, total: 9 });
});

test('a rejection counts whatever is missing in it, and a long reason is cut', () => {
  const long = 'x'.repeat(1001);
  const errors = [{ row: '7', message: 'bad' }, null, 'text', { row: -5, message: 3 }, { row: 1, message: long }];
  expect(parseJobEvent(JSON.stringify({ status: 'failed', errors }), 'j')).toMatchObject({
    rejected: [
      { row: 7, message: 'bad' },
      { row: -1, message: '' },
      { row: -1, message: '' },
      { row: -1, message: '' },
      { row: 1, message: `${'x'.repeat(1000)}…` },
    ],
  });
});

test('a started job is named in either of two ways, and by nothing else', () => {
  expect(parseStartedJob({ id: 'j1' })).toBe('j1');
  expect(parseStartedJob({ data: { id: 'j1' } })).toBe('j1');
  for (const value of [{}, { id: '../x' }, { data: {} }, { data: null }, null, 'j1']) {
    expect(() => parseStartedJob(value)).toThrow();
  }
});

test('of a list the jobs are read that can be; none of several is an error, since it would say that there is none', () => {
  const job = { id: 'j1', status: 'new', type: 'export' };
  expect(parseJobPage({ data: [job, 'odd', null], meta: { pagination: { total_pages: '3' } } })).toEqual({
    jobs: [{ state: { ...EMPTY, jobId: 'j1', status: 'new' }, kind: 'export' }],
    totalPages: 3,
  });
  expect(() => parseJobPage({ data: ['odd', {}] })).toThrow('none of them is a job');
  expect(parseJobPage({ data: [] })).toEqual({ jobs: [], totalPages: 1 });
  for (const meta of [
    undefined,
    null,
    {},
    { pagination: null },
    { pagination: {} },
    { pagination: { total_pages: 'x' } },
  ]) {
    expect(parseJobPage({ data: [{ ...job, type: 'other' }], meta })).toMatchObject({
      ...{ jobs: [{ kind: undefined }], totalPages: 1 },
    });
  }
});
