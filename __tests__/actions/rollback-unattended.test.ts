/** Whose bundle may go back to production, with somebody who asked for it, and without. */
import { expect, test } from '@jest/globals';
import { type ProvenanceWarnings, warnOfBuild } from '../../src/actions/rollback/provenance.ts';
import type { BuildRun } from '../../src/domain/provenance.ts';
import type { Tag } from '../../src/github/github.ts';
import { HttpError } from '../../src/net/errors.ts';

const SHA = 'a'.repeat(40);

const url = new URL('https://api.github.example/repos/acme/storefront/git/ref/tags/hotfix');

async function check(built: Partial<BuildRun>, more: Partial<ProvenanceWarnings> = {}, environment = 'production') {
  const warnings: string[] = [];
  const build: BuildRun = {
    ...{ id: 42, event: 'push', headBranch: 'main', headSha: SHA, isFork: false, pullRequests: [] },
    ...built,
  };
  const { signal } = new AbortController();
  const run = { warn: (message: string) => void warnings.push(message), debug: () => {} };
  const noTag = () => Promise.reject(new HttpError('Reading a tag', { method: 'GET', url, status: 404, headers: {} }));
  const dependencies = { github: { readTag: noTag }, defaultBranch: 'main', run, signal, ...more };
  const refused = await warnOfBuild(build, undefined, { environment }, dependencies).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { warnings, refused };
}

const tagged = (tag: Tag) => ({ github: { readTag: () => Promise.resolve(tag) } });
const NOTHING = { warnings: [], refused: undefined };

test('a bundle of another branch is a warning where somebody asked for it, and refused where nobody did', async () => {
  const asked = await check({ headBranch: 'hotfix' });
  expect(asked).toEqual({ warnings: [expect.stringContaining('on the branch "hotfix", not on')], refused: undefined });
  const unattended = await check({ headBranch: 'hotfix' }, { unattendedOn: 'main' });
  expect(unattended.warnings).toEqual([]);
  expect(unattended.refused).toMatchObject({
    title: 'Bundle of another branch',
    message: expect.stringMatching(/on the branch "hotfix", not on the default branch "main".* Nobody asked for it/),
    fix: expect.stringContaining('`from-run: 42`'),
  });
});

test.each<[what: string, built: Partial<BuildRun>, more: Partial<ProvenanceWarnings>]>([
  ['the default branch', {}, { unattendedOn: 'release' }],
  ['the branch of the run itself', { headBranch: 'release' }, { unattendedOn: 'release' }],
  ['a tag of that commit', { headBranch: 'v1' }, { unattendedOn: 'v2', ...tagged({ sha: SHA }) }],
  ['a release', { headBranch: 'v1', event: 'release' }, { unattendedOn: 'main' }],
])('a bundle of %s goes back by itself', async (_, built, more) => {
  expect(await check(built, more)).toEqual(NOTHING);
});

test.each<[what: string, more: Partial<ProvenanceWarnings>]>([
  ['a tag that was moved', tagged({ sha: 'b'.repeat(40) })],
  ['what GitHub does not tell', { github: { readTag: () => Promise.reject(new Error('403')) } }],
])('a bundle of %s does not', async (_, more) => {
  const { refused } = await check({ headBranch: 'v1' }, { unattendedOn: 'main', ...more });
  expect(refused).toMatchObject({ title: 'Bundle of another branch' });
});

test('where the event names no default branch, that of the run counts', async () => {
  const more = { defaultBranch: undefined, unattendedOn: 'main' };
  expect(await check({}, more)).toEqual(NOTHING);
  const { refused } = await check({ headBranch: 'hotfix' }, more);
  expect(refused).toMatchObject({ message: expect.stringContaining('not on that of this run, "main"') });
  expect(await check({ headBranch: 'hotfix' }, { defaultBranch: undefined })).toEqual(NOTHING);
});

test('elsewhere than in production any branch does', async () => {
  expect(await check({ headBranch: 'hotfix' }, { unattendedOn: 'main' }, 'staging')).toEqual(NOTHING);
});
