/** A failure of many problems: those that are shown are counted against all there are, though only some are listed. */
import { expect, test } from '@jest/globals';
import { fitFailure, limitFailure } from '../../src/report/limit-failure.ts';

const FAILURE = { title: 'T', message: 'm', fix: undefined, details: ['one', 'two', 'three'], detailCount: 1000 };
const ROOM = { messageBytes: 100, detailBytes: 100, detailsBytes: 1000, details: 2 };

test('what is not shown is counted, also of problems that the failure itself does not list', () => {
  const limited = limitFailure(FAILURE, { messageChars: 100, detailChars: 100, details: 2 });
  expect(limited?.details).toEqual(['one', 'two', 'and 998 more: see the job log']);
  expect(fitFailure(FAILURE, ROOM)?.details).toEqual(limited?.details);
});

test('all of them, where they have room', () => {
  expect(fitFailure({ ...FAILURE, detailCount: 3 }, { ...ROOM, details: 3 })?.details).toEqual(FAILURE.details);
});
