import { expect, test } from '@jest/globals';
import type { EntryFile } from '../../src/actions/logs/dependencies.ts';
import { EntryCollector } from '../../src/actions/logs/entry-collector.ts';
import { foundProblems } from '../../src/actions/logs/verdict.ts';
import type { LogLine } from '../../src/domain/worker-logs/log-event.ts';
import { errorLine, eventOf } from '../domain/worker-logs/log-events.ts';

const ERROR = errorLine('Out of stock');
const EXCEPTION = errorLine('Not a function', { exception: 'TypeError' });
const CALM = errorLine('All is well', { level: 'info' });

const FILE: EntryFile = {
  shownPath: 'worker.log',
  append: () => {},
  startEarlier: () => {},
  finish: () => Promise.reject(new Error('unused')),
  discard: () => {},
};

function verdict(failOn: 'never' | 'exception' | 'error', ...lines: LogLine[]) {
  const redact = { event: <T>(event: T) => event, line: (line: string) => line };
  const options = { failOn, format: 'request', maxEntries: 1, file: FILE, redact } as const;
  const collector = new EntryCollector(options);
  for (const line of [CALM, ...lines]) collector.add(eventOf('/cart', 0, [line]));
  return foundProblems(collector, options, FILE);
}

test('`never` fails for nothing', () => {
  expect(verdict('never', ERROR, EXCEPTION)).toBeUndefined();
});

test('`exception` fails for exceptions alone, and names no other', () => {
  expect(verdict('exception', ERROR)).toBeUndefined();
  const failure = verdict('exception', ERROR, ERROR, EXCEPTION);
  expect(failure?.message).toContain('1 exception, in 4 entries (`fail-on: exception`)');
  expect(failure?.message).toContain('- TypeError: Not a function (on /cart)');
  expect(failure?.message).not.toContain('Out of stock');
});

test('`error` fails for both, what the file has no room for included', () => {
  expect(verdict('error')).toBeUndefined();
  expect(verdict('error', EXCEPTION)).toMatchObject({ outcome: 'failed', title: 'Exceptions in the worker’s log' });
  const failure = verdict('error', ERROR, EXCEPTION);
  expect(failure).toMatchObject({ outcome: 'failed', title: 'Errors in the worker’s log' });
  expect(failure?.message).toContain('1 error and 1 exception, in 3 entries (`fail-on: error`)');
  expect(failure?.message).toContain('- Out of stock (on /cart)');
});
