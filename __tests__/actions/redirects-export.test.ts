/** What an export leaves on a real disk. */
import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { exportRedirects } from '../../src/actions/redirects/export.ts';
import type { RedirectsClient } from '../../src/bigcommerce/redirects.ts';
import { createRedirectsDisk } from '../../src/compose/redirects-disk.ts';
import type { JobState } from '../../src/domain/redirects/job.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { removeScratch, scratch } from '../files/helpers.ts';
import { onPosix } from '../systems.ts';
import { endOf } from './end-of.ts';
import { createWorld } from './redirects-helpers.ts';

afterAll(removeScratch);

const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';
const EXPORT = `${HEADER}\nshop.example,/a,/b,,\n`;

async function runExport(
  body: string,
  { file, completed = 1, total = completed }: { file: string; completed?: number; total?: number },
) {
  const state: JobState = { jobId: 'e', status: 'complete', completed, failed: 0, total, rejected: [] };
  const client: Partial<RedirectsClient> = {
    startExport: async () => ({ kind: 'started', jobId: 'e' }),
    followJob: async function* () {
      yield state;
    },
    downloadExport: async (_, path) => {
      await writeFile(path, body, { mode: 0o600 });
      return { path, sizeBytes: body.length };
    },
  };
  const { dependencies, report } = createWorld({ client });
  dependencies.disk = createRedirectsDisk(dependencies.signal, createRedactor());
  const task = { command: 'export', siteId: undefined, includeDynamicTargetUrls: true } as const;
  return { error: await endOf(exportRedirects({ file, timeoutMs: 60_000, task }, dependencies)), report };
}

test.each([
  ['nothing', '', 1, 'is empty'],
  ['a page', '<html>\n<p>Sign in, please, to go on, here, now</p>\n</html>\n', 1, 'is not a CSV of redirects'],
  [
    'an error in JSON',
    '{"status":500,"title":"a","type":"b","errors":{},"detail":"c"}',
    1,
    'is not a CSV of redirects',
  ],
  ['a quotation mark that is never closed', '"Domain,Old Path\n', 1, 'is not a CSV of redirects'],
  ['a header alone for a job that counts redirects', `${HEADER}\n`, 3, 'counts 3 redirects, but its file has none'],
])('a download of %s does not take the place of the file', async (_, body, completed, message) => {
  const folder = await scratch();
  const file = join(folder, 'r.csv');
  await writeFile(file, 'old');
  const { error } = await runExport(body, { file, completed });
  expect(error).toMatchObject({ outcome: 'error', message: expect.stringContaining(message) });
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['r.csv']);
});

test.each([
  ['with a byte-order mark, CRLF and a further column', `\ufeff${HEADER},Dynamic Target URL\r\nd,/a,/b,,,\r\n`, 1, 0],
  [
    'with quotation marks',
    `"Domain","Old Path","Manual URL/Path","Dynamic Target Type","Dynamic Target ID"\nd,/a,/b,,\n`,
    1,
    0,
  ],
  ['with the header alone, of a job without redirects', HEADER, 0, 0],
  ['whose header is unknown', 'id,domain,from,to,type\n1,d,/a,/b,\n', 1, 1],
])('an export %s is written', async (_, body, completed, warnings) => {
  const file = join(await scratch(), 'r.csv');
  const { error, report } = await runExport(body, { file, completed });
  expect(error).toBeUndefined();
  expect(await readFile(file, 'utf8')).toBe(body);
  expect(report.warnings).toHaveLength(warnings);
});

test.each([
  [100, 93, []],
  [92, 93, [expect.stringContaining('counts only 92 of 93 redirects')]],
])(
  'an export that counts %d of %d redirects is warned of where it may lack some',
  async (completed, total, warnings) => {
    const { report } = await runExport(EXPORT, { file: join(await scratch(), 'r.csv'), completed, total });
    expect(report.warnings).toEqual(warnings);
  },
);

onPosix('the file may be read as before, or as files commonly are; a link stays one', async () => {
  const folder = await scratch();
  const [old, fresh, link] = [join(folder, 'old.csv'), join(folder, 'fresh.csv'), join(folder, 'link.csv')];
  await writeFile(old, 'old');
  await chmod(old, 0o664);
  await symlink('old.csv', link);
  for (const file of [link, fresh]) expect((await runExport(EXPORT, { file })).error).toBeUndefined();
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(old, 'utf8')).toBe(EXPORT);
  expect([(await stat(old)).mode & 0o777, (await stat(fresh)).mode & 0o777]).toEqual([0o664, 0o644]);
});
