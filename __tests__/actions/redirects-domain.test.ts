/** Whether a file is for the site that is named: a wrong one would lose its redirects. */
import { expect, test } from '@jest/globals';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import type { KnownRedirect } from '../../src/domain/redirects/redirect.ts';
import { FileError } from '../../src/errors.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeKnown, makeRow } from './redirects-helpers.ts';

/** The file is for `shop.example`. */
async function sync(current: readonly KnownRedirect[], isDelete: boolean, rows = [makeRow('/a', '/1')]) {
  const deleted: number[] = [];
  const client = {
    listRedirects: async () => [...current],
    deleteBatchSize: () => 10,
    deleteRedirects: async (ids: readonly number[]) => {
      deleted.push(...ids);
      return 'deleted' as const;
    },
    upsertRedirects: async () => ({ kind: 'done' as const, redirects: [makeKnown(9, '/a', '/1')] }),
  };
  const { dependencies, report } = createWorld({ client, rows });
  const task = { command: 'sync', siteId: 7, delete: isDelete, maxDeletes: 100 } as const;
  return { error: await endOf(syncSite({ file: FILE, timeoutMs: 60_000, task }, dependencies)), report, deleted };
}

const at = (toUrl: string | undefined, url = '/x') => ({ ...makeKnown(1, '/old', url), toUrl });
const unknown = expect.stringContaining('The redirects of site 7 do not show its domain');

test('a file for another site than its redirects lead to changes nothing, and says what can be done', async () => {
  const { error, deleted, report } = await sync([at('https://www.shop.example/x')], true);
  expect(error).toBeInstanceOf(FileError);
  expect(error?.details).toEqual(['line 2: The domain is "shop.example", and that of site 7 is www.shop.example.']);
  expect(error?.fix).toContain('a list in JSON or YAML, which needs no domain');
  expect([deleted, report.backups, report.eventsOf('applied')]).toEqual([[], [], []]);
});

test('a file for another site is reported as that, also where it has targets with the id 0', async () => {
  const dead = { ...makeRow('/dead', '/'), target: { kind: 'dynamic', type: 'Product', id: 0 } as const };
  const { error } = await sync([at('https://www.shop.example/x')], true, [makeRow('/a', '/1'), dead]);
  expect(error?.title).toBe('The file is for another site');
});

test('a file for this site is carried out without a word', async () => {
  const { error, report, deleted } = await sync([at('https://SHOP.example/x')], true);
  expect([error, report.warnings, deleted]).toEqual([undefined, [], [1]]);
});

test('that the site does not say its domain is a warning where redirects of it are to go, else a line', async () => {
  const outside = at('https://else.example/', 'https://else.example/');
  expect((await sync([outside], true)).report.warnings).toEqual([unknown]);
  const stays = { ...outside, fromPath: '/a' };
  for (const { report } of [await sync([outside], false), await sync([], true), await sync([stays], true)]) {
    expect(report.warnings).toEqual([]);
    expect(report.lines).toContainEqual(unknown);
  }
});

test('a loop that shows once the domain is known is reported; `delete` is advice only where it is not given', async () => {
  const rows = [makeRow('/p', 'https://shop.example/q'), makeRow('/q', '/p', 3)].map((row) => ({ ...row, domain: '' }));
  const given = await sync([at('https://shop.example/x')], true, rows);
  expect(given.error).toMatchObject({
    title: 'The site would have loops',
    headline: expect.stringMatching(/by its rows.$/),
  });
  expect(given.error?.fix).toBe('Correct the file.');
  expect((await sync([at('https://shop.example/x')], false, rows)).error?.fix).toContain('or set `delete: true`');
});
