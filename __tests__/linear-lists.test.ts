/** Lists of others, as long as they may be: what is done with them takes time in proportion to their length. */
import { expect, test } from '@jest/globals';
import { createHostingClient } from '../src/bigcommerce/client.ts';
import { applyEvent, type DeploymentEvent, INITIAL_STATE } from '../src/domain/deployment.ts';
import { JobProgress } from '../src/domain/redirects/job.ts';
import type { PreviewRecord } from '../src/report/cleanup-record.ts';
import { createCleanupReport } from '../src/report/cleanup-report.ts';
import { createRun } from '../src/report/create-run.ts';
import { createJobLog } from '../src/report/job-log.ts';
import { createRedactor } from '../src/report/redactor.ts';
import { serve } from './bigcommerce/small-server.ts';
import { expectLinear } from './growth.ts';
import { captureReport } from './report/captured-report.ts';

const captured = captureReport();

test('projects', async () => {
  const server = await serve((request, response) => {
    const size = Number(new URL(request.url ?? '', 'http://x').searchParams.get('name:like'));
    const data = Array.from({ length: size }, (_, index) => ({ uuid: `uuid-${index}`, name: 'p' }));
    response.end(JSON.stringify({ data: [...data, ...data.slice(0, 9)], meta: {} }));
  });
  const signal = new AbortController().signal;
  const hosting = createHostingClient({ ...server, signal, maskSecret: () => {}, onRetry: () => {} });
  expect(await hosting.listProjects('100')).toHaveLength(100);
  await expectLinear(7500, (size) => hosting.listProjects(String(size)));
});

test('unknown steps, and no more of them are shown than anybody could read', async () => {
  const event = (index: number): DeploymentEvent => ({
    deploymentUuid: undefined,
    status: 'in_progress',
    step: `step-${index}`,
    progress: undefined,
    errorCode: undefined,
    hosts: [],
  });
  const follow = (size: number) => {
    let state = INITIAL_STATE;
    let news = 0;
    for (let index = 0; index < size; index += 1) {
      const next = applyEvent(state, event(index));
      state = next.state;
      if (next.isNews) news += 1;
    }
    return news;
  };
  expect(follow(50)).toBe(50);
  expect(follow(20_000)).toBeLessThan(1000);
  await expectLinear(2500, follow);
});

test('rejected rows of a job of redirects, one with each event', async () => {
  const state = (row: number) => ({
    jobId: 'job',
    status: 'working',
    completed: 0,
    failed: 0,
    total: 0,
    rejected: [{ row, message: 'is wrong' }],
  });
  const follow = (size: number) => {
    const progress = new JobProgress(state(1));
    for (let row = 1; row <= size; row += 1) progress.add(state(row));
    return progress.state;
  };
  expect(follow(5)).toMatchObject({ failed: 5, rejected: { length: 5 } });
  await expectLinear(6250, follow);
});

/** A run of `preview-cleanup`, and the previews that its sinks get to see at its end. */
function cleanupRun() {
  const report = createCleanupReport((number) => `https://github.com/acme/storefront/pull/${number}`);
  const run = createRun(report, { log: createJobLog(), redactor: createRedactor(), correlationId: 'c' });
  let previews: readonly PreviewRecord[] = [];
  run.attach({
    failing: 'The previews could not be collected',
    receive: (occurrence) => {
      if (occurrence.type === 'ended') previews = occurrence.record.previews;
    },
  });
  return { run, latest: () => previews };
}

test('previews that are deleted', async () => {
  let runs = 0;
  const clean = (size: number) => {
    runs += 1;
    const { run, latest } = cleanupRun();
    for (const fate of ['waiting', 'gone'] as const) {
      for (let number = 0; number < size; number += 1) {
        const preview = { project: `shop-pr-${number}`, uuid: `${runs}-${number}`, pullRequest: number, fate, why: '' };
        run.emit({ type: 'preview-updated', ...preview });
      }
    }
    run.end(undefined);
    return latest();
  };
  const previews = clean(300);
  expect(previews).toHaveLength(300);
  expect(new Set(previews.map(({ fate }) => fate))).toEqual(new Set(['gone']));
  expect(JSON.parse(captured.outputs()['deleted'] ?? '')).toHaveLength(300);
  expect(captured.outputs()['deleted-count']).toBe('300');
  await expectLinear(500, clean);
});

test('each of the first previews that are deleted is an output at once', () => {
  const { run } = cleanupRun();
  for (const number of [1, 2, 3]) {
    run.emit({
      ...{ type: 'preview-updated', fate: 'gone', why: '' },
      ...{ project: `p-${number}`, uuid: `${number}`, pullRequest: number },
    });
    expect(captured.outputs()['deleted-count']).toBe(String(number));
  }
});
