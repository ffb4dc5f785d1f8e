import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { createBatchDisk } from '../../src/compose/batch-disk.ts';
import { useRunnerTemp } from '../clean-up.ts';

let folder = '';

beforeEach(() => {
  folder = useRunnerTemp();
});

const REF = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
const OPTIONS = { signal: new AbortController().signal, redact: (text: string) => text, shownPathOf: basename };
const RECORD = { ref: REF, schema: 'guest', mode: 'upsert', value: { firstName: 'Jane' } };

test('parts of several files and logs are in one folder for its owner alone; the errors file outlives it', async () => {
  const disk = createBatchDisk(OPTIONS);
  const paths = ['a.jsonl', 'b.jsonl'].map((name) => join(folder, name));
  for (const path of paths) writeFileSync(path, `${JSON.stringify(RECORD)}\n`);
  const [one, two] = [await disk.pack(paths[0] ?? '', () => {}), await disk.pack(paths[1] ?? '', () => {})];
  expect(one.parts[0]?.path).not.toBe(two.parts[0]?.path);
  expect(one.parts[0]?.md5).toBe(two.parts[0]?.md5);
  const [temporary = ''] = readdirSync(folder).filter((name) => name.startsWith('batch-upload-'));
  if (process.platform !== 'win32') expect(statSync(join(folder, temporary)).mode & 0o777).toBe(0o700);
  expect(disk.errorsFile()).toBeUndefined();
  const log = disk.logPathOf(REF);
  writeFileSync(log, JSON.stringify({ ref: REF, code: 1, message: 'Jane' }));
  const [part] = two.parts;
  if (part === undefined) throw new Error('no part');
  expect(await disk.readErrorLog(log, two.path, part, OPTIONS.signal)).toMatchObject({ records: 1 });
  const errors = disk.errorsFile() ?? '';
  expect(JSON.parse(readFileSync(errors, 'utf8'))).toEqual({
    file: 'b.jsonl',
    line: 1,
    ref: REF,
    code: '1',
    message: '…',
  });
  await disk.removeTemporary();
  expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'b.jsonl', basename(errors)].sort());
});

test('what is temporary can be removed at the very end, too, twice', async () => {
  const disk = createBatchDisk(OPTIONS);
  disk.removeTemporaryNow();
  writeFileSync(join(folder, 'a.jsonl'), JSON.stringify(RECORD));
  const { parts } = await disk.pack(join(folder, 'a.jsonl'), () => {});
  expect(existsSync(parts[0]?.path ?? '')).toBe(true);
  disk.removeTemporaryNow();
  disk.removeTemporaryNow();
  expect(readdirSync(folder)).toEqual(['a.jsonl']);
});
