import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readLogsInputs } from '../../src/inputs/logs.ts';
import { type Given, makeSource, makeWorkspace, TOKEN, UUID, VALID } from './helpers.ts';

const NOW_MS = Date.parse('2026-01-31T12:00:00Z');
const HOUR_MS = 60 * 60_000;

function read(inputs: Record<string, string> = {}, given: Given = {}) {
  const workspace = given.workspace ?? makeWorkspace();
  return readLogsInputs(makeSource({ ...given, workspace, inputs: { ...VALID, ...inputs } }), NOW_MS);
}

/** What is wrong, by its input. */
function problemsOf(inputs: Record<string, string>): Record<string, string> {
  try {
    read(inputs);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toContain(TOKEN);
    return Object.fromEntries(error.problems.map((one) => [one.input, `${one.problem} ${one.remedy ?? one.allowed}`]));
  }
  return {};
}

test('what is not given has its default', () => {
  expect(read()).toEqual({
    inputs: {
      storeHash: 'abc123',
      accessToken: TOKEN,
      apiOrigin: 'https://api.bigcommerce.com',
      project: { kind: 'uuid', uuid: UUID },
      task: { mode: 'query', startMs: NOW_MS - HOUR_MS, endMs: NOW_MS },
      filter: { entryType: 'log' },
      format: 'default',
      file: undefined,
      failOn: 'never',
      maxEntries: 100_000,
    },
    warnings: [],
  });
  expect(read({ mode: 'tail' }).inputs.task).toEqual({ mode: 'tail', durationMs: 60_000 });
});

test('all of them can be given', () => {
  const workspace = makeWorkspace({ 'core/package.json': '{}' });
  const { inputs, warnings } = read(
    {
      ...{ mode: 'query', level: 'warn', 'entry-type': 'log', method: 'post', 'status-code': '404', url: '/cart' },
      ...{ format: 'request', 'fail-on': 'exception', 'max-entries': '500000' },
      ...{ file: 'worker.log', 'working-directory': 'core', 'project-uuid': '', 'project-name': 'shop' },
    },
    { workspace },
  );
  expect(warnings).toEqual([]);
  expect(inputs).toMatchObject({
    filter: { level: 'warn', entryType: 'log', method: 'POST', statusCode: 404, url: '/cart' },
    format: 'request',
    failOn: 'exception',
    maxEntries: 500_000,
    file: join(workspace, 'core/worker.log'),
    project: { kind: 'name', name: 'shop', createIfMissing: false },
  });
});

test.each<[Record<string, string>, string, string]>([
  [{ since: '30m' }, '2026-01-31T11:30:00Z', '2026-01-31T12:00:00Z'],
  [{ since: '90s' }, '2026-01-31T11:58:30Z', '2026-01-31T12:00:00Z'],
  [{ since: '7d' }, '2026-01-24T12:00:00Z', '2026-01-31T12:00:00Z'],
  [{ since: '6h', end: '2026-01-02' }, '2026-01-01T18:00:00Z', '2026-01-02T00:00:00Z'],
  [{ start: '2026-01-31' }, '2026-01-31T00:00:00Z', '2026-01-31T12:00:00Z'],
  [{ start: '2026-01-31T10:00', end: '2026-01-31T11:00+01:00' }, '', ''],
  [{ start: '2026-01-31T09:00', end: '2026-01-31T11:00+01:00' }, '2026-01-31T09:00:00Z', '2026-01-31T10:00:00Z'],
  [{ start: '1769860800', end: '1769864400.5' }, '', ''],
  [{ start: '1769850000', end: '1769853600' }, '2026-01-31T09:00:00Z', '2026-01-31T10:00:00Z'],
  // Offsets in all their forms, and the hour that summer time leaves out.
  [{ start: '2026-01-31T12:00:00+02', end: '2026-01-31T11:30:00+0030' }, '2026-01-31T10:00Z', '2026-01-31T11:00Z'],
  [{ start: '2026-03-29T02:30:00+01:00', end: '2026-03-29T03:30:00+02:00' }, '', ''],
  [{ start: '2026-03-29T02:30', end: '2026-03-29T04:30+02:00' }, '', ''],
  [{ start: '2026-03-29T01:30:00+01:00', end: '2026-03-29T03:30:00+02:00' }, '2026-03-29T00:30Z', '2026-03-29T01:30Z'],
  [{ start: '2026-01-24T12:00:00' }, '2026-01-24T12:00:00Z', '2026-01-31T12:00:00Z'],
  [{ start: '2026-01-24T11:59:59.999' }, '', ''],
  [{ start: '2024-02-29', end: '2024-03-01' }, '2024-02-29T00:00:00Z', '2024-03-01T00:00:00Z'],
  [{ end: '2026-02-15T00:00:00.250Z' }, '2026-02-14T23:00:00.250Z', '2026-02-15T00:00:00.250Z'],
])('window %p', (inputs, start, end) => {
  if (start === '') expect(Object.keys(problemsOf(inputs))).toHaveLength(1);
  else expect(read(inputs).inputs.task).toEqual({ mode: 'query', startMs: Date.parse(start), endMs: Date.parse(end) });
});

test.each<[Record<string, string>, Record<string, RegExp>]>([
  [{ mode: 'follow' }, { mode: /tail, query/ }],
  [{ since: '2 days' }, { since: /is not a length of time.*30m, 6h or 2d/ }],
  [{ since: '0m' }, { since: /is too short/ }],
  [{ since: '169h' }, { since: /is too long.*at most 7d/ }],
  [{ since: '1h', start: '2026-01-31' }, { start: /together with `since`/ }],
  [{ start: 'yesterday' }, { start: /is not a time.*ISO 8601/ }],
  [{ start: '2026-13-31' }, { start: /is not a time/ }],
  [{ start: '2026-02-29', end: '2026-03-02' }, { start: /is not a time/ }],
  [{ start: '2026-01-31T25:00' }, { start: /is not a time/ }],
  [
    { start: '20260130', end: '20260131' },
    { start: /is not a time/, end: /is not a time/ },
  ],
  [{ end: '2026' }, { end: /is not a time/ }],
  [{ end: '1769860800000' }, { end: /seconds since 1970, such as 1769860800/ }],
  [{ start: '2026-02-01' }, { start: /is not before now/ }],
  [{ start: '2026-01-31', end: '2026-01-30' }, { start: /is not before `end`, "2026-01-30"/ }],
  [{ start: '2026-01-01' }, { start: /more than 7 days before now/ }],
  [{ mode: 'tail', 'duration-seconds': '0' }, { 'duration-seconds': /from 1 to 21600/ }],
  [{ mode: 'tail', 'duration-seconds': '1e3' }, { 'duration-seconds': /seconds/ }],
  [{ level: 'fatal' }, { level: /debug, info, warn, error/ }],
  [{ 'entry-type': 'all' }, { 'entry-type': /log, request/ }],
  [{ method: 'GET /' }, { method: /is not a method/ }],
  [{ 'status-code': '5xx' }, { 'status-code': /from 100 to 599/ }],
  [{ url: 'x'.repeat(1001) }, { url: /at most 1000 characters/ }],
  [{ format: 'pretty' }, { format: /default, short, request, json/ }],
  [{ format: 'short', 'entry-type': 'request' }, { format: /no requests.*`request` or `json`/ }],
  [{ 'entry-type': 'request', 'fail-on': 'error' }, { 'fail-on': /neither errors nor exceptions/ }],
  [{ 'fail-on': 'warn' }, { 'fail-on': /never, exception, error/ }],
  [{ 'max-entries': '500001' }, { 'max-entries': /from 1 to 500000/ }],
  [{ file: 'missing/worker.log' }, { file: /in a folder that does not exist/ }],
  [{ file: '.' }, { file: /is not a file/ }],
  [{ file: '../worker.log' }, { file: /outside of the workspace/ }],
  [{ 'project-uuid': '' }, { 'project-uuid': /missing/ }],
])('wrong: %p', (inputs, expected) => {
  const problems = problemsOf(inputs);
  expect(Object.keys(problems)).toEqual(Object.keys(expected));
  for (const [name, pattern] of Object.entries(expected)) expect(problems[name]).toMatch(pattern);
});

test('all that is wrong is named at once', () => {
  const wrong = { mode: 'query', since: 'x', level: 'x', format: 'x', 'fail-on': 'x', 'max-entries': 'x', url: '' };
  expect(Object.keys(problemsOf(wrong)).sort()).toEqual(['fail-on', 'format', 'level', 'max-entries', 'since']);
});

test('what does not apply to the mode is named in a warning', () => {
  const inputs = { since: '1h', start: '2026-01-30', end: '2026-01-31' };
  const { warnings, inputs: read1 } = read({ mode: 'tail', ...inputs });
  expect(read1.task).toEqual({ mode: 'tail', durationMs: 60_000 });
  expect(warnings).toEqual(
    ['since', 'start', 'end'].map(
      (name) => `${name}: it is ignored, since \`mode: tail\` shows what is logged from now on.`,
    ),
  );
  expect(read({ 'duration-seconds': '60' }).warnings).toEqual([
    'duration-seconds: it is ignored, since `mode: query` reads what was logged before.',
  ]);
});
