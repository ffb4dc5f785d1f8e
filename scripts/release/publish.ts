/**
 * Publishes a release that was verified: a draft at the commit, its files, then the release, then `vN`. Each step looks
 * at what is there first, so that a second run goes on where the first one stopped, and changes nothing after the end.
 * Files come before publishing, since an immutable release takes none later.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogEntry } from './changelog.ts';
import { commitOf, fileAt, remoteTags } from './git.ts';
import { type Asset, GitHubRefusal, type GitHubReleases, type Release, type ReleaseFields } from './github-releases.ts';
import { moveMajorTag } from './major-tag.ts';
import { compareVersions, isPreRelease, parseTag, type Version } from './version.ts';

export interface Publication {
  root: string;
  remote: string;
  tag: string;
  /** The commit that was verified. */
  commit: string;
  /** A folder with the files to attach, and nothing else. */
  assets: string;
  releases: GitHubReleases;
  /** For git, with what the remote asks for. */
  env?: Readonly<Record<string, string>>;
  log: (line: string) => void;
  warn: (line: string) => void;
}

/** @throws Error that says what is wrong; a second run is safe */
export async function publish(publication: Publication): Promise<void> {
  const { root, tag, commit, releases, log } = publication;
  const version = parseTag(tag);
  if (version === undefined) throw new Error(`${tag} is no tag of a release, such as v1.2.3.`);
  const files = readAssets(publication.assets);
  requireTag(publication, 'Nothing more is done.');
  const all = await releases.list();
  const published = all.find((release) => release.tag_name === tag && !release.draft);
  if (published !== undefined) {
    warnOfOtherFiles(publication, published, files);
    log(`${tag} is published already: ${published.html_url}`);
  } else {
    const fields = releaseFields(root, commit, version, all);
    const draft = await prepareDraft(publication, all, fields);
    await attach(publication, draft, files);
    // The draft was made for this commit, and a release is of what its tag names when it is published.
    requireTag(publication, 'Nothing more is done. The draft stays a draft.');
    const { prerelease, make_latest } = fields;
    const release = await releases.update(draft.id, { draft: false, prerelease, make_latest });
    if (release.draft || release.tag_name !== tag) throw new Error(`GitHub did not publish ${tag}. Run this again.`);
    requireTag(publication, `The release is published, maybe of another commit: look at ${release.html_url}.`);
    log(`${tag} is published: ${release.html_url}`);
  }
  log(moveMajorTag(publication, version, commit));
}

/** @param state what of the release is there, for the error */
function requireTag({ root, remote, tag, commit, env }: Publication, state: string): void {
  const now = remoteTags(root, remote, env).find(({ name }) => name === tag)?.commit;
  if (now === commit && commitOf(root, commit) !== undefined) return;
  throw new Error(
    `${tag} is ${now === undefined ? 'gone' : `at ${now} now`}, and ${commit} was verified. ${state} ` +
      'See who moved the tag, and release under a new version.',
  );
}

function releaseFields(root: string, commit: string, version: Version, all: readonly Release[]): ReleaseFields {
  const stable = all
    .filter((release) => !release.draft && !release.prerelease)
    .flatMap((release) => parseTag(release.tag_name) ?? []);
  const isLatest = !isPreRelease(version) && stable.every((other) => compareVersions(version, other) > 0);
  return {
    tag_name: `v${version.text}`,
    target_commitish: commit,
    name: `v${version.text}`,
    body: changelogEntry(fileAt(root, commit, 'CHANGELOG.md') ?? '', version.text)?.text ?? '',
    draft: true,
    prerelease: isPreRelease(version),
    make_latest: isLatest ? 'true' : 'false',
  };
}

/** A draft that is there (of a run before, or made by hand) is taken and set right. */
async function prepareDraft(publication: Publication, all: readonly Release[], fields: ReleaseFields) {
  const { tag, releases, log } = publication;
  const [draft, ...others] = all.filter((release) => release.tag_name === tag && release.draft);
  if (others.length > 0) {
    throw new Error(`There are ${others.length + 1} drafts for ${tag}. Delete all but one, and run this again.`);
  }
  log(draft === undefined ? `A draft for ${tag}` : `The draft for ${tag} that is there`);
  return await pinned(publication, fields, (given) =>
    draft === undefined ? releases.create(given) : releases.update(draft.id, given),
  );
}

/**
 * Sends a draft with its commit. GitHub refuses (403) a commit that touches workflows, whatever a run's token may; the tag
 * is what counts then, and it is looked at before and after publishing.
 */
async function pinned(
  { warn }: Publication,
  fields: ReleaseFields,
  send: (fields: ReleaseFields) => Promise<Release>,
): Promise<Release> {
  try {
    return await send(fields);
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 403) throw error;
    const { target_commitish: commit, ...others } = fields;
    const release = await send(others);
    warn(
      `GitHub does not pin the draft to ${commit}, since that changes workflows: the tag alone says what is released.`,
    );
    return release;
  }
}

/** The draft has these files afterwards, and no other ones. */
async function attach({ releases, log }: Publication, draft: Release, files: readonly AssetFile[]): Promise<void> {
  const kept = new Set<string>();
  for (const asset of draft.assets) {
    if (files.some((file) => isSame(asset, file))) kept.add(asset.name);
    else {
      log(`Deletes ${asset.name}, which is another file`);
      await releases.removeAsset(asset.id);
    }
  }
  for (const file of files.filter(({ name }) => !kept.has(name))) {
    const asset = await releases.uploadAsset(draft, file.name, file.content);
    if (asset.digest && asset.digest !== file.digest) {
      throw new Error(`GitHub has ${file.name} with ${asset.digest}, not ${file.digest}. Run this again.`);
    }
    log(`Attached ${file.name} (${file.content.length} bytes, ${file.digest})`);
  }
}

/** Another version of git or npm writes other bytes of the same commit; somebody may have exchanged a file, too. */
function warnOfOtherFiles({ warn }: Publication, release: Release, files: readonly AssetFile[]): void {
  const different = files.filter((file) => !release.assets.some((asset) => isSame(asset, file)));
  if (different.length === 0) return;
  const names = different.map(({ name }) => name).join(', ');
  warn(`${release.tag_name} has other files than this run made (${names}): compare them with their attestations.`);
}

interface AssetFile {
  name: string;
  content: Uint8Array;
  /** `sha256:…` */
  digest: string;
}

function readAssets(folder: string): AssetFile[] {
  const files = readdirSync(folder).sort();
  if (files.length === 0) throw new Error(`${folder} is empty. Make the files first: npm run release -- assets`);
  return files.map((name) => {
    const content = readFileSync(join(folder, name));
    return { name, content, digest: `sha256:${createHash('sha256').update(content).digest('hex')}` };
  });
}

function isSame(asset: Asset, file: AssetFile): boolean {
  return asset.name === file.name && asset.state === 'uploaded' && asset.digest === file.digest;
}
