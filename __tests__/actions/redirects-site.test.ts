/** Which site a file is for, where `site-id` does not say. A wrong guess would change another site's redirects. */
import { expect, test } from '@jest/globals';
import { planSite } from '../../src/actions/redirects/plan.ts';
import { syncSite } from '../../src/actions/redirects/sync.ts';
import type { KnownRedirect, RedirectRow } from '../../src/domain/redirects/redirect.ts';
import { endOf } from './end-of.ts';
import { createWorld, FILE, makeKnown, makeRow } from './redirects-helpers.ts';

const SITES_URL = 'https://api.bigcommerce.com/stores/abc/v3/sites';

/** A redirect that shows the domain of its site; that of another store, where it shows none. */
function of(siteId: number | undefined, domain: string | undefined, id = 1, fromPath = `/old-${id}`): KnownRedirect {
  const toUrl = domain === undefined ? undefined : `https://${domain}/x`;
  return { ...makeKnown(id, fromPath, '/x'), siteId, toUrl };
}

interface Given {
  store: readonly KnownRedirect[];
  rows?: readonly RedirectRow[];
  siteId?: number;
  command?: 'plan' | 'sync';
}

async function run({ store, rows = [makeRow('/a', '/1')], siteId, command = 'sync' }: Given) {
  const asked: (number | undefined)[] = [];
  const written: number[] = [];
  const deleted: number[] = [];
  const client = {
    sitesUrl: SITES_URL,
    listRedirects: async (site: number | undefined) => {
      asked.push(site);
      return store.filter((one) => site === undefined || one.siteId === site);
    },
    upsertRedirects: async (site: number) => {
      written.push(site);
      return { kind: 'done' as const, redirects: [makeKnown(99, '/a', '/1')] };
    },
    deleteBatchSize: () => 10,
    deleteRedirects: async (ids: readonly number[]) => {
      deleted.push(...ids);
      return 'deleted' as const;
    },
  };
  const { dependencies, report } = createWorld({ client, rows });
  const inputs = { file: FILE, timeoutMs: 60_000 };
  const task = { siteId, delete: true, maxDeletes: 100 } as const;
  const work =
    command === 'plan'
      ? planSite({ ...inputs, task: { ...task, command } }, dependencies)
      : syncSite({ ...inputs, task: { ...task, command } }, dependencies);
  return { error: await endOf(work), report, asked, written, deleted };
}

const OTHER = of(1001, 'outlet.example', 5);
const OWN = of(1000, 'shop.example', 2);

test('the site is the one whose redirects show the domain of the file; no other is touched', async () => {
  const { error, asked, written, deleted, report } = await run({ store: [OTHER, OWN] });
  expect([error, written, deleted]).toEqual([undefined, [1000], [2]]);
  // One reading of all sites, and none of the site again before the deletion.
  expect(asked).toEqual([undefined]);
  expect(report.record()).toMatchObject({ siteId: 1000, domain: 'shop.example' });
  expect(report.lines).toContain('shop.example is site 1000, which has 1 redirect.');
  expect(report.backups).toEqual([{ domain: 'shop.example', redirects: [OWN] }]);
});

test('a domain in another script or case is the same', async () => {
  const own = of(7, 'xn--mnchen-3ya.example', 2);
  for (const domain of ['münchen.example', 'MÜNCHEN.example', 'xn--mnchen-3ya.example']) {
    const { error, written } = await run({ store: [own, OTHER], rows: [{ ...makeRow('/a', '/1'), domain }] });
    expect([error, written]).toEqual([undefined, [7]]);
  }
});

test('`site-id` goes before what the redirects show, and so does the site that a list names', async () => {
  const given = await run({ store: [OTHER, of(1000, undefined, 2)], siteId: 1000 });
  const listed = await run({ store: [OTHER, OWN], rows: [{ ...makeRow('/a', '/1'), domain: '', siteId: 1000 }] });
  for (const { error, asked, written } of [given, listed])
    expect([error, asked, written]).toEqual([undefined, [1000], [1000]]);
  expect(listed.report.record()).toMatchObject({ siteId: 1000, domain: 'shop.example' });
});

const named = (siteId: number, domain?: string) => of(siteId, domain, siteId, '/x');

test.each<[string, Given, string]>([
  [
    'a file without a domain',
    { store: [OWN, OTHER], rows: [{ ...makeRow('/a', '/1'), domain: '' }] },
    'redirects.csv names no domain that would say which site it is for. Sites that have redirects: 1000 (shop.example), 1001 (outlet.example).',
  ],
  [
    'a file without rows',
    { store: [OWN], rows: [] },
    'redirects.csv names no domain that would say which site it is for. Sites that have redirects: 1000 (shop.example).',
  ],
  [
    'a store without redirects',
    { store: [] },
    'redirects.csv is for shop.example, and no site is known to have that domain. The store has no redirects yet that would show its sites.',
  ],
  [
    'a site that does not show its domain, even where it is the only one',
    { store: [of(1000, undefined)] },
    'redirects.csv is for shop.example, and no site is known to have that domain. Sites that have redirects: 1000 (domain unknown).',
  ],
  [
    'a domain that is only nearly that of a site',
    { store: [of(1000, 'www.shop.example'), of(1000, 'shop.example.org', 3)] },
    'redirects.csv is for shop.example, and no site is known to have that domain. Sites that have redirects: 1000 (www.shop.example, shop.example.org).',
  ],
  [
    'two sites with the domain',
    { store: [OWN, of(1001, 'shop.example', 5)] },
    'redirects.csv is for shop.example, and 2 sites seem to have that domain. Sites that have redirects: 1000 (shop.example), 1001 (shop.example).',
  ],
  [
    'a site that shows two domains, of which one may be that of a site without redirects',
    { store: [OWN, of(1000, 'outlet.example', 5)] },
    'redirects.csv is for shop.example, and the redirects of site 1000 show other domains, too. Sites that have redirects: 1000 (shop.example, outlet.example).',
  ],
  [
    'a redirect that may be of any site',
    { store: [OWN, of(undefined, 'shop.example', 5)] },
    'redirects.csv is for shop.example, but the platform does not name the site of every redirect. Sites that have redirects: 1000 (shop.example).',
  ],
])('%s: `site-id` is asked for, and nothing is written', async (_, given, message) => {
  for (const command of ['plan', 'sync'] as const) {
    const { error, written, deleted, report } = await run({ ...given, command });
    expect(error).toMatchObject({
      message,
      outcome: 'error',
      topic: 'site-not-found',
      title: 'Site not found: site-id is needed',
    });
    expect(error?.fix).toContain(`\`curl -H "X-Auth-Token: $TOKEN" ${SITES_URL}\``);
    expect(error?.fix).toContain('store_sites_read_only');
    expect([written, deleted, report.backups, report.eventsOf('plan-made')]).toEqual([[], [], [], []]);
  }
});

test('of many sites, the first are named', async () => {
  const store = Array.from({ length: 25 }, (_, index) => named(1000 + index, `s${index}.example`));
  const { error } = await run({ store });
  expect(error?.message).toContain('1019 (s19.example) and 5 more.');
});
