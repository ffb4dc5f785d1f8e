/** What a pull request reads of a preview that does not work; a shared one is taken all the same. */
import { expect, test } from '@jest/globals';
import { hrefsOf } from './github-comment-reading.ts';
import { commentOf, runFor, twoPullRequests } from './shared-preview-harness.ts';
import { deployVerified, nthBuild, shopFor } from './verify-harness.ts';

test('a broken build takes a shared preview, its comment says so, and the other pull request has lost it', async () => {
  const emulator = await twoPullRequests();
  const shop = await shopFor(emulator, (path, build) => (build === 2 && path === '/' ? 500 : 200));
  const take = async (number: number, build: number, inputs = {}) =>
    await deployVerified(runFor(emulator, number, { workspace: nthBuild(build), inputs }));
  await take(7, 1);
  expect(commentOf(emulator, 7).words).toContain('✅ Works: 1 page, first byte after');
  expect(commentOf(emulator, 7).share).toMatchObject({ holds: true });

  const bad = await take(8, 2, { 'verify-timeout-seconds': '1' });
  expect(bad.outputs).toMatchObject({ outcome: 'unhealthy' });
  const comment = commentOf(emulator, 8);
  expect(comment.words).toContain('💔 Deployed to preview, but the storefront does not work');
  expect(comment.words).toContain('This build is live, and does not work.');
  expect(comment.words).toContain('❌ answers 500');
  expect(hrefsOf(comment.body)).toContain(`${shop.url}/`);
  expect(comment.share).toMatchObject({ holds: true });
  expect(commentOf(emulator, 7).words).toContain('The shared preview shows #8 now, and no longer this pull request.');
  // The former one is what a rollback would go back to.
  expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['success', 'error']);

  await take(7, 3);
  expect(commentOf(emulator, 8).words).toContain('The shared preview shows #7 now, and no longer this pull request.');
  expect(emulator.github.deployments.map(({ state }) => state)).toEqual(['inactive', 'inactive', 'success']);
});
