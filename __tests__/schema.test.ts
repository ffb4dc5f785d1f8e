import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { mapped, orMissing, orUndefined } from '../src/schema.ts';

describe('optional fields', () => {
  const odd = [7, {}, [], true];

  test.each([
    ['as described', 'text', 'text'],
    ['missing', undefined, undefined],
    ['null', null, null],
    ...odd.map((value) => [`odd: ${JSON.stringify(value)}`, value, undefined] as const),
  ])('%s, where an API may give null', (_, value, found) => {
    expect(orMissing(z.string()).parse(value)).toBe(found);
  });

  test.each([
    ['as described', 'text', 'text'],
    ['missing', undefined, undefined],
    ['null', null, undefined],
    ...odd.map((value) => [`odd: ${JSON.stringify(value)}`, value, undefined] as const),
  ])('%s, where null is odd, too', (_, value, found) => {
    expect(orUndefined(z.string()).parse(value)).toBe(found);
  });
});

test('only a valid value is mapped', () => {
  const length = mapped(z.string(), (text) => text.length);
  expect(length.parse('four')).toBe(4);
  expect(length.safeParse(4).success).toBe(false);
});

test('problems of a value are described in English', () => {
  const { error } = z.object({ id: z.int() }).safeParse({ id: 'seven' });
  expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
    'id: Invalid input: expected number, received string',
  ]);
});
