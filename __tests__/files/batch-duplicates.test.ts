import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DuplicateRefs, LazyTable } from '../../src/files/batch/duplicate-refs.ts';
import { createFolder, createRecord, linesOf, packContent, removeFolders } from './batch-helpers.ts';

afterEach(removeFolders);

const { signal } = new AbortController();

test('records that have the ref of an earlier one are reported, capitals or not, with the line of the first', async () => {
  const [one, two] = [createRecord(), createRecord()];
  const text = linesOf([one, two, { ...one, ref: one.ref.toUpperCase() }, one]);
  const packed = await packContent(`\n${text}`);
  expect(packed).toMatchObject({ records: 4, duplicateCount: 2, problemCount: 0 });
  expect(packed.duplicates).toEqual([
    { line: 4, message: `ref ${one.ref} is already used in line 2.` },
    { line: 5, message: `ref ${one.ref} is already used in line 2.` },
  ]);
});

test('a guest that an earlier line has is reported, without what it is known by, once', async () => {
  const of = (value: object, more: object = {}) => ({ ...createRecord(undefined, value), ...more });
  const jane = { email: 'Jane@Doe.example', identifiers: [{ provider: 'SHOP', id: '7' }] };
  const records = [
    of(jane),
    of({ email: ' jane@doe.EXAMPLE ' }),
    of({
      identifiers: [
        { provider: 'CRM', id: '1' },
        { provider: 'SHOP', id: 7 },
      ],
    }),
    of({ email: 'other@doe.example', identifiers: [{ provider: 'shop', id: '7' }, null, {}, { provider: 'x' }] }),
    of({ email: '', identifiers: 'none' }),
    of({ email: ' ', identifiers: [] }),
    of(jane, { schema: 'order' }),
    of({ contact: jane }),
    of({}, jane),
    of(jane, { mode: 'delete' }),
  ];
  const packed = await packContent(linesOf([...records, { ...records[0], mode: 'insert' }]));
  const advice = 'A guest may appear only once in a file: merge the records, or put them into different files.';
  const shared = `${advice} If they are different people who share the address, leave them as they are.`;
  expect(packed).toMatchObject({ records: 11, problemCount: 0, duplicateCount: 4 });
  expect(packed.duplicates).toEqual([
    { line: 2, message: `The guest has the same e-mail address as the one in line 1. ${shared}` },
    { line: 3, message: `The guest has the same identifier as the one in line 1. ${advice}` },
    {
      line: 10,
      message: expect.stringMatching(/^The guest has the same (e-mail address|identifier) as the one in line 1\./),
    },
    { line: 11, message: `ref ${records[0]?.ref} is already used in line 1.` },
  ]);
  expect(JSON.stringify(packed)).not.toMatch(/jane|SHOP/i);
});

test('what an export writes in the place of nothing makes nobody the same', async () => {
  const nothing = [
    '',
    ' ',
    '\t',
    'null',
    'NULL',
    'undefined',
    'None',
    'N/A',
    'n/a',
    'NaN',
    'unknown',
    '-',
    '--',
    '0',
    0,
    null,
  ];
  const records = nothing.flatMap((text) => {
    const value = {
      email: text,
      identifiers: [
        { provider: 'SHOP', id: text },
        { provider: 'CRM', id: null },
      ],
    };
    return [createRecord(undefined, value), createRecord(undefined, value)];
  });
  expect(await packContent(linesOf(records))).toMatchObject({ problemCount: 0, duplicateCount: 0 });
});

test('a search that takes many rounds lets signals in, and ends with them', async () => {
  const folder = await createFolder();
  const duplicates = new DuplicateRefs({ folder, table: new LazyTable(1) });
  for (let index = 0; index < 200_000; index += 1) {
    duplicates.add(`00000000-0000-1000-8000-${index.toString(16).padStart(12, '0')}`, index + 1);
  }
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('stop')), 50);
  const startMs = performance.now();
  await expect(duplicates.find(controller.signal)).rejects.toThrow('stop');
  expect(performance.now() - startMs).toBeLessThan(500);
});

test('all duplicates are found, in the order of their lines, however small the table is', async () => {
  const refs = Array.from({ length: 200 }, () => randomUUID());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(199), { maxLength: 400, size: 'max' }),
      fc.constantFrom(1, 2, 1000),
      async (picks, tableEntries) => {
        const folder = await createFolder();
        const duplicates = new DuplicateRefs({ folder, table: new LazyTable(tableEntries) });
        const first = new Map<number, number>();
        const expected: { line: number; message: string }[] = [];
        picks.forEach((pick, index) => {
          duplicates.add(refs[pick] ?? '', index + 1);
          const earlier = first.get(pick);
          if (earlier === undefined) first.set(pick, index + 1);
          else expected.push({ line: index + 1, message: `ref ${refs[pick]} is already used in line ${earlier}.` });
        });
        expect(await duplicates.find(signal)).toEqual({ first: expected, count: expected.length });
        expect(await readdir(folder)).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});

test('of very many, the first thousand are kept and all are counted, through files on the disk', async () => {
  const folder = await createFolder();
  const duplicates = new DuplicateRefs({ folder, table: new LazyTable(500) });
  const refs = Array.from(
    { length: 50_000 },
    (_, index) => `00000000-0000-1000-8000-${index.toString(16).padStart(12, '0')}`,
  );
  refs.forEach((ref, index) => {
    duplicates.add(ref, index + 1);
  });
  refs.slice(10_000, 15_000).forEach((ref, index) => {
    duplicates.add(ref, 2 ** 32 + index);
  });
  expect((await readdir(folder)).length).toBeGreaterThan(0);
  const { first, count } = await duplicates.find(signal);
  expect(count).toBe(5000);
  expect(first).toHaveLength(1000);
  expect(first[0]).toEqual({ line: 2 ** 32, message: `ref ${refs[10_000]} is already used in line 10001.` });
  expect(first.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, index) => 2 ** 32 + index));
  expect(await readdir(folder)).toEqual([]);
});
