/** What `npm run load` may be asked for. */
import { expect, test } from '@jest/globals';
import { parseLoadArguments } from '../../../scripts/load/arguments.ts';

test('all parts, in full, with seed 1, unless told otherwise', () => {
  const parts = ['deployments', 'events', 'history'];
  expect(parseLoadArguments([])).toEqual({ parts, isShort: false, save: false, seed: 1 });
  expect(parseLoadArguments(['history', 'deployments', '--short', '--seed', '7'])).toEqual({
    parts: ['deployments', 'history'],
    isShort: true,
    save: false,
    seed: 7,
  });
});

test.each([
  [['packaging'], 'There is no part "packaging". Parts are deployments, events, history.'],
  [['--short', '--save'], '--save takes the figures of the whole load'],
  [['--seed', 'x'], '--seed takes a whole number of up to 9 digits; it is "x".'],
  [['--seed', '1234567890'], '--seed takes a whole number'],
  [['--quick'], "Unknown option '--quick'"],
])('%j is refused', (args, message) => {
  expect(() => parseLoadArguments(args)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(message) }),
  );
});
