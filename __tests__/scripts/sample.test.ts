import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildSample, removeOthers, SampleUnavailable, shopHash } from '../../scripts/sample/build.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'sample-test-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

test('builds of other states of the shop are removed, and nothing else', () => {
  const names = ['0123456789abcdef', '0123456789abcdef.12.partial', 'aaaaaaaaaaaaaaaa', 'bench', 'pnpm-10.34.8'];
  for (const name of names) mkdirSync(join(cache, name));
  removeOthers(join(cache, 'aaaaaaaaaaaaaaaa'));
  expect(readdirSync(cache).sort()).toEqual(names.slice(1));
});

test('the key of the cache is a digest, the same for the same shop', () => {
  expect(shopHash()).toMatch(/^[0-9a-f]{16}$/);
  expect(shopHash()).toBe(shopHash());
});

test('without time, the build is unavailable, and nothing is left of it', async () => {
  const building = buildSample({ cache, timeoutMs: 0 });
  await expect(building).rejects.toThrow(SampleUnavailable);
  await expect(building).rejects.toThrow(
    /^The sample shop cannot be built: the time for it was over during `npm ci .*`$/,
  );
  expect(readdirSync(cache)).toEqual([]);
});
