/**
 * Plays a release of HEAD on a copy of the repository with a remote of its own: what `prepare` writes, a commit, a tag, the
 * checks, the files, and the way of the major tag. GitHub is asked for nothing.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unreleasedText } from './changelog.ts';
import { fileAt, git } from './git.ts';
import type { GitHubReleases, Release } from './github-releases.ts';
import { prepare } from './prepare.ts';
import { publish } from './publish.ts';
import { distProblems, releaseProblems, writeAssets } from './verify.ts';
import { parseVersion, type Version } from './version.ts';

const IDENTITY = ['-c', 'user.name=Dry run', '-c', 'user.email=dry-run@example.com'];
const PLAIN = ['-c', 'commit.gpgSign=false', '-c', 'tag.gpgSign=false', '-c', 'core.hooksPath='];

export interface Rehearsal {
  root: string;
  /** What is released; without it the version of package.json, or the next patch if that is released already. */
  version?: Version | undefined;
  owner: string;
  date: string;
  log: (line: string) => void;
}

/**
 * @returns why it would fail, a line each
 * @throws Error where the working tree is not clean, or nothing is there to release the given version with
 */
export async function dryRun(rehearsal: Rehearsal): Promise<string[]> {
  const { root, log } = rehearsal;
  const [change] = git(root, ['status', '--porcelain']).split('\n').filter(Boolean);
  if (change !== undefined) throw new Error(`The working tree is not clean (${change.trim()}): commit first.`);
  const stale = distProblems(root, 'record');
  if (stale.length > 0) return stale;
  const version = rehearsal.version ?? nextVersion(root);
  if (version === undefined) {
    log('Nothing to play: the version of package.json has its tag, and nothing stands below "## [Unreleased]".');
    return [];
  }
  const temporary = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const copy = copyRepository(root, temporary);
    const tag = pretend(copy, version, rehearsal);
    // In a fork the addresses are not its own.
    const problems = releaseProblems({ root: copy, tag, dist: 'skip' });
    if (problems.length > 0) return problems;
    log('Checks passed: tag, history, versions, changelog, addresses, archive, SBOM');
    await pretendToPublish(copy, tag, version, join(temporary, 'assets'), log);
    log('Not played: npm test, the build of dist/ (npm run check:dist), the attestation, the gate of the environment');
    return [];
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Undefined straight after a release: there is nothing that a next one would bring. */
function nextVersion(root: string): Version | undefined {
  const { version } = JSON.parse(fileAt(root, 'HEAD', 'package.json') ?? '{}') as { version: string };
  const current = parseVersion(version);
  if (current === undefined) throw new Error(`package.json: "${version}" is no version.`);
  if (git(root, ['tag', '--list', `v${version}`]) === '') return current;
  if (unreleasedText(fileAt(root, 'HEAD', 'CHANGELOG.md') ?? '') === '') return undefined;
  const [major, minor, patch] = current.numbers;
  return parseVersion(`${major}.${minor}.${patch + 1}`) ?? current;
}

/** HEAD as `main` of a remote, and a clone of that. */
function copyRepository(root: string, folder: string): string {
  const [remote, copy] = [join(folder, 'remote.git'), join(folder, 'repository')];
  git(root, ['clone', '--quiet', '--bare', '.', remote]);
  git(remote, ['update-ref', 'refs/heads/main', git(root, ['rev-parse', 'HEAD'])]);
  git(remote, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  git(folder, ['clone', '--quiet', remote, copy]);
  return copy;
}

/** Prepares, commits, tags and pushes. */
function pretend(copy: string, version: Version, { owner, date, log }: Rehearsal): string {
  const tag = `v${version.text}`;
  const changed = prepare({ root: copy, version, owner, date });
  log(`Plays the release of ${tag} by ${owner} on a copy of this repository; each command ends within a minute`);
  if (changed.length > 0) {
    log(`First to do: npm run release -- prepare ${version.text}, which changes ${changed.join(', ')}`);
    git(copy, [...IDENTITY, ...PLAIN, 'commit', '--quiet', '--all', `--message=Release ${version.text}`]);
  }
  git(copy, [...IDENTITY, ...PLAIN, 'tag', tag]);
  git(copy, ['push', '--quiet', 'origin', 'HEAD:refs/heads/main', `refs/tags/${tag}`]);
  return tag;
}

async function pretendToPublish(
  root: string,
  tag: string,
  version: Version,
  assets: string,
  log: (line: string) => void,
): Promise<void> {
  const commit = git(root, ['rev-parse', `${tag}^{commit}`]);
  writeAssets(root, commit, version, assets);
  for (const name of readdirSync(assets).sort()) {
    const content = readFileSync(join(assets, name));
    log(`Made ${name} (${content.length} bytes, SHA-256 ${createHash('sha256').update(content).digest('hex')})`);
  }
  const would = (line: string) => log(`Would do: ${line}`);
  await publish({
    root,
    remote: 'origin',
    tag,
    commit,
    assets,
    releases: pretendReleases(would),
    log: would,
    warn: would,
  });
}

/** A repository without releases, which keeps what it is sent. */
function pretendReleases(log: (line: string) => void): GitHubReleases {
  let release: Release | undefined;
  return {
    list: async () => [],
    create: async (fields) => {
      log(`create the draft of ${fields.tag_name} at ${fields.target_commitish}, latest: ${fields.make_latest}`);
      const { tag_name, target_commitish = 'main', draft, prerelease } = fields;
      const urls = { upload_url: '', html_url: `https://github.com/…/releases/tag/${tag_name}` };
      release = { id: 1, tag_name, target_commitish, draft, prerelease, ...urls, assets: [] };
      return release;
    },
    update: async (_id, fields) => {
      if (release === undefined) throw new Error('There is no draft to publish.');
      release = { ...release, draft: fields.draft ?? release.draft };
      return release;
    },
    removeAsset: async () => {},
    uploadAsset: async (_release, name) => ({ id: 1, name, state: 'uploaded' }),
  };
}
