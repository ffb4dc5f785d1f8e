/** `logs`, mode `query`: what was logged in a window of time, shown, written and counted. */
import { expect, test } from '@jest/globals';
import { requestsTo } from './github-fault-helpers.ts';
import { failureOf, platform, warningsOf, workspaceWith } from './harness.ts';
import { add, expectEnd, fileLines, logged, readLogs, startLogs, thrown, uuidOf } from './logs-harness.ts';
import { cancelAt } from './run-reading.ts';

const withoutTime = (lines: readonly string[] = []) => lines.map((line) => line.replace(/^\[[^\]]*\] /, ''));

test('entries are shown and written with the oldest one first, counted, and grouped', async () => {
  const emulator = await platform();
  add(
    emulator,
    logged('info', 'cache warm'),
    logged('error', 'price of product 12 is missing', '/cart?id=12'),
    logged('error', 'price of product 345 is missing', '/cart?id=345'),
    thrown('TypeError', 'x is not a function', '/login'),
  );
  const run = await readLogs({ emulator });
  expectEnd(run, 'complete', { entries: 4, errors: 2, exceptions: 1 });
  const lines = fileLines(run) ?? [];
  expect(withoutTime(lines)).toEqual([
    '[INFO] cache warm',
    '[ERROR] price of product 12 is missing',
    '[ERROR] price of product 345 is missing',
    '[ERROR] [TypeError] x is not a function',
  ]);
  expect(run.lines.join('\n')).toContain(lines.join('\n'));
  expect(run.summary).toContain('## ⚠️ Worker log: 4 entries, 2 errors and 1 exception\n');
  expect(run.summary).toContain(
    '- 🔴 2 × price of product 12 is missing · <code>&#47;cart&#63;id&#61;12</code>, <code>&#47;cart&#63;id&#61;345</code>\n' +
      '- 💥 1 × TypeError&#58; x is not a function · <code>&#47;login</code>\n',
  );
  expect(run.annotations).toEqual([]);
});

test('nothing logged is green, with an empty file', async () => {
  const run = await readLogs({ emulator: await platform() });
  expectEnd(run, 'complete', { entries: 0, errors: 0, exceptions: 0 });
  expect(fileLines(run)).toEqual([]);
  expect(run.summary).toContain('## 📜 Worker log: no entries\n');
});

test('the filters and the window go to the platform', async () => {
  const emulator = await platform();
  const inputs = {
    start: '2026-01-02T00:00:00Z',
    end: '1767420000',
    level: 'warn',
    'entry-type': 'log',
    method: 'post',
    'status-code': '500',
    url: '/cart?a=1&b',
  };
  expectEnd(await readLogs({ emulator, inputs }), 'complete', { entries: 0 });
  expect(requestsTo(emulator, 'queryLogs').map(({ query }) => query)).toEqual([
    {
      start: '2026-01-02T00:00:00.000Z',
      end: '2026-01-03T06:00:00.000Z',
      'level:min': 'warn',
      entry_type: 'log',
      method: 'POST',
      status_code: '500',
      'url:like': '/cart?a=1&b',
      limit: '500',
    },
  ]);
});

test('`since` counts back from now, or from `end`', async () => {
  const emulator = await platform();
  const minutesOf = (index: number) => {
    const { start, end } = requestsTo(emulator, 'queryLogs')[index]?.query ?? {};
    return (Date.parse(end ?? '') - Date.parse(start ?? '')) / 60_000;
  };
  const given = [{}, { since: '30m' }, { since: '2d', end: '2026-01-03' }, { since: '7d' }];
  for (const inputs of given) expectEnd(await readLogs({ emulator, inputs }), 'complete');
  expect(given.map((_, index) => minutesOf(index))).toEqual([60, 30, 2 * 24 * 60, 7 * 24 * 60]);
  expect(requestsTo(emulator, 'queryLogs')[2]?.query['end']).toBe('2026-01-03T00:00:00.000Z');
});

test('the formats show requests or not, and are of one line each', async () => {
  const emulator = await platform();
  add(emulator, { request: { method: 'GET', url: '/bare', status_code: 204 }, logs: [] });
  add(emulator, logged('warn', 'two\nlines', '/a'));
  const url = 'https://shop.example/a';
  const read = async (format: string) => fileLines(await readLogs({ emulator, inputs: { format } }));
  expect(await read('short')).toEqual(['two lines']);
  expect(withoutTime(await read('default'))).toEqual(['[WARN] two lines']);
  expect(withoutTime(await read('request'))).toEqual([
    'GET /bare (204)',
    `GET ${url} (200)`,
    `GET ${url} (200) [WARN] two lines`,
  ]);
  const json = (await read('json')) ?? [];
  expect(json.map((line) => JSON.parse(line))).toMatchObject([
    { entry_type: 'request', request: { url: '/bare' } },
    { entry_type: 'request', request: { url } },
    { entry_type: 'log', messages: ['two\nlines'], level: 'warn' },
  ]);
});

test('requests alone are shown by their own format', async () => {
  const emulator = await platform();
  add(emulator, logged('error', 'broken', '/a'));
  const run = await readLogs({ emulator, inputs: { 'entry-type': 'request' } });
  expectEnd(run, 'complete', { entries: 1, errors: 0 });
  expect(withoutTime(fileLines(run))).toEqual(['GET https://shop.example/a (200)']);
});

test('a file in the workspace is replaced, and its output is absolute', async () => {
  const emulator = await platform();
  add(emulator, logged('info', 'hello'));
  const workspace = workspaceWith({ 'logs/worker.txt': 'of before\n'.repeat(1000) });
  const run = await readLogs({ emulator, workspace, inputs: { file: 'logs/worker.txt', format: 'short' } });
  expectEnd(run, 'complete', { entries: 1 });
  expect(run.outputs['file']).toBe(`${workspace}/logs/worker.txt`);
  expect(fileLines(run)).toEqual(['hello']);
});

test('a project is found by its name', async () => {
  const emulator = await platform({ projects: ['one', 'demo-storefront'] });
  const [, project] = emulator.projects;
  emulator.addWorkerLog(project?.uuid ?? '', logged('info', 'the second'));
  const inputs = { 'project-uuid': '', 'project-name': 'demo-storefront' };
  const run = await readLogs({ emulator, inputs });
  expectEnd(run, 'complete', { entries: 1 });
  expect(run.summary).toContain(`demo-storefront (<code>${project?.uuid}</code>)`);
  const missing = await readLogs({ emulator, inputs: { ...inputs, 'project-name': 'other' } });
  expectEnd(missing, 'error');
  expect(failureOf(missing)).toMatchObject({
    title: 'Project not found',
    message: expect.stringContaining('give `project-uuid`'),
  });
});

test.each<['queryLogs' | 'logs', Record<string, string>]>([
  ['queryLogs', {}],
  ['logs', { mode: 'tail', 'duration-seconds': '1' }],
])('refused (%s): 403 and 404 name the scope, and no file is left', async (call, inputs) => {
  const emulator = await platform();
  for (const status of [403, 404]) {
    emulator.addFault({ call, effect: 'status', status });
    const workspace = workspaceWith();
    const run = await readLogs({ emulator, workspace, inputs: { ...inputs, file: 'worker.txt' } });
    expectEnd(run, 'error', { entries: 0, errors: 0, exceptions: 0 });
    expect(failureOf(run).message).toContain('store_infrastructure_logs_read_only');
    expect(run.outputs['file']).toBeUndefined();
    expect(fileLines({ ...run, outputs: { file: `${workspace}/worker.txt` } })).toBeUndefined();
  }
  expect(requestsTo(emulator, call)).toHaveLength(2);
});

test('a token with the one scope is enough', async () => {
  const token = 'a-token-for-logs-alone-1234567890';
  const emulator = await platform({ tokens: { [token]: ['store_infrastructure_logs_read_only'] } });
  add(emulator, logged('info', 'hello'));
  expectEnd(await readLogs({ emulator, inputs: { 'access-token': token } }), 'complete', { entries: 1 });
  expect(emulator.violations).toEqual([]);
});

test('a page that fails is asked for again', async () => {
  const emulator = await platform();
  add(emulator, logged('info', 'hello'));
  emulator.addFault({ call: 'queryLogs', effect: 'status', status: 503 });
  expectEnd(await readLogs({ emulator }), 'complete', { entries: 1 });
});

test('with more than `max-entries` the newest ones are read, and a warning says so', async () => {
  const emulator = await platform();
  for (let number = 1; number <= 12; number += 1) add(emulator, logged('info', `entry ${number}`));
  const run = await readLogs({ emulator, inputs: { 'max-entries': '5', format: 'short' } });
  expectEnd(run, 'truncated', { entries: 5 });
  expect(fileLines(run)).toEqual(['entry 8', 'entry 9', 'entry 10', 'entry 11', 'entry 12']);
  expect(warningsOf(run)).toContain('more than 5 entries (`max-entries`)');
  const exact = await readLogs({ emulator, inputs: { 'max-entries': '12', format: 'short' } });
  expectEnd(exact, 'complete', { entries: 12 });
});

test('another project’s log is another one', async () => {
  const emulator = await platform({ projects: ['one', 'two'] });
  add(emulator, logged('error', 'of the first'));
  const run = await readLogs({ emulator, inputs: { 'project-uuid': emulator.projects[1]?.uuid ?? '' } });
  expectEnd(run, 'complete', { entries: 0 });
  expect(uuidOf(emulator)).toBe(emulator.projects[0]?.uuid);
});

test('cancelled between two pages: the file has the newer ones', async () => {
  const emulator = await platform();
  for (let number = 1; number <= 600; number += 1) add(emulator, logged('info', `entry ${number}`));
  emulator.addFault({ call: 'queryLogs', effect: 'delay', delayMs: 0 });
  emulator.addFault({ call: 'queryLogs', effect: 'hang' });
  const started = startLogs({ emulator, inputs: { format: 'short' } });
  const run = await cancelAt(started, emulator.waitForRequest('queryLogs', { count: 2 }));
  expectEnd(run, 'cancelled', { entries: 500 });
  const lines = fileLines(run) ?? [];
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([500, 'entry 101', 'entry 600']);
  expect(failureOf(run).message).toContain('500 entries had been read');
});

test('bad inputs are named before anything is sent', async () => {
  const emulator = await platform();
  const run = await readLogs({ emulator, inputs: { since: 'yesterday', format: 'pretty', 'fail-on': 'warn' } });
  expectEnd(run, 'error');
  expect(failureOf(run).title).toBe('Invalid inputs');
  for (const name of ['since', 'format', 'fail-on']) expect(failureOf(run).message).toContain(`- ${name}: `);
  expect(emulator.requests).toEqual([]);
});
