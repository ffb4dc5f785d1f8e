/** Errors and exceptions of workers: which are of the same kind. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogLine } from '../../../src/domain/worker-logs/log-event.ts';
import {
  countProblems,
  describeProblem,
  ProblemGroups,
  problemText,
} from '../../../src/domain/worker-logs/problems.ts';
import { problemsWords } from '../../../src/domain/worker-logs/worker-logs-record.ts';
import { errorLine, eventOf } from './log-events.ts';

function grouped(lines: readonly LogLine[], url = '/cart') {
  const groups = new ProblemGroups();
  groups.add(eventOf(url, 0, lines));
  return groups;
}

const kindsOf = (messages: readonly string[]) =>
  grouped(messages.map((one) => errorLine(one))).list(99).problems.length;

describe('errors are of the same kind', () => {
  test.each([
    ['Product 123 not found', 'Product 77 not found'],
    ['Cart 3f2a9c1e-0b7d-4d4e-9b1a-0123456789ab gone', 'Cart 11111111-2222-4333-8444-555555555555 gone'],
    ['Digest deadbeef', 'Digest abcdefab'],
    ['Key sk_a1b2 refused', 'Key sk_z9y8 refused'],
    ['Slow: 12.5ms', 'Slow: 3ms'.replace('3ms', '3.25ms')],
    ['First\nat line 1', 'First\nat line 2 of another stack'],
    ['\u001b[31m⨯ Failed\u001b[0m', '⨯ Failed'],
    ['\n\n  Failed  ', 'Failed'],
  ])('%j, %j', (one, other) => {
    expect(kindsOf([one, other])).toBe(1);
  });

  test.each([
    ['Product not found', 'Cart not found'],
    ['Product not found', 'Product not found!'],
  ])('and not: %j, %j', (one, other) => {
    expect(kindsOf([one, other])).toBe(2);
  });

  test('an exception is of another kind than an error, or than one of another name', () => {
    const lines = [undefined, 'Error', 'TypeError'].map((exception) => errorLine('Failed', { exception }));
    expect(
      grouped(lines)
        .list(9)
        .problems.map(({ level, name }) => [level, name]),
    ).toEqual([
      ['exception', 'Error'],
      ['exception', 'TypeError'],
      ['error', undefined],
    ]);
  });
});

test('all kinds of others are among these, or not', () => {
  const [many, few, other] = [['Failed 1', 'Else'], ['Failed 2'], ['Failed 3', 'New']].map((all) =>
    grouped(all.map((one) => errorLine(one))),
  ) as [ProblemGroups, ProblemGroups, ProblemGroups];
  expect([many.hasAllOf(few), many.hasAllOf(other), few.hasAllOf(many)]).toEqual([true, false, false]);
});

test('a message that is cut says so, whether a line or a whole is too long', () => {
  const long = 'x'.repeat(3999);
  for (const messages of [
    [`${long} its end`, 'more'],
    ['short', long],
  ]) {
    const [problem] = grouped([errorLine('', { messages })]).list(1).problems;
    expect(problem?.message).toMatch(/^.{4000}…$/);
  }
});

test('what is no error is no problem', () => {
  const lines = (['debug', 'info', 'warn'] as const).map((level) => errorLine('x', { level }));
  expect(grouped(lines).list(9)).toEqual({ problems: [], moreProblems: 0 });
});

test('the most frequent ones come first, the rest are counted, and a few pages are named', () => {
  const groups = new ProblemGroups();
  for (const [message, times] of [
    ['a', 1],
    ['b', 3],
    ['c', 2],
  ] as const)
    for (let time = 0; time < times; time += 1)
      groups.add(eventOf(`https://shop.example/${time}?x=1`, 0, [errorLine(message)]));
  const { problems, moreProblems } = groups.list(2);
  expect(problems).toEqual([
    { level: 'error', name: undefined, message: 'b', count: 3, paths: ['/0?x=1', '/1?x=1', '/2?x=1'] },
    { level: 'error', name: undefined, message: 'c', count: 2, paths: ['/0?x=1', '/1?x=1'] },
  ]);
  expect(moreProblems).toBe(1);
});

test('the same logs read twice count once, and what one of the two lacks is added', () => {
  const tail = grouped([errorLine('a 1'), errorLine('a 2')]);
  tail.mergeSame(grouped([errorLine('a 3'), errorLine('b'), errorLine('b'), errorLine('b')], '/other'));
  expect(tail.list(9).problems.map(({ message, count, paths }) => [message, count, paths])).toEqual([
    ['b', 3, ['/other']],
    ['a 1', 2, ['/cart', '/other']],
  ]);
});

test('so are kinds that were too many to be told apart', () => {
  const kinds = Array.from({ length: 300 }, (_, index) => errorLine(String.fromCodePoint(0x4e00 + index)));
  const few = grouped(kinds.slice(0, 200));
  expect(few.list(200)).toMatchObject({ moreProblems: 0 });
  few.mergeSame(grouped(kinds));
  expect(few.list(200)).toMatchObject({ moreProblems: 1 });
});

test('any number of kinds stays within bounds, and no entry makes it fail', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), fc.array(text, { maxLength: 5 }), (messages, args) => {
      const lines = [...messages.map((one) => errorLine(one)), errorLine('', { messages: args })];
      const { problems, moreProblems } = grouped(lines, messages[0]).list(9);
      expect(problems.length).toBeLessThanOrEqual(9);
      const counted = problems.reduce((sum, { count }) => sum + count, 0);
      if (moreProblems === 0) expect(counted).toBe(lines.length);
      for (const { message } of problems) expect(message).not.toMatch(/[\r\n]/);
    }),
  );
  const words = Array.from({ length: 5000 }, (_, index) => String.fromCodePoint(0x4e00 + index));
  expect(grouped(words.map((word) => errorLine(word))).list(9)).toMatchObject({ moreProblems: 192 });
});

test('their words', () => {
  const one = { level: 'error', message: 'Failed', count: 1, paths: [] } as const;
  const thrown = { level: 'exception', name: 'TypeError', message: 'x', count: 1200, paths: ['/', '/a'] } as const;
  expect(describeProblem(one)).toBe('Failed');
  expect(describeProblem({ ...one, paths: ['/'] })).toBe('Failed (on /)');
  expect(describeProblem(thrown)).toBe('TypeError: x (1200 times; on /, /a)');
  expect(problemText({ name: 'Error', message: 'Error: x' })).toBe('Error: x');
  expect(problemText({ name: 'Error', message: '' })).toBe('Error');
  expect(countProblems([])).toBe('no error');
  expect(countProblems([one, thrown, one])).toBe('2 errors and 1,200 exceptions');
  const record = { state: 'read', othersCount: 0 } as const;
  expect(problemsWords({ ...record, problems: [one], moreProblems: 0 })).toBe('1 error');
  expect(problemsWords({ ...record, problems: [one], moreProblems: 1 })).toBe('1 error, and 1 more kind of them');
});
