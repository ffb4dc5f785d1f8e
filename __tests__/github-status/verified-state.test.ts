/** What a post step is left of a verification: little, whatever the worker logged. */
import { expect, test } from '@jest/globals';
import { createBareVerifiedState, createVerifiedState, verifiedState } from '../../src/github-status/verified-state.ts';
import { HEALTHY } from '../report/verifications.ts';

const problems = Array.from({ length: 9 }, (_, index) => ({
  ...({ level: 'exception', name: 'N'.repeat(5000), message: 'x'.repeat(4000), count: index } as const),
  paths: ['/a', '/b'],
}));
const workerLogs = { state: 'partly', reason: 'y'.repeat(5000), problems, moreProblems: 1, othersCount: 7 } as const;

test('a few kinds of errors are kept, cut, and the others counted', () => {
  const state = createVerifiedState({ verification: { ...HEALTHY, workerLogs } });
  const read = verifiedState.parse(JSON.parse(JSON.stringify(state)));
  expect(read.verification?.workerLogs).toMatchObject({ state: 'partly', moreProblems: 7, othersCount: 7 });
  expect(read.verification?.workerLogs?.problems.map(({ count, paths }) => [count, paths])).toEqual([
    [0, ['/a']],
    [1, ['/a']],
    [2, ['/a']],
  ]);
  expect(JSON.stringify(state).length).toBeLessThan(3000);
  const bare = createBareVerifiedState(read);
  expect(bare.verification?.workerLogs).toMatchObject({ moreProblems: 9, problems: [{ count: 0 }] });
});

test('a state without any is read', () => {
  const state = createVerifiedState({ verification: HEALTHY });
  expect(verifiedState.parse(JSON.parse(JSON.stringify(state))).verification?.workerLogs).toBeUndefined();
});
