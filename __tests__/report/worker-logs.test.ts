/** What a user reads of a worker's log: annotations, summary, comment, the message of a failure. */
import { describe, expect, test } from '@jest/globals';
import { detailsOf, loggedWords, unhealthyError } from '../../src/actions/verification/verify-errors.ts';
import { countBroken, describeBroken, hasOnlyOldFaults } from '../../src/domain/verification/checks.ts';
import type { LogProblem } from '../../src/domain/worker-logs/log-event.ts';
import type { WorkerLogsRecord } from '../../src/domain/worker-logs/worker-logs-record.ts';
import { logWorkerLogs } from '../../src/report/log-worker-logs.ts';
import type { Verified } from '../../src/report/verification-record.ts';
import { verificationSection, withoutPages } from '../../src/report/verification-section.ts';
import { workerLogsSection } from '../../src/report/worker-logs-section.ts';
import { bad, GOOD, good, HEALTHY, verified } from './verifications.ts';

const problem = (message: string, more: Partial<LogProblem> = {}): LogProblem => ({
  ...{ level: 'error', message, count: 1, paths: ['/'] },
  ...more,
});
const logs = (more: Partial<WorkerLogsRecord> = {}): WorkerLogsRecord => ({
  ...{ state: 'read', problems: [], moreProblems: 0, othersCount: 0 },
  ...more,
});
const LIMITS = { problems: 9, textChars: 40 };
const KINDS = Array.from({ length: 9 }, (_, index) => problem('x'.repeat(index + 1)));

describe('annotations', () => {
  function annotated(workerLogs: WorkerLogsRecord, record: Verified = {}, isBroken = false, printed = 0) {
    const shown: string[] = [];
    const annotate = (level: string, message: string, title: string) =>
      void shown.push(`${level} ${title}: ${message}`);
    const notice = (message: string, title: string) => void shown.push(`notice ${title}: ${message}`);
    const event = { type: 'worker-logs-read', workerLogs, own: [], isBroken } as const;
    logWorkerLogs(event, record, { annotate, notice, roomFor: () => 10 - printed });
    return shown;
  }
  const thrown = logs({ problems: [problem('x is no function', { level: 'exception', name: 'TypeError', count: 3 })] });

  test('are warnings, or errors where the storefront is broken', () => {
    expect(annotated(thrown)).toEqual(['warning Worker log: exception: TypeError: x is no function (3 times; on /)']);
    expect(annotated(thrown, {}, true)[0]).toMatch(/^error Worker log: exception: /);
  });

  test('are warnings for what was brought back, and name the rehearsal', () => {
    expect(annotated(thrown, { restored: { ...GOOD, state: 'live' } }, true)[0]).toMatch(/^warning /);
    const rehearsal = { project: 'stage', state: 'running' } as const;
    expect(annotated(thrown, { rehearsal }, true)[0]).toMatch(/^error Worker log: exception in the rehearsal: /);
    expect(annotated(thrown, { rehearsal: { ...rehearsal, state: 'passed' } })[0]).not.toContain('rehearsal');
  });

  test('are nine at most, and leave one for the failure', () => {
    expect(annotated(logs({ problems: KINDS }), {}, true)).toHaveLength(9);
    expect(annotated(logs({ problems: KINDS }), {}, true, 4)).toHaveLength(5);
    expect(annotated(logs({ problems: KINDS }), {}, true, 10)).toEqual([]);
  });

  test('say once that the log was refused', () => {
    const refused = logs({ state: 'refused', reason: 'Add the scope.' });
    expect(annotated(refused)).toEqual(['notice Worker log not read: Add the scope.']);
    const rehearsal = { project: 'stage', state: 'passed', verification: { ...HEALTHY, workerLogs: refused } } as const;
    expect(annotated(refused, { rehearsal })).toEqual([]);
    expect(annotated(refused, { verification: { ...HEALTHY, workerLogs: refused } })).toEqual([]);
  });
});

describe('the section', () => {
  test.each([
    ['nothing of note', logs(), false, undefined],
    ['nothing, of a failure', logs(), true, 'The worker logged no error'],
    ['others’ errors', logs({ othersCount: 1200 }), false, 'no error of these requests, and 1,200 errors of others'],
    ['refused, and healthy', logs({ state: 'refused', reason: 'Why.' }), false, undefined],
    ['refused, of a failure', logs({ state: 'refused', reason: 'Why.' }), true, 'was not read. Why.'],
    ['partly, of a failure', logs({ state: 'partly', reason: 'Why.' }), true, 'was read in part only. Why.'],
  ])('of %s', (_, record, isBroken, words) => {
    const section = workerLogsSection(record, isBroken, { ...LIMITS, textChars: 400 });
    if (words === undefined) expect(section).toBeUndefined();
    else expect(section).toContain(words);
  });

  test('of errors is a table of plain text, cut and counted', () => {
    const problems = [problem(`<img src=x>|${'y'.repeat(90)}`, { count: 3, paths: ['/a|b', '/c'] }), ...KINDS];
    const section = workerLogsSection(logs({ problems, moreProblems: 2, othersCount: 1 }), false, {
      ...LIMITS,
      problems: 3,
    });
    expect(section).toContain('the worker logged 12 errors, and 2 more kinds of them, and 1 error of others’');
    expect(section).toContain('| --- | ---: | --- |');
    expect(section).not.toMatch(/<img|y{60}/);
    expect(section).toContain('<code>&#47;a&#124;b</code><br><code>&#47;c</code>');
    expect(section).toContain('and 9 more');
  });
});

describe('a failure', () => {
  const workerLogs = logs({ problems: [problem('Failed', { count: 3 }), problem('Else')] });
  const broken = { ...verified('unhealthy', [bad('/')]), workerLogs };
  const loggedOnly = { ...verified('unhealthy', [good('/')], { reason: 'Why.' }), workerLogs };

  test('of a page names what was logged most often, and the details have all', () => {
    const { message } = unhealthyError(broken);
    expect(message).toContain(
      '/ answers 500. Its worker logged 4 errors meanwhile, most often: Failed (3 times; on /).',
    );
    expect(detailsOf(broken, 'Also.')).toEqual([
      '/ answers 500.',
      'The worker logged: Failed (3 times; on /).',
      'The worker logged: Else (on /).',
      'Also.',
    ]);
  });

  test('has no more of a long message than an annotation has room for', () => {
    const long = { ...broken, workerLogs: logs({ problems: [problem('x'.repeat(5000))] }) };
    expect(unhealthyError(long).message).toMatch(/meanwhile: x{300}…\.$/);
  });

  test('of the log alone says so wherever a failure is named', () => {
    const words = 'its worker logged 4 errors while its pages were asked';
    expect(describeBroken(loggedOnly)).toBe(words);
    expect(countBroken(loggedOnly)).toBe(words);
    expect(unhealthyError(loggedOnly).message).toContain(`${words}. It logged most often: Failed (3 times; on /).`);
    expect(loggedWords({ ...loggedOnly, workerLogs: logs({ problems: [problem('Failed')] }) })).toBe(
      ' It logged: Failed (on /).',
    );
    expect(loggedWords(HEALTHY)).toBe('');
    expect(describeBroken(HEALTHY)).toBe('no page fails');
  });

  test('of the log alone is no old fault, and is rolled back', () => {
    expect(hasOnlyOldFaults(loggedOnly)).toBe(false);
    expect(hasOnlyOldFaults({ ...loggedOnly, workerLogs: { ...workerLogs, wasLoggedBefore: true } })).toBe(true);
    expect(hasOnlyOldFaults({ pages: [bad('/')], workerLogs: { ...workerLogs, wasLoggedBefore: true } })).toBe(false);
    expect(hasOnlyOldFaults({ pages: [bad('/', { hasFailedBefore: true }), good('/a')] })).toBe(true);
    expect(hasOnlyOldFaults({ pages: [bad('/', { hasFailedBefore: true }), bad('/a')] })).toBe(false);
  });

  test('is not told twice in a summary', () => {
    const view = { outcome: 'unhealthy', live: 'this', verification: broken } as const;
    const { message, details, title = '', fix } = unhealthyError(broken, 'It was not rolled back.');
    expect(withoutPages({ message, details, title, fix }, view)?.message).toBe('It was not rolled back.');
    const section = verificationSection(view, { pages: 9, textChars: 99 }) ?? '';
    expect(section.match(/Failed/g)).toHaveLength(1);
  });
});
