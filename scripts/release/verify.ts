/** What is checked before a tag is released. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staleSources } from '../dist-sources.ts';
import { addressProblems, isForUsers } from './addresses.ts';
import { archiveProblems, assetName, filesInArchive, writeArchive } from './archive.ts';
import { changelogProblems } from './changelog.ts';
import { commitOf, fileAt, filesAt, git, isAncestor } from './git.ts';
import { createSbom, sbomProblems } from './sbom.ts';
import { parseTag, type Version } from './version.ts';

const MAIN = 'refs/remotes/origin/main';
const BUILD_TIMEOUT_MS = 300_000;

export interface Candidate {
  /** A clean checkout of the tag. */
  root: string;
  tag: string;
  /** The account that hosts the repository, where it is known. */
  owner?: string | undefined;
  /** dist/ is built again and compared, or its record of sources is compared, or neither. */
  dist: 'rebuild' | 'record' | 'skip';
}

/**
 * @param sbomOf makes the SBOM of a commit; npm takes a second for it
 * @returns why the tag must not be released, a line each; empty when it may be
 */
export function releaseProblems({ root, tag, owner, dist }: Candidate, sbomOf = createSbom): string[] {
  const version = parseTag(tag);
  if (version === undefined) {
    return [`"${tag}" is no tag of a release. It must be vX.Y.Z, or vX.Y.Z-rc.1 for a pre-release.`];
  }
  const commit = commitOf(root, `refs/tags/${tag}`);
  if (commit === undefined) return [`There is no tag ${tag}. Push it first: git tag ${tag} && git push origin ${tag}`];
  return [
    ...checkoutProblems(root, tag, commit),
    ...historyProblems(root, tag, commit),
    ...versionProblems(root, commit, version),
    ...changelogProblems(fileAt(root, commit, 'CHANGELOG.md') ?? '', version.text),
    ...allAddressProblems(root, commit, version, owner),
    ...assetProblems(root, commit, version, sbomOf),
    ...(dist === 'skip' ? [] : distProblems(root, dist)),
  ];
}

function checkoutProblems(root: string, tag: string, commit: string): string[] {
  const head = commitOf(root, 'HEAD');
  const changes = git(root, ['status', '--porcelain']).split('\n').filter(Boolean);
  return [
    ...(head === commit ? [] : [`The checkout is at ${head}, not at ${tag}, which is ${commit}. Check ${tag} out.`]),
    ...(changes.length === 0
      ? []
      : [`The checkout has changes that are not committed, ${changes[0]?.trim()} the first of ${changes.length}.`]),
  ];
}

function historyProblems(root: string, tag: string, commit: string): string[] {
  if (commitOf(root, MAIN) === undefined) return ['origin/main is not here: fetch it with its history.'];
  if (isAncestor(root, commit, MAIN)) return [];
  return [
    `${tag} (${commit}) is not in the history of main. Merge it by a pull request, then release under a new version: ` +
      'a tag that somebody may have fetched is not moved.',
  ];
}

function versionProblems(root: string, commit: string, { text }: Version): string[] {
  const read = (path: string) => fileAt(root, commit, path) ?? '';
  const manifest = parseObject(read('package.json'));
  const lock = parseObject(read('package-lock.json'));
  const packages = lock['packages'] as Record<string, { version?: unknown }> | undefined;
  const found: [string, unknown][] = [
    ['package.json', manifest['version']],
    ['package-lock.json', lock['version']],
    ['package-lock.json (packages)', packages?.['']?.version],
    ['src/version.ts', /VERSION = '([^']*)'/.exec(read('src/version.ts'))?.[1]],
  ];
  return found
    .filter(([, version]) => version !== text)
    .map(([place, version]) => `${place} says ${version}, not ${text}. Run: npm run release -- prepare ${text}`);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function allAddressProblems(root: string, commit: string, version: Version, owner: string | undefined): string[] {
  const paths = filesAt(root, commit).map(({ path }) => path);
  const problems = paths
    .filter(isForUsers)
    .flatMap((path) => addressProblems(path, fileAt(root, commit, path) ?? '', version, owner));
  if (problems.length > 0)
    problems.push('Mend these addresses: npm run release -- prepare <version> --owner <account>');
  return problems;
}

/** The files to attach: the archive and the SBOM, made here only to be looked at. */
function assetProblems(root: string, commit: string, version: Version, sbomOf: typeof createSbom): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const { archive, sbom } = writeAssets(root, commit, version, folder, sbomOf);
    const manifest = JSON.parse(fileAt(root, commit, 'package.json') ?? '{}');
    const expected = { name: manifest.name, version: version.text, dependencies: manifest.dependencies };
    return [
      ...archiveProblems(root, commit, filesInArchive(archive)),
      ...sbomProblems(readFileSync(sbom, 'utf8'), expected),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the files of a release into a folder, and returns their paths. */
export function writeAssets(root: string, commit: string, { text }: Version, folder: string, sbomOf = createSbom) {
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, `${assetName(text)}.tar.gz`);
  const sbom = join(folder, `${assetName(text)}.cdx.json`);
  writeArchive(root, commit, text, archive);
  writeFileSync(sbom, sbomOf(root, commit));
  return { archive, sbom };
}

/** Whether dist/ is what the sources give. Its own script builds, and has its own words on what differs. */
export function distProblems(root: string, dist: 'rebuild' | 'record'): string[] {
  const stale = staleSources(root);
  if (stale.length > 0) return [`dist/ is older than src/: ${stale[0]}. Run npm run build, and commit dist/.`];
  if (dist === 'record') return [];
  try {
    execFileSync(process.execPath, [join(root, 'scripts', 'check-dist.ts')], {
      ...{ cwd: root, encoding: 'utf8', timeout: BUILD_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    return [];
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return [`dist/ is not what the sources give: ${stderr?.trim() || message}`];
  }
}
