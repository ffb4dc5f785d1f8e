/** The command on throw-away repositories, with npm's own SBOM. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { changelogEntry } from '../../../scripts/release/changelog.ts';
import { run } from '../../../scripts/release/release.ts';
import { createSbom } from '../../../scripts/release/sbom.ts';
import { onCleanUp, temporaryFolder } from '../../clean-up.ts';
import { timeoutMs } from '../../timeouts.ts';
import { startGitHub, TOKEN } from './github-server.ts';
import { createRepository, type Repository, writeVersion } from './repository.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** Those that read versions and addresses. */
const TEXT_TESTS = [
  '__tests__/version.test.ts',
  '__tests__/scripts/examples.test.ts',
  '__tests__/scripts/workflows.test.ts',
];
const SLOW_MS = timeoutMs(60_000);

let repository: Repository;
let printed: string;

beforeEach(() => {
  repository = createRepository();
  printed = '';
  for (const method of ['log', 'error'] as const) {
    const spy = jest.spyOn(console, method).mockImplementation((line) => {
      printed += `${line}\n`;
    });
    onCleanUp(() => spy.mockRestore());
  }
}, SLOW_MS);

const release = (...args: string[]) => run(repository.root, args, {});
const refs = () => [
  repository.git('for-each-ref'),
  repository.remoteRef('refs'),
  repository.git('status', '--porcelain'),
];

/** In a process of its own, whose temporary folder nobody else has. */
function dryRunIn(folder: string): string {
  const script = pathToFileURL(join(import.meta.dirname, '../../../scripts/release/release.ts')).href;
  const call = `await run(${JSON.stringify(repository.root)}, ['--dry-run'], {})`;
  const code = `import { run } from ${JSON.stringify(script)}; process.exitCode = ${call};`;
  // npm's cache of compiled code would be there, too.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', TMPDIR: folder, TEMP: folder, TMP: folder };
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], { env, encoding: 'utf8' });
}

test(
  'a dry run plays all of it, changes nothing, and leaves nothing behind',
  async () => {
    repository.tagVersion('1.2.3');
    const before = refs();
    const folder = temporaryFolder();
    printed = dryRunIn(folder);
    expect(readdirSync(folder)).toEqual([]);
    expect(printed).toContain('Plays the release of v1.2.4 by example');
    expect(printed).toContain(
      'prepare 1.2.4, which changes CHANGELOG.md, package.json, package-lock.json, src/version.ts\n',
    );
    expect(printed).toMatch(/^Made catalyst-deploy-action-1\.2\.4\.cdx\.json \(\d+ bytes, SHA-256 [0-9a-f]{64}\)$/m);
    expect(printed).toMatch(/^Made catalyst-deploy-action-1\.2\.4\.tar\.gz \(\d+ bytes, SHA-256 [0-9a-f]{64}\)$/m);
    expect(printed).toContain('Would do: v1 goes to v1.2.4 (it is new)\n');
    expect(await release('--dry-run', '1.3.0-rc.1', '--owner', 'acme')).toBe(0);
    expect(printed).toContain('Would do: v1 stays: v1.3.0-rc.1 is a pre-release\n');
    expect(refs()).toEqual(before);
  },
  SLOW_MS,
);

test(
  'straight after a release a dry run has nothing to play, and is green; a version that is asked for is refused',
  async () => {
    repository.write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n- A thing.\n');
    repository.tagVersion('1.2.3');
    expect(await release('--dry-run')).toBe(0);
    expect(printed).toContain('Nothing to play: the version of package.json has its tag, and nothing stands below');
    expect(await release('--dry-run', '1.2.4')).toBe(1);
    expect(printed).toContain('error: CHANGELOG.md: nothing stands below "## [Unreleased]". Say what changed.');
  },
  SLOW_MS,
);

test(
  'the files of a run are of its own commit',
  async () => {
    const commit = repository.tagVersion('1.2.3');
    const other = repository.commit('More');
    const env = { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.2.3', GITHUB_SHA: other };
    expect(await run(repository.root, ['assets'], env)).toBe(1);
    expect(printed).toContain(`error: v1.2.3 is at ${commit}, and this run is of ${other}.`);
    expect(existsSync(join(repository.root, 'release-assets'))).toBe(false);
    expect(await run(repository.root, ['assets', '--tag', 'v9.9.9'], {})).toBe(1);
    expect(printed).toContain('error: There is no tag v9.9.9 here.');
  },
  SLOW_MS,
);

test(
  'a dry run refuses a dirty tree, a stale dist/, and what the checks find',
  async () => {
    writeVersion(repository, '1.2.3');
    expect(await release('--dry-run')).toBe(1);
    expect(printed).toContain('error: The working tree is not clean (M CHANGELOG.md): commit first.');
    repository.write('src/more.ts', '');
    repository.commit('Forget the build');
    expect(await release('--dry-run')).toBe(1);
    expect(printed).toContain('error: dist/ is older than src/: src/more.ts is newer.');
    repository.git('rm', '--quiet', 'src/more.ts');
    repository.write('README.md', 'Replace OWNER by yourself.\n');
    repository.commit('Add a placeholder that prepare does not know');
    expect(await release('--dry-run')).toBe(1);
    expect(printed).toContain('error: README.md:1: OWNER is a placeholder.');
    expect(await release('--dry-run', '1.2.2')).toBe(1);
    expect(printed).toContain('error: package.json says 1.2.3 already, which is newer than 1.2.2.');
  },
  SLOW_MS,
);

test(
  'prepare, a commit, a tag, and the three commands of the workflow make a release',
  async () => {
    repository.tagVersion('1.2.3');
    repository.write('README.md', '- uses: OWNER/catalyst-deploy-action@v1\n');
    expect(await release('prepare', '2.0.0', '--owner', 'acme')).toBe(0);
    expect(printed).toContain('Changed: CHANGELOG.md, package.json, package-lock.json, src/version.ts, README.md\n');
    expect(repository.read('README.md')).toBe('- uses: acme/catalyst-deploy-action@v2\n');
    expect(changelogEntry(repository.read('CHANGELOG.md'), '2.0.0')?.text).toBe('- Something to come.');
    expect(await release('prepare', '2.0.0', '--owner', 'acme')).toBe(0);
    expect(printed).toContain('Everything is prepared already.');
    writeVersion(repository, '2.0.0');
    const commit = repository.tagVersion('2.0.0');
    const github = await startGitHub();
    const env = {
      ...{ GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v2.0.0', GITHUB_SHA: commit, GITHUB_REPOSITORY_OWNER: 'acme' },
      ...{ GITHUB_REPOSITORY: 'acme/catalyst-deploy-action', GITHUB_API_URL: github.url, GITHUB_TOKEN: TOKEN },
    };
    for (const command of ['verify', 'assets', 'publish']) {
      expect([command, await run(repository.root, [command], env)]).toEqual([command, 0]);
    }
    const names = ['catalyst-deploy-action-2.0.0.cdx.json', 'catalyst-deploy-action-2.0.0.tar.gz'];
    expect(github.releases).toMatchObject([
      { tag_name: 'v2.0.0', draft: false, assets: names.map((name) => ({ name })) },
    ]);
    expect(repository.remoteRef('refs/tags/v2')).toBe(commit);
    expect(existsSync(join(repository.root, 'release-assets', names[0] ?? ''))).toBe(true);
    expect(printed).not.toContain(TOKEN);
    expect(printed).not.toContain(Buffer.from(`x-access-token:${TOKEN}`).toString('base64'));
  },
  SLOW_MS,
);

test(
  'the tests of texts and workflows pass on what prepare has written',
  async () => {
    const copy = join(temporaryFolder(), 'copy');
    repository.git('clone', '--quiet', ROOT, copy);
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
    // Straight after a release nothing is unreleased.
    const changelog = join(copy, 'CHANGELOG.md');
    writeFileSync(
      changelog,
      readFileSync(changelog, 'utf8').replace('## [Unreleased]\n', '## [Unreleased]\n\n- A thing.\n'),
    );
    expect(await run(copy, ['prepare', '9.0.0', '--owner', 'acme'], {})).toBe(0);
    const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const jestArgs = ['node_modules/jest/bin/jest.js', '--ci', ...TEXT_TESTS];
    const { status, stderr } = spawnSync(process.execPath, [...options, ...jestArgs], { cwd: copy, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^Test Suites: [3-9] passed, [3-9] total$/m)]);
  },
  SLOW_MS,
);

test(
  'the same commit gives the same SBOM',
  () => {
    repository.tagVersion('1.2.3');
    expect(createSbom(repository.root, 'v1.2.3')).toBe(createSbom(repository.root, 'v1.2.3'));
  },
  SLOW_MS,
);
