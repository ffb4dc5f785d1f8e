/** The annotation of a failure: what it says, and in which order. */
import { expect, test } from '@jest/globals';
import type { JobLog } from '../../src/report/job-log.ts';
import { logFailure } from '../../src/report/log-run.ts';
import { FAILURE, RUN } from './run-records.ts';

function annotationOf(changes: Partial<typeof FAILURE> & { isRequest?: boolean; effect?: string }): string[] {
  let lines: string[] = [];
  const error: JobLog['error'] = (message, _title, ending) => {
    lines = `${message}\n${ending}`.split('\n');
  };
  logFailure({ ...FAILURE, ...changes }, { ...RUN, phases: [] }, { error } as JobLog);
  return lines.slice(0, 3);
}

test('what changed comes first, then what to do; a mere request comes after it', () => {
  const effect = 'Nothing has changed.';
  const advice = `What to do: ${FAILURE.fix}`;
  expect(annotationOf({ effect })).toEqual([effect, FAILURE.message, advice]);
  expect(annotationOf({ effect, isRequest: true })).toEqual([effect, advice, FAILURE.message]);
});

test('no annotation begins with an empty line, where it is not known what changed', () => {
  const [first, second] = annotationOf({ isRequest: true });
  expect([first, second]).toEqual([`What to do: ${FAILURE.fix}`, FAILURE.message]);
});
