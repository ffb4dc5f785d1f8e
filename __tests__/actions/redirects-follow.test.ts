import { expect, test } from '@jest/globals';
import { stateText } from '../../src/actions/redirects/follow-job.ts';

const JOB = { jobId: 'one', status: 'working', completed: 0, failed: 0, total: 0, refused: [] };

test('refused rows are among those that a job is done with, and nobody takes them for carried out', () => {
  expect(stateText({ ...JOB, completed: 4, failed: 1, total: 5 })).toBe('working, 5 of 5 rows, 1 of them refused');
  expect(stateText({ ...JOB, completed: 3, total: 5 })).toBe('working, 3 of 5 rows');
  expect(stateText({ ...JOB, status: 'new' })).toBe('new');
});
