import { expect, test } from '@jest/globals';
import { checkRecord } from '../../src/domain/batch/record.ts';

const REF = '3F2504E0-4f89-11d3-9a0c-0305e82c3301';
const SOUND = { ref: REF, schema: 'guest', mode: 'upsert', value: { email: 'jane@doe.example' } };

test('a record with all four fields is sound, whatever else it has', () => {
  expect(checkRecord(SOUND)).toEqual({ ref: REF });
  expect(checkRecord({ ...SOUND, schema: 'My_own.schema-2', value: {}, more: 1 })).toEqual({ ref: REF });
});

test.each<[name: string, record: unknown, problem: string]>([
  ['no ref', { ...SOUND, ref: undefined }, 'Of this record, `ref` is missing.'],
  ['a ref that is a name', { ...SOUND, ref: 'Jane Doe' }, 'Of this record, `ref` is not a UUID.'],
  ['a ref with something behind it', { ...SOUND, ref: `${REF}\n` }, 'Of this record, `ref` is not a UUID.'],
  [
    'a schema with a space',
    { ...SOUND, schema: 'Jane D' },
    `Record ${REF}: \`schema\` is not a word of at most 64 characters.`,
  ],
  [
    'a schema of 65',
    { ...SOUND, schema: 'a'.repeat(65) },
    `Record ${REF}: \`schema\` is not a word of at most 64 characters.`,
  ],
  ['another mode', { ...SOUND, mode: 'UPSERT' }, `Record ${REF}: \`mode\` is not "upsert".`],
  ['a value that is null', { ...SOUND, value: null }, `Record ${REF}: \`value\` is not an object.`],
  ['a value that is a list', { ...SOUND, value: [{}] }, `Record ${REF}: \`value\` is not an object.`],
  [
    'nothing right',
    { Jane: 'Doe', ref: 7, mode: false },
    'Of this record, `ref` is not a UUID, `schema` is missing, `mode` is not "upsert" and `value` is missing.',
  ],
])('all that is wrong is one sentence, which names fields and no values: %s', (_, record, problem) => {
  expect(checkRecord(record)).toEqual({ problem });
});

test.each([
  [null, 'null'],
  [['Jane'], 'an array'],
  ['Jane', 'a string'],
  [5, 'a number'],
  [true, 'a boolean'],
])('what is no object is no record: %j', (value, kind) => {
  const { problem } = checkRecord(value) as { problem: string };
  expect(problem).toMatch(new RegExp(`^This is ${kind}, and not a record\\. `));
  expect(problem).not.toContain('Jane');
});
