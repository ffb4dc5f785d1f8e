import { expect, test } from '@jest/globals';
import { checkRecord, isRepeatable } from '../../src/domain/batch/record.ts';

const REF = '3F2504E0-4f89-11d3-9a0c-0305e82c3301';
const SOUND = { ref: REF, schema: 'guest', mode: 'upsert', value: { email: 'jane@doe.example' } };

const NO_MODE = '`mode` is not insert, create, upsert, merge, delete or gdpr_delete';

test.each([
  ['insert', 'order'],
  ['create', 'guest'],
  ['upsert', 'guest'],
  ['merge', 'guest'],
  ['delete', 'guest'],
  ['gdpr_delete', 'guest'],
  ['guest', 'migration'],
])('%s of a %s is a mode of the service', (mode, schema) => {
  expect(checkRecord({ ...SOUND, schema, mode })).toEqual({ ref: REF, schema, mode });
  expect(isRepeatable(mode)).toBe(mode === 'upsert');
});

test('a record with all four fields is sound, whatever else it has', () => {
  expect(checkRecord(SOUND)).toEqual({ ref: REF, schema: 'guest', mode: 'upsert' });
  const other = { ...SOUND, schema: 'My_own.schema-2', value: {}, more: 1 };
  expect(checkRecord(other)).toEqual({ ref: REF, schema: 'My_own.schema-2', mode: 'upsert' });
});

test.each<[name: string, record: unknown, problem: string]>([
  ['no ref', { ...SOUND, ref: undefined }, 'In this record, `ref` is missing.'],
  ['a ref that is a name', { ...SOUND, ref: 'Jane Doe' }, 'In this record, `ref` is not a UUID.'],
  ['a ref with something behind it', { ...SOUND, ref: `${REF}\n` }, 'In this record, `ref` is not a UUID.'],
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
  ['another mode', { ...SOUND, mode: 'UPSERT' }, `Record ${REF}: ${NO_MODE}.`],
  [
    'a mode of migration for another schema',
    { ...SOUND, mode: 'guest' },
    `Record ${REF}: \`mode\` is not of this schema ("guest" goes with \`schema\` "migration").`,
  ],
  ['a mode that objects have', { ...SOUND, mode: 'constructor' }, `Record ${REF}: ${NO_MODE}.`],
  ['a value that is null', { ...SOUND, value: null }, `Record ${REF}: \`value\` is not an object.`],
  ['a value that is a list', { ...SOUND, value: [{}] }, `Record ${REF}: \`value\` is not an object.`],
  [
    'nothing right',
    { Jane: 'Doe', ref: 7, mode: false },
    `In this record, \`ref\` is not a UUID, \`schema\` is missing, ${NO_MODE} and \`value\` is missing.`,
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
  expect(problem).toMatch(new RegExp(`^This is ${kind}, not a record\\. `));
  expect(problem).not.toContain('Jane');
});
