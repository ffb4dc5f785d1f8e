/** A small repository of the same shape, with a remote of its own, for releases of any kind. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderRecord } from '../../../scripts/dist-sources.ts';
import { fileAt, git } from '../../../scripts/release/git.ts';
import { temporaryFolder } from '../../clean-up.ts';

const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];

/** Stands for the build: the version is all that src/ has. */
const CHECK_DIST = `
import { readFileSync } from 'node:fs';
const [, version] = /'(.*)'/.exec(readFileSync('src/version.ts', 'utf8'));
if (readFileSync('dist/main.js', 'utf8') !== version) {
  console.error('dist/main.js: differs');
  process.exitCode = 1;
}
`;

const ATTRIBUTES = ['.gitattributes', 'dist/sources.txt', 'package.json', 'package-lock.json', 'scripts', 'src']
  .map((path) => `/${path} export-ignore\n`)
  .join('');

export interface Repository {
  root: string;
  /** The bare one that it is pushed to. */
  remote: string;
  git: (...args: string[]) => string;
  write: (path: string, text: string) => void;
  read: (path: string) => string;
  /** Commits everything; the commit's SHA. */
  commit: (message: string) => string;
  /** A release's commit on the branch that is checked out, its tag, both pushed; the commit's SHA. */
  tagVersion: (version: string, branch?: string) => string;
  /** What the remote's ref names; '' where it has none. */
  remoteRef: (ref: string) => string;
}

export function createRepository(): Repository {
  const folder = temporaryFolder();
  const [root, remote] = [join(folder, 'repository'), join(folder, 'remote.git')];
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  git(folder, ['clone', '--quiet', remote, root]);
  git(root, ['checkout', '--quiet', '-B', 'main']);
  const repository: Repository = {
    root,
    remote,
    git: (...args) => git(root, [...IDENTITY, ...args]),
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit: (message) => {
      repository.git('add', '--all');
      repository.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
      return repository.git('rev-parse', 'HEAD');
    },
    tagVersion: (version, branch = 'main') => {
      writeVersion(repository, version);
      const commit = repository.commit(`Release ${version}`);
      repository.git('tag', `v${version}`);
      repository.git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`, `refs/tags/v${version}`);
      repository.git('fetch', '--quiet', 'origin');
      return commit;
    },
    remoteRef: (ref) => git(remote, ['for-each-ref', '--format=%(objectname)', ref]),
  };
  writeFixture(repository);
  repository.commit('Start');
  return repository;
}

function writeFixture({ write }: Repository): void {
  write('.gitattributes', ATTRIBUTES);
  write('LICENSE', 'MIT\n');
  write('README.md', '- uses: acme/catalyst-deploy-action@v1\n');
  write('action.yml', 'name: it\nruns:\n  using: node24\n  main: dist/main.js\n');
  write('logs/action.yml', 'name: its logs\nruns:\n  using: node24\n  main: ../dist/main.js\n');
  write('dist/licenses.txt', '');
  write('scripts/check-dist.ts', CHECK_DIST);
  write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n- Something to come.\n');
}

/** As `prepare` and a build do. */
export function writeVersion({ root, write, read }: Repository, version: string): void {
  const name = 'catalyst-deploy-action';
  write('package.json', `${JSON.stringify({ name, version, type: 'module' }, null, 2)}\n`);
  const lock = { name, version, lockfileVersion: 3, requires: true, packages: { '': { name, version } } };
  write('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  write('src/version.ts', `export const VERSION = '${version}';\n`);
  write('dist/main.js', version);
  write('dist/sources.txt', renderRecord(root));
  const entry = `## [${version}] - 2026-01-31\n\n- What ${version} brings.\n`;
  if (!read('CHANGELOG.md').includes(`[${version}]`)) {
    write('CHANGELOG.md', read('CHANGELOG.md').replace('to come.\n', `to come.\n\n${entry}`));
  }
}

/** A hook of the remote, which runs for each push before anything is changed. */
export function setPreReceive({ remote }: Repository, script: string | undefined): void {
  const path = join(remote, 'hooks', 'pre-receive');
  rmSync(path, { force: true });
  if (script !== undefined) writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Runs a script in the remote once, after it has answered which refs it has; `arm` says which answer. */
export function afterNextAnswer({ root, remote }: Repository, script: string): { arm: () => void } {
  const [wrapper, flag] = [join(remote, 'upload-pack'), join(remote, 'armed')];
  const move = `if [ -e ${flag} ]; then rm ${flag}; cd ${remote} && ${script}; fi`;
  writeFileSync(wrapper, `#!/bin/sh\ngit-upload-pack "$@"\n${move}\n`, { mode: 0o755 });
  git(root, ['config', 'remote.origin.uploadpack', wrapper]);
  return { arm: () => writeFileSync(flag, '') };
}

/** What npm gives for such a repository, without its second of time. */
export function sbomOf(root: string, commit: string): string {
  const { name, version } = JSON.parse(fileAt(root, commit, 'package.json') ?? '{}');
  const component = { type: 'library', name, version, purl: `pkg:npm/${name}@${version}`, 'bom-ref': name };
  return JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components: [], dependencies: [] },
    ...{ serialNumber: 'urn:uuid:12345678-1234-8234-8234-123456789abc' },
    metadata: { timestamp: '2026-01-31T00:00:00.000Z', component },
  });
}
