/** Releases to a fake GitHub and a bare remote: whole ones, ones that break off, and ones that somebody disturbs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { createGitHubReleases } from '../../../scripts/release/github-releases.ts';
import { publish } from '../../../scripts/release/publish.ts';
import { timeoutMs } from '../../timeouts.ts';
import { addRelease, type GitHubServer, startGitHub, TOKEN } from './github-server.ts';
import { afterNextAnswer, createRepository, type Repository, setPreReceive } from './repository.ts';

const SLOW_MS = timeoutMs(30_000);
const RELEASES = '/releases';

let repository: Repository;
let github: GitHubServer;
let log: string[];
let warnings: string[];

beforeEach(async () => {
  repository = createRepository();
  github = await startGitHub();
  [log, warnings] = [[], []];
}, SLOW_MS);

/** Of the commit that was verified. */
async function release(version: string, commit: string): Promise<void> {
  const assets = join(repository.root, '..', `assets-${version}`);
  mkdirSync(assets, { recursive: true });
  for (const extension of ['tar.gz', 'cdx.json']) writeFileSync(join(assets, `it-${version}.${extension}`), commit);
  const access = { apiUrl: github.url, repository: 'acme/catalyst-deploy-action', token: TOKEN };
  await publish({
    ...{ root: repository.root, remote: 'origin', tag: `v${version}`, commit, assets },
    releases: createGitHubReleases(access),
    log: (line) => log.push(line),
    warn: (line) => warnings.push(line),
  });
}

const released = (version: string) => github.releases.find(({ tag_name }) => tag_name === `v${version}`);

test(
  'a release is a draft at the commit until its files are there; then v1 is made',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    const states: (boolean | undefined)[] = [];
    github.onWrite = () => void states.push(released('1.2.3')?.draft);
    await release('1.2.3', commit);
    expect(github.writes).toEqual([
      `POST ${RELEASES}`,
      `POST ${RELEASES}/1/assetsit-1.2.3.cdx.json`,
      `POST ${RELEASES}/1/assetsit-1.2.3.tar.gz`,
      `PATCH ${RELEASES}/1`,
    ]);
    expect(states).toEqual([undefined, true, true, true]);
    expect(released('1.2.3')).toMatchObject({
      ...{ draft: false, prerelease: false, target_commitish: commit, name: 'v1.2.3', make_latest: 'true' },
      body: '- What 1.2.3 brings.',
    });
    expect(repository.remoteRef('refs/tags/v1')).toBe(commit);
    expect(log.at(-1)).toBe('v1 goes to v1.2.3 (it is new)');
    expect(warnings).toEqual([]);
  },
  SLOW_MS,
);

test(
  'a second run changes nothing, and says where somebody else exchanged a file',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    await release('1.2.3', commit);
    github.writes = [];
    await release('1.2.3', commit);
    expect(github.writes).toEqual([]);
    expect(log.slice(-2)).toEqual(['v1.2.3 is published already: https://github.com/r/1', 'v1 is at v1.2.3 already']);
    expect(warnings).toEqual([]);
    for (const asset of released('1.2.3')?.assets ?? []) asset.digest = 'sha256:0';
    await release('1.2.3', commit);
    expect(warnings).toEqual([
      'v1.2.3 has other files than this run made (it-1.2.3.cdx.json, it-1.2.3.tar.gz): compare them with their attestations.',
    ]);
  },
  SLOW_MS,
);

test(
  'a run goes on where the one before broke off: before the files, between them, at the end',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    github.onWrite = () => 'lose';
    await expect(release('1.2.3', commit)).rejects.toThrow('fetch failed');
    github.onWrite = (write) => (write.endsWith('tar.gz') ? 'fail' : undefined);
    await expect(release('1.2.3', commit)).rejects.toThrow(
      'GitHub refused to take the file it-1.2.3.tar.gz (HTTP 500): {"message":"Server Error"}',
    );
    github.onWrite = (write) =>
      github.releases[0]?.assets.length === 2 && write.startsWith('PATCH') ? 'fail' : undefined;
    await expect(release('1.2.3', commit)).rejects.toThrow('GitHub refused to change the release (HTTP 500)');
    expect(released('1.2.3')?.draft).toBe(true);
    expect(repository.remoteRef('refs/tags/v1')).toBe('');
    github.onWrite = () => undefined;
    await release('1.2.3', commit);
    expect(github.releases).toHaveLength(1);
    expect(github.writes.filter((write) => write === `POST ${RELEASES}`)).toHaveLength(1);
    expect(github.writes.filter((write) => write.endsWith('cdx.json'))).toHaveLength(1);
    expect(released('1.2.3')).toMatchObject({ draft: false, assets: [{ state: 'uploaded' }, { state: 'uploaded' }] });
  },
  SLOW_MS,
);

test(
  "a draft that is there is set right: its commit, its text, half a file, somebody else's file",
  async () => {
    const commit = repository.tagVersion('1.2.3');
    const assets = [
      { id: 7, name: 'it-1.2.3.tar.gz', state: 'starter', digest: null },
      { id: 8, name: 'install.sh', state: 'uploaded', digest: 'sha256:1' },
    ];
    addRelease(github, { tag_name: 'v1.2.3', draft: true, assets, body: 'By hand', target_commitish: 'main' });
    await release('1.2.3', commit);
    expect(released('1.2.3')).toMatchObject({ draft: false, target_commitish: commit, body: '- What 1.2.3 brings.' });
    expect(released('1.2.3')?.assets.map(({ name }) => name)).toEqual(['it-1.2.3.cdx.json', 'it-1.2.3.tar.gz']);
    expect(log).toContain('Deletes install.sh, which is another file');
  },
  SLOW_MS,
);

test(
  'where GitHub pins no draft to the commit, the tag is what is released, unless it moves',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    github.refusesPins = true;
    await release('1.2.3', commit);
    expect(released('1.2.3')).toMatchObject({ draft: false, target_commitish: 'main', body: '- What 1.2.3 brings.' });
    expect(warnings).toEqual([
      `GitHub does not pin the draft to ${commit}, since that changes workflows: the tag alone says what is released.`,
    ]);
    expect(repository.remoteRef('refs/tags/v1')).toBe(commit);
    const next = repository.tagVersion('1.2.4');
    github.onWrite = (write) => {
      if (write.startsWith('PATCH')) repository.git('push', '--quiet', '--delete', 'origin', 'v1.2.4');
      return undefined;
    };
    await expect(release('1.2.4', next)).rejects.toThrow(
      `v1.2.4 is gone, and ${next} was verified. The release is published, maybe of another commit: look at https://`,
    );
    expect(repository.remoteRef('refs/tags/v1')).toBe(commit);
  },
  SLOW_MS,
);

test(
  'a token without rights is no reason to try without the commit',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    github.onWrite = () => 'forbid';
    await expect(release('1.2.3', commit)).rejects.toThrow('GitHub refused to create a draft (HTTP 403)');
    expect([warnings, github.releases]).toEqual([[], []]);
  },
  SLOW_MS,
);

test(
  'two drafts for one tag are for a person to look at',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    for (let count = 0; count < 2; count += 1) addRelease(github, { tag_name: 'v1.2.3', draft: true });
    await expect(release('1.2.3', commit)).rejects.toThrow('There are 2 drafts for v1.2.3. Delete all but one');
    expect(github.writes).toEqual([]);
  },
  SLOW_MS,
);

test(
  'a backport is published, but is not the latest one, and v1 stays',
  async () => {
    const newest = repository.tagVersion('1.2.0');
    await release('1.2.0', newest);
    const commit = repository.tagVersion('1.1.9');
    await release('1.1.9', commit);
    expect(released('1.1.9')).toMatchObject({ draft: false, make_latest: 'false', target_commitish: commit });
    expect(repository.remoteRef('refs/tags/v1')).toBe(newest);
    expect(log.at(-1)).toBe('v1 stays: v1.2.0 is newer than v1.1.9');
    await release('2.0.0', repository.tagVersion('2.0.0'));
    await release('1.2.1', repository.tagVersion('1.2.1'));
    expect(released('1.2.1')?.make_latest).toBe('false');
    expect(repository.remoteRef('refs/tags/v1')).toBe(repository.git('rev-parse', 'v1.2.1'));
    expect(repository.remoteRef('refs/tags/v2')).toBe(repository.git('rev-parse', 'v2.0.0'));
  },
  SLOW_MS,
);

test(
  'a pre-release is published as one, and v1 stays',
  async () => {
    const stable = repository.tagVersion('1.2.0');
    await release('1.2.0', stable);
    await release('1.3.0-rc.1', repository.tagVersion('1.3.0-rc.1'));
    expect(released('1.3.0-rc.1')).toMatchObject({ draft: false, prerelease: true, make_latest: 'false' });
    expect(repository.remoteRef('refs/tags/v1')).toBe(stable);
  },
  SLOW_MS,
);

test(
  'the latest release is found on later pages, too',
  async () => {
    addRelease(github, { tag_name: 'v1.9.0' });
    for (let count = 0; count < 120; count += 1) addRelease(github, { tag_name: `v1.0.${count}` });
    await release('1.2.0', repository.tagVersion('1.2.0'));
    expect(released('1.2.0')?.make_latest).toBe('false');
  },
  SLOW_MS,
);

test(
  'a tag that is moved after it was verified, or while its files go up, is not published',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    const other = repository.commit('Something else');
    const move = () => repository.git('push', '--quiet', '--force', 'origin', `${other}:refs/tags/v1.2.3`);
    const message = `v1.2.3 is at ${other} now, and ${commit} was verified. Nothing more is done.`;
    const withDraft = `${message} The draft stays a draft.`;
    github.onWrite = (write) => {
      if (write.endsWith('tar.gz')) move();
      return undefined;
    };
    await expect(release('1.2.3', commit)).rejects.toThrow(withDraft);
    expect(released('1.2.3')?.draft).toBe(true);
    github.writes = [];
    await expect(release('1.2.3', commit)).rejects.toThrow(message);
    expect(github.writes).toEqual([]);
    repository.git('push', '--quiet', '--delete', 'origin', 'v1.2.3');
    await expect(release('1.2.3', commit)).rejects.toThrow('v1.2.3 is gone, and');
    expect(repository.remoteRef('refs/tags/v1')).toBe('');
  },
  SLOW_MS,
);

test(
  'v1, which somebody moves further after it was looked at, is not moved back',
  async () => {
    await release('1.1.0', repository.tagVersion('1.1.0'));
    const commit = repository.tagVersion('1.2.0');
    const newer = repository.tagVersion('1.3.0');
    const { arm } = afterNextAnswer(repository, `git update-ref refs/tags/v1 ${newer}`);
    github.onWrite = (write) => void (write.startsWith('PATCH') && arm());
    await release('1.2.0', commit);
    expect(repository.remoteRef('refs/tags/v1')).toBe(newer);
    expect(log.at(-1)).toBe('v1 stays: v1.3.0 is newer than v1.2.0');
  },
  SLOW_MS,
);

test(
  'v1, which somebody moves a little during the push, is moved from there',
  async () => {
    await release('1.1.0', repository.tagVersion('1.1.0'));
    const between = repository.tagVersion('1.1.1');
    const commit = repository.tagVersion('1.2.0');
    // What the hook writes is there before the push is compared.
    setPreReceive(
      repository,
      `unset GIT_QUARANTINE_PATH; test -e moved || git update-ref refs/tags/v1 ${between}; touch moved`,
    );
    await release('1.2.0', commit);
    expect(repository.remoteRef('refs/tags/v1')).toBe(commit);
    expect(log.at(-1)).toBe('v1 goes to v1.2.0 (from v1.1.1)');
  },
  SLOW_MS,
);

test(
  'a remote that lets nobody move v1 is named; a second run mends it',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    setPreReceive(repository, 'echo "v1 is protected" >&2; exit 1');
    await expect(release('1.2.3', commit)).rejects.toThrow(
      /^The release is published, but v1 was not moved\. .*ruleset.*: git push --force-with-lease=refs\/tags\/v1: origin [0-9a-f]{40}:refs\/tags\/v1\n(?:.*\n)*.*v1 is protected/,
    );
    expect(released('1.2.3')?.draft).toBe(false);
    setPreReceive(repository, undefined);
    await release('1.2.3', commit);
    expect(repository.remoteRef('refs/tags/v1')).toBe(commit);
  },
  SLOW_MS,
);

test(
  'an annotated v1 is moved, too, and an annotated tag is released',
  async () => {
    const old = repository.tagVersion('1.2.2');
    repository.git('tag', '--annotate', '--message=Major', 'v1', old);
    const commit = repository.tagVersion('1.2.3');
    repository.git('tag', '--annotate', '--force', '--message=It', 'v1.2.3', commit);
    repository.git('push', '--quiet', '--force', 'origin', 'v1', 'v1.2.3');
    await release('1.2.3', commit);
    expect(repository.remoteRef('refs/tags/v1')).toBe(commit);
  },
  SLOW_MS,
);

test('a folder without files is no release', async () => {
  const commit = repository.tagVersion('1.2.3');
  const assets = join(repository.root, '..', 'empty');
  mkdirSync(assets);
  const releases = createGitHubReleases({ apiUrl: github.url, repository: 'acme/x', token: TOKEN });
  const publication = { root: repository.root, remote: 'origin', tag: 'v1.2.3', commit, assets, releases };
  await expect(publish({ ...publication, log: () => {}, warn: () => {} })).rejects.toThrow(
    'empty is empty. Make the files first: npm run release -- assets',
  );
});
