import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readRedirectFile } from '../../src/files/redirects/read-redirect-file.ts';
import { removeScratch, scratch } from './helpers.ts';
import { expectLinearText, many, TEXTS } from './redirects-list-texts.ts';

afterAll(removeScratch);

// All of them are in the heavy tests.
test.each(TEXTS.filter(([name]) => name.startsWith('keys of')))(
  'a list that has many %s takes time in proportion to its length',
  async (_, format, textOf) => {
    await expectLinearText(format, textOf);
  },
);

test('a long list is left as soon as the run is cancelled', async () => {
  const path = join(await scratch(), 'r.yaml');
  // Ten seconds of work and more.
  await writeFile(path, `[${','.repeat(9_000_000)}]`);
  const cancel = new AbortController();
  const reading = readRedirectFile(path, { signal: cancel.signal });
  const reason = new Error('cancelled');
  // The thread is at work then, and this one hears of timers.
  setTimeout(() => cancel.abort(reason), 300);
  const before = performance.now();
  await expect(reading).rejects.toBe(reason);
  expect(performance.now() - before).toBeLessThan(5000);
});

test('a long list is read in the thread as a short one is here', async () => {
  const items = many(
    2_000,
    (at) =>
      ({
        id: at + 1,
        site_id: 1000,
        from_path: `/collections/old-category/product-name-${at}.html`,
        to: at % 3 === 0 ? { type: 'product', entity_id: at + 1 } : { type: 'url', url: `/new-${at}/` },
        to_url: `https://www.example.com/new-${at}/`,
      }) as unknown as string,
  );
  const path = join(await scratch(), 'store.json');
  await writeFile(path, JSON.stringify({ data: items }, null, 1));
  const { rows, problems } = await readRedirectFile(path, { siteId: 1000 });
  expect([rows.length, problems]).toEqual([2_000, []]);
  expect(rows[1]).toEqual({
    domain: '',
    fromPath: '/collections/old-category/product-name-1.html',
    target: { kind: 'manual', url: '/new-1/' },
    line: 13,
  });
});
