/** What a runner downloads of a release: small, and every action works from it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { batchPlatform, runBatch } from './batch-harness.ts';
import { cleanUp, closedPlatform } from './cleanup-harness.ts';
import { onPush } from './gate-harness.ts';
import { githubPlatform, onGitHub } from './github-harness.ts';
import { platform } from './harness.ts';
import { readLogs } from './logs-harness.ts';
import { csvOf, redirectsPlatform, runImport } from './redirects-harness.ts';
import { platformWith, rollBack } from './rollback-harness.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAX_FILES = 80;
const MAX_BYTES = 1_000_000;

/** With the archive, and a folder in which it was unpacked. */
let folder: string;
let repository: string;

/** The tree that a commit of everything would have, changes that are not committed included. Leaves nothing in `.git`. */
function treeOfNow(): string {
  const git = (args: string[], env: Record<string, string> = {}) =>
    execFileSync('git', ['-C', ROOT, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' }).trim();
  const objects = join(folder, 'objects');
  mkdirSync(objects);
  const own = {
    GIT_INDEX_FILE: join(folder, 'index'),
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: resolve(ROOT, git(['rev-parse', '--git-path', 'objects'])),
  };
  git(['read-tree', 'HEAD'], own);
  git(['add', '--all'], own);
  git(['archive', '--format=tar.gz', `--output=${join(folder, 'action.tar.gz')}`, git(['write-tree'], own)], own);
  return join(folder, 'action.tar.gz');
}

const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(path, name)).isFile());

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
  repository = join(folder, 'action');
  mkdirSync(repository);
  execFileSync('tar', ['-xzf', treeOfNow(), '-C', repository]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the archive has the actions and dist/, and hardly anything else', () => {
  const files = filesIn(repository);
  const beside = files.filter((name) => !/(?:^|[\\/])(?:action\.yml|README\.md)$|^dist[\\/]/.test(name));
  expect(beside.sort()).toEqual(['CHANGELOG.md', 'LICENSE']);
  expect(files.length).toBeLessThanOrEqual(MAX_FILES);
  expect(statSync(join(folder, 'action.tar.gz')).size).toBeLessThanOrEqual(MAX_BYTES);
});

test('every action of the repository is in it, and all of dist/ that runs', () => {
  const actions = readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'action.yml')));
  expect(actions.length).toBeGreaterThan(0);
  for (const name of [...actions, '.']) expect(existsSync(join(repository, name, 'action.yml'))).toBe(true);
  const built = filesIn(join(ROOT, 'dist')).filter((name) => name !== 'sources.txt');
  expect(filesIn(join(repository, 'dist')).sort()).toEqual(built.sort());
});

test('the deploy action runs from it, its artifact and its post step included', async () => {
  const emulator = await githubPlatform();
  const run = await onGitHub({ emulator, repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', annotations: [], outputs: { outcome: 'deployed' } });
  expect(run.outputs['artifact-id']).toBeDefined();
  const post = await onGitHub({ emulator, repository, postOf: run.state });
  expect(post).toMatchObject({ exitCode: 0, stderr: '', annotations: [] });
});

test('rollback runs from it', async () => {
  const { emulator } = await platformWith(['one', 'two']);
  const run = await rollBack({ emulator, repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { outcome: 'deployed' } });
});

test('preview-cleanup runs from it', async () => {
  const run = await cleanUp({ emulator: await closedPlatform(), repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { outcome: 'deleted' } });
});

test('logs runs from it', async () => {
  const run = await readLogs({ emulator: await platform(), repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { outcome: 'complete' } });
});

test('preview-gate runs from it, its post step included', async () => {
  const emulator = await githubPlatform();
  const run = await onPush({ emulator, repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { deploy: 'true' } });
  expect(await onPush({ emulator, repository, postOf: run.state })).toMatchObject({ exitCode: 0, stderr: '' });
});

test('redirects runs from it', async () => {
  const run = await runImport({ emulator: await redirectsPlatform(), csv: csvOf('/old,/new,,'), repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { outcome: 'complete' } });
});

test('batch-upload runs from it', async () => {
  const run = await runBatch({ emulator: await batchPlatform(), repository });
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { outcome: 'success' } });
});
