import { expect, test } from '@jest/globals';
import { createRef } from '../../src/compose/batch-upload.ts';

const GIVEN = '0f8fad5b-d9cb-469f-a165-70867728950e';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a UUID that is made of another is the same each time, however that is written, and no other', () => {
  const next = createRef(GIVEN);
  expect(next).toMatch(UUID);
  expect(createRef(GIVEN.toUpperCase())).toBe(next);
  expect(new Set([GIVEN, next, createRef(next), createRef(createRef(next))]).size).toBe(4);
});

test('without another it is a fresh one', () => {
  expect(createRef()).toMatch(UUID);
  expect(createRef()).not.toBe(createRef());
});
