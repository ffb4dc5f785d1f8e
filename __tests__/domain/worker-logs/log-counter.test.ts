import { expect, test } from '@jest/globals';
import { LogCounter } from '../../../src/domain/worker-logs/log-counter.ts';
import { errorLine, eventOf } from './log-events.ts';

const word = (number: number) => String.fromCodePoint(97 + (number % 26), 97 + Math.floor(number / 26)).repeat(2);
const kinds = (count: number) => Array.from({ length: count }, (_, number) => errorLine(word(number)));
const thrown = (message: string) => errorLine(message, { exception: 'TypeError' });

test('a request that logged nothing is an entry, and an exception is no error', () => {
  const counter = new LogCounter();
  counter.add(eventOf('/', 0, []));
  counter.add(eventOf('/', 0, [errorLine('a', { level: 'warn' }), errorLine('b'), thrown('c')]));
  expect(counter.counts).toEqual({ entries: 4, errors: 1, exceptions: 1 });
});

test('an exception is kept though more kinds of errors came before it than are kept', () => {
  const counter = new LogCounter();
  for (const times of [1, 2]) counter.add(eventOf('/', times, kinds(300)));
  counter.add(eventOf('/boom', 3, [thrown('x')]));
  const exception = { level: 'exception', name: 'TypeError', message: 'x', count: 1, paths: ['/boom'] };
  expect(counter.exceptions(5)).toEqual({ problems: [exception], moreProblems: 0 });
  expect(counter.problems(5, true).problems[0]).toEqual(exception);
  const { problems, moreProblems } = counter.problems(5);
  expect(problems.map(({ count }) => count)).toEqual([2, 2, 2, 2, 2]);
  // Of the 200 kinds of errors that are kept, of the exception, and of all that are not told apart.
  expect(moreProblems).toBe(195 + 1 + 1);
});
