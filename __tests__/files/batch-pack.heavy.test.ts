import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { createFolder, createRecord, linesOf, removeFolders } from './batch-helpers.ts';

afterEach(removeFolders);

const PACK = fileURLToPath(new URL('../../src/files/batch/pack-file.ts', import.meta.url));
const SCRIPT = `
  import { readFileSync } from 'node:fs';
  const { packFile } = await import(process.argv[1]);
  const [, , path, folder] = process.argv;
  const packed = await packFile(path, { folder, signal: new AbortController().signal });
  const peakKb = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  console.log(JSON.stringify({ ...packed, peakKb }));
`;

test('a file of 1 GB is packed in less than 200 MB of memory', async () => {
  const folder = await createFolder();
  const path = join(folder, 'guests.jsonl');
  const file = openSync(path, 'w');
  let records = 0;
  for (let bytes = 0; bytes < 1_000_000_000; records += 2000) {
    const guests = Array.from({ length: 2000 }, (_, index) =>
      createRecord(undefined, {
        firstName: 'Zoë',
        email: `${records + index}@example.com`,
        note: 'of some length '.repeat(20),
      }),
    );
    bytes += writeSync(file, linesOf(guests));
  }
  closeSync(file);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT, PACK, path, folder], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const packed = JSON.parse(stdout);
  expect(packed).toMatchObject({ records, problemCount: 0, duplicateCount: 0 });
  expect(packed.parts.every((part: { sizeBytes: number }) => part.sizeBytes <= 50_000_000)).toBe(true);
  if (process.platform === 'linux') expect(packed.peakKb).toBeLessThan(200_000);
});
