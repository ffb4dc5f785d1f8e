/** Outputs of `preview-cleanup` while it runs. */
import { expect, jest, test } from '@jest/globals';
import { createCleanupReport } from '../../src/report/cleanup-report.ts';
import { createRun } from '../../src/report/create-run.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { captureReport } from './captured-report.ts';

const captured = captureReport();

function begin(previews: number) {
  const redactor = createRedactor();
  const searched = (['redact', 'redactPublic'] as const).map((method) => jest.spyOn(redactor, method));
  const options = { log: createJobLog(), redactor, correlationId: 'the-id' };
  const run = createRun(
    createCleanupReport(() => 'https://github.com/acme/shop/pull/7'),
    options,
  );
  const update = (index: number, fate: 'waiting' | 'gone') =>
    run.emit({
      ...{ type: 'preview-updated', project: `shop-pr-${index}`, uuid: `uuid-${index}`, pullRequest: index },
      ...{ fate, why: 'it is closed' },
    });
  for (let index = 1; index <= previews; index += 1) update(index, 'waiting');
  return { run, update, searches: () => searched.reduce((all, { mock }) => all + mock.calls.length, 0) };
}

test('the first deletions are written at once, and all of them at the end, as the list has them', () => {
  const { run, update } = begin(3);
  update(2, 'gone');
  expect(captured.outputs()).toEqual({ deleted: '["shop-pr-2"]', 'deleted-count': '1' });
  update(1, 'gone');
  expect(captured.outputs()['deleted-count']).toBe('2');
  run.end(undefined);
  const { result = '', ...outputs } = captured.outputs();
  expect(JSON.parse(result)).toMatchObject({ outcome: 'deleted', deleted_count: 2, previews_count: 3 });
  expect(outputs).toEqual({
    outcome: 'deleted',
    deleted: '["shop-pr-1","shop-pr-2"]',
    'deleted-count': '2',
  });
});

test('not all previews are searched for secrets with each list', () => {
  const previews = 500;
  const { update, searches } = begin(previews);
  for (let index = 1; index <= previews; index += 1) update(index, 'gone');
  expect(searches()).toBeLessThan(20 * previews);
});
