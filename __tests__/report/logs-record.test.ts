import { expect, test } from '@jest/globals';
import { ActionError } from '../../src/errors.ts';
import { foldLogsEvent, type LogsRecord, logsOutcomeOf } from '../../src/report/logs-record.ts';

const record = (more: Partial<LogsRecord> = {}): LogsRecord =>
  ({ isCut: false, connections: { opened: 0, broken: 0 }, project: {}, ...more }) as LogsRecord;

test('connections are counted, and of those that closed the ones that may have cost entries', () => {
  const folded = record();
  const closed = { type: 'tail-closed', isFault: false, reason: 'the hour is over' } as const;
  foldLogsEvent(folded, { type: 'tail-opened' });
  foldLogsEvent(folded, { ...closed, isGap: false });
  foldLogsEvent(folded, { type: 'tail-opened' });
  expect(folded.connections).toEqual({ opened: 2, broken: 0 });
  expect(logsOutcomeOf(folded, undefined)).toBe('complete');
  foldLogsEvent(folded, { ...closed, isGap: true });
  expect(folded.connections).toEqual({ opened: 2, broken: 1 });
  expect(logsOutcomeOf(folded, undefined)).toBe('truncated');
});

test('what is known of the project and the file is kept', () => {
  const folded = record();
  foldLogsEvent(folded, { type: 'project-found', uuid: 'p-1' });
  expect(folded.project).toStrictEqual({ uuid: 'p-1' });
  foldLogsEvent(folded, { type: 'project-found', uuid: 'p-1', name: 'shop' });
  expect(folded.project).toStrictEqual({ uuid: 'p-1', name: 'shop' });
  foldLogsEvent(folded, { type: 'file-written', path: '/w/log.jsonl', shownPath: 'log.jsonl', sizeBytes: 3 });
  expect(folded.file).toStrictEqual({ path: '/w/log.jsonl', shownPath: 'log.jsonl', sizeBytes: 3 });
});

test.each([
  ['cancelled', 'cancelled'],
  ['failed', 'failed'],
  ['unknown', 'error'],
] as const)('an error with the outcome %s ends the run as %s', (outcome, expected) => {
  expect(logsOutcomeOf(record(), new ActionError('It went wrong.', { outcome }))).toBe(expected);
});

test('what was skipped, and what was cut, is said', () => {
  expect(logsOutcomeOf(record({ skipped: {} as never }), undefined)).toBe('skipped');
  expect(logsOutcomeOf(record({ isCut: true }), undefined)).toBe('truncated');
});
