/** The outermost layer by itself: whatever happens inside, it ends by itself, once, and reports how. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { ActionError } from '../src/errors.ts';
import { run } from '../src/main.ts';
import type { Running } from '../src/run-context.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP', 'uncaughtException', 'unhandledRejection'] as const;
let exitCode: typeof process.exitCode;

beforeEach(() => {
  exitCode = process.exitCode;
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  // Pending timers of the last resort go with the fake clock, before they could end the test's own process.
  jest.useFakeTimers({ advanceTimers: true });
});

afterEach(() => {
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  jest.useRealTimers();
  jest.restoreAllMocks();
  process.exitCode = exitCode;
});

async function runWith(overrides: Partial<Running>): Promise<{ ends: (ActionError | undefined)[]; exitCode: unknown }> {
  const ends: (ActionError | undefined)[] = [];
  const finish = async (error: ActionError | undefined) => void ends.push(error);
  await run(async () => ({ work: async () => {}, finish, close: async () => {}, ...overrides }));
  return { ends, exitCode: process.exitCode };
}

test('success is reported once, and only then is the exit code 0', async () => {
  expect(await runWith({})).toEqual({ ends: [undefined], exitCode: 0 });
});

test('work that ignores signals is abandoned, and the end is reported all the same', async () => {
  const work = () => {
    setTimeout(() => process.emit('SIGINT'), 10);
    return new Promise<void>(() => {});
  };
  const startMs = performance.now();
  const { ends, exitCode: code } = await runWith({ work });
  expect(ends).toMatchObject([{ outcome: 'cancelled' }]);
  expect(code).toBe(1);
  expect(performance.now() - startMs).toBeLessThan(4000);
});

test.each(['uncaughtException', 'unhandledRejection'] as const)(
  'an %s ends the run like any other failure',
  async (event) => {
    const work = () => {
      setTimeout(() => (process.emit as (name: string, error: Error) => boolean)(event, new Error('from a timer')), 10);
      return new Promise<void>(() => {});
    };
    const { ends, exitCode: code } = await runWith({ work });
    expect(ends).toMatchObject([{ outcome: 'error', message: expect.stringContaining('from a timer') }]);
    expect(code).toBe(1);
  },
);

test('a report that throws does not turn a failure green, and a close that throws not a success red', async () => {
  const work = async () => {
    throw new Error('broken');
  };
  const finish = async () => {
    throw new Error('disk full');
  };
  expect(await runWith({ work, finish })).toMatchObject({ exitCode: 1 });
  const close = async () => {
    throw new Error('already closed');
  };
  expect(await runWith({ close })).toEqual({ ends: [undefined], exitCode: 0 });
});

test.each([
  ['once its output is passed on', (write: jest.Mock) => write.mock.lastCall?.at(-1) as () => void],
  ['in the end, though nobody reads its output', () => () => jest.advanceTimersByTime(2000)],
])('a process that something keeps alive ends %s', async (_, ending) => {
  const exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  await runWith({});
  jest.advanceTimersByTime(3000);
  expect(exit).not.toHaveBeenCalled();
  ending(process.stdout.write as unknown as jest.Mock)();
  expect(exit).toHaveBeenCalledTimes(1);
});
