import { expect, test } from '@jest/globals';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { stateText } from '../../src/report/redirects-words.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeRow } from './redirects-helpers.ts';
import { createStore } from './redirects-store.ts';

const JOB = { status: 'working', completed: 0, failed: 0, total: 0 };

test('rejected rows are among those that a job is done with, and do not pass for carried out', () => {
  expect(stateText({ ...JOB, completed: 4, failed: 1, total: 5 })).toBe('working, 5 of 5 rows, 1 of them rejected');
  expect(stateText({ ...JOB, completed: 3, total: 5 })).toBe('working, 3 of 5 rows');
  expect(stateText({ ...JOB, status: 'new' })).toBe('new');
});

test.each([
  [true, '- /old → /gone'],
  [false, '  /old → /gone (stays)'],
])('with `delete` %s, a redirect that the file has not is shown as "%s"', async (isDelete, line) => {
  const store = createStore({});
  store.put(7, { fromPath: '/old', target: { kind: 'manual', url: '/gone' } });
  const { dependencies, report } = createWorld({ client: store.client, rows: [makeRow('/a', '/b', 2)] });
  const task = { command: 'plan', siteId: 7, delete: isDelete, maxDeletes: 100 } as const;
  expect(await endOf(planSite({ file: FILE, timeoutMs: 60_000, task }, dependencies))).toBeUndefined();
  expect(report.lines.slice(-2)).toEqual(['+ /a → /b', line]);
});
