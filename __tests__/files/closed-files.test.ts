/** Nothing is left open when a call has ended: a file that is closed later could not be replaced on Windows. */
import * as actual from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { temporaryFolder } from '../clean-up.ts';

const openFiles = new Set<actual.FileHandle>();

jest.unstable_mockModule('node:fs/promises', () => ({
  ...actual,
  open: async (...args: Parameters<typeof actual.open>) => {
    const file = await actual.open(...args);
    openFiles.add(file);
    const close = file.close.bind(file);
    // Closing takes a while.
    file.close = async () => {
      for (let ticks = 0; ticks < 300; ticks += 1) await nextTick();
      await close();
      openFiles.delete(file);
    };
    return file;
  },
}));

const { readRedirectFile } = await import('../../src/files/redirects/read-redirect-file.ts');
const { checkExport } = await import('../../src/files/redirects/check-export.ts');
const { writeHeaderOnly } = await import('../../src/files/redirects/write-redirects.ts');
const { packFile } = await import('../../src/files/batch/pack-file.ts');
const { readLogPieces } = await import('../../src/files/batch/log-entries.ts');
const { inspectFile } = await import('../../src/github/artifact-file.ts');
const { GzipFile } = await import('../../src/files/gzip-file.ts');
const { TextFile } = await import('../../src/files/text-file.ts');

const { signal } = new AbortController();
const LIMITS = { maxRefs: 10, maxChars: 1000, maxBytes: 1000 };
const CSV = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID\nd.example,/a,/b,,\n';

test.each<[string, string, (path: string) => Promise<unknown>]>([
  ['redirects that are read', CSV, (path) => readRedirectFile(path)],
  ['redirects that are refused', 'a,b\n', (path) => readRedirectFile(path).catch(() => {})],
  ['the start of an export', CSV, checkExport],
  ['an export that is none', '<html>', (path) => checkExport(path).catch(() => {})],
  ['an empty export that is written', '', writeHeaderOnly],
  ['a batch', '{"ref":"a"}\n', (path) => packFile(path, { folder: temporaryFolder(), signal })],
  ['a log of a batch', '{}\n', (path) => Array.fromAsync(readLogPieces(path, LIMITS, signal))],
  ['an artifact', 'zip', (path) => inspectFile(path, signal)],
  ['a gzip that is discarded', '', async (path) => (await GzipFile.create(`${path}.gz`)).discard()],
  ['a text that is discarded', '', async (path) => (await TextFile.create(`${path}.txt`)).discard()],
])('%s: the file is closed at the end', async (_, content, work) => {
  const path = join(temporaryFolder(), 'file');
  await actual.writeFile(path, content);
  await work(path);
  expect(openFiles.size).toBe(0);
});
