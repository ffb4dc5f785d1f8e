/** What the worker's log decides with `verify-logs: fail`, and whether something is rolled back for it. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { VerificationInputs } from '../../../src/inputs/verification.ts';
import type { DeployEvent } from '../../../src/report/deploy-record.ts';
import { errorLine, eventOf } from '../../domain/worker-logs/log-events.ts';
import { httpError } from '../../http-error.ts';
import { FakeLogs } from './fake-logs.ts';
import { type Story, tell } from './helpers.ts';

afterEach(() => void jest.restoreAllMocks());

/** For what never comes. */
const SHORT = { openMs: 100, graceMs: 70, longGraceMs: 200 };

/** What a build logs for a page: an error's message, or nothing. */
type Worker = (build: string, count: number) => string | undefined;

/** Pages that all answer 200. @param others requests of shoppers for each of its own, which all are fine */
async function told(
  worker: Worker,
  { others = 0, waits = {} as Story['waits'], wanted = {} as Partial<VerificationInputs> } = {},
) {
  // To deploy takes a minute.
  let shiftMs = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + shiftMs);
  const onEvent = ({ type }: DeployEvent) => {
    if (type === 'deployed') shiftMs += 60_000;
  };
  const logs = new FakeLogs();
  logs.opensAtOnce = true;
  const all: ReturnType<typeof eventOf>[] = [];
  const counts = new Map<string, number>();
  const storefront = (build: string) => {
    const count = (counts.get(build) ?? 0) + 1;
    counts.set(build, count);
    const message = worker(build, count);
    const own = eventOf('/', Date.now(), message === undefined ? [] : [errorLine(message)]);
    const events = [own, ...Array.from({ length: others }, () => eventOf('/', Date.now()))];
    all.push(...events);
    if (logs.options !== undefined) logs.send(...events);
    return 200;
  };
  logs.answer = ({ startMs, endMs, level }) =>
    all.filter(({ atMs = 0, lines }) => atMs >= startMs && atMs <= endMs && (level === undefined || lines.length > 0));
  return await tell({ storefront, onEvent, logs: () => logs, waits, verification: { logs: 'fail', ...wanted } });
}

const ROLLBACK = { onFailure: 'rollback' } as const;
const ofNew: Worker = (build) => (build === 'new' ? 'No price 1' : undefined);

describe('an error of the new build', () => {
  test('fails it, or has it rolled back', async () => {
    const failed = await told(ofNew);
    expect(failed.error).toMatchObject({ outcome: 'unhealthy' });
    expect(failed.run.warnings).toEqual([]);
    const { error, live } = await told(ofNew, { wanted: ROLLBACK });
    expect(error).toMatchObject({ outcome: 'rolled-back' });
    expect(live.get('p-1')).toBe('old');
  });

  test('that others may have had is a warning, and nothing is rolled back', async () => {
    const { error, run, live } = await told(ofNew, { others: 20, waits: SHORT, wanted: ROLLBACK });
    expect(error).toBeUndefined();
    expect(live.get('p-1')).toBe('new');
    expect(run.eventsOf('verified')).toMatchObject([{ verification: { state: 'healthy' } }]);
    expect(run.eventsOf('worker-logs-read')).toMatchObject([{ isBroken: false, workerLogs: { problems: [{}] } }]);
    expect(run.warnings).toEqual([expect.stringContaining('may be of somebody else')]);
  });
});

describe('an error that the former build logged, too', () => {
  test('is a failure, and no reason to go back', async () => {
    const { error, live } = await told(() => 'No price', { wanted: ROLLBACK });
    expect(error).toMatchObject({ outcome: 'unhealthy' });
    expect(error?.message).toContain('Nothing was rolled back, since it logged the same before this deployment.');
    expect(live.get('p-1')).toBe('new');
  });

  test('beside one that it did not: it is rolled back', async () => {
    const worker: Worker = (build, count) => (build === 'new' && count === 2 ? 'Something else' : 'No price');
    const { error } = await told(worker, { wanted: ROLLBACK });
    expect(error).toMatchObject({ outcome: 'rolled-back' });
  });
});

test('a log that has nothing of the requests decides nothing, and says so', async () => {
  const logs = new FakeLogs();
  logs.opensAtOnce = true;
  const { error, run } = await tell({ logs: () => logs, waits: SHORT, verification: { logs: 'fail' } });
  expect(error).toBeUndefined();
  expect(run.warnings).toEqual([expect.stringContaining('has no entries of these requests')]);
  expect((await told(() => undefined)).run.warnings).toEqual([]);
});

test('a log that cannot be read decides nothing, and says so', async () => {
  const logs = new FakeLogs();
  const fault = httpError(400, 'It was refused.', { fix: 'No.' });
  logs.send({ error: fault });
  logs.queryError = fault;
  const { error, run } = await tell({ logs: () => logs, waits: SHORT, verification: { logs: 'fail' } });
  expect(error).toBeUndefined();
  expect(run.warnings).toEqual([expect.stringContaining('`verify-logs: fail` decided nothing')]);
});
