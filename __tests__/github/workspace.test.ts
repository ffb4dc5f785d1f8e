/** What stands in a folder, as git says it: anything that is no repository is no fault. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readWorkspaceCommit, readWorkspaceCommits } from '../../src/github/workspace.ts';
import { createRepository, git } from './git-repository.ts';

const folders: string[] = [];
const { PATH } = process.env;

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  process.env['PATH'] = PATH;
  for (const name of ['GIT_TEST_ASSUME_DIFFERENT_OWNER', 'GIT_CONFIG_GLOBAL']) delete process.env[name];
});

function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));
  folders.push(folder);
  return folder;
}

test('a commit and its parents, in their order', async () => {
  const folder = emptyFolder();
  const { base, head, merge } = createRepository(folder);
  expect((await readWorkspaceCommit(folder, folder))?.sha).toBe(base);
  git(folder, 'checkout', '--quiet', '--detach', merge);
  expect(await readWorkspaceCommit(folder, folder)).toEqual({ sha: merge, parents: [base, head] });
});

test('a first commit has no parents, and a message cannot add one', async () => {
  const folder = emptyFolder();
  git(folder, 'init', '--quiet');
  writeFileSync(join(folder, 'a'), '');
  git(folder, 'add', 'a');
  git(folder, 'commit', '--quiet', '--message', `Add\n\nparent ${'a'.repeat(40)}`);
  expect((await readWorkspaceCommit(folder, folder))?.parents).toEqual([]);
});

test('a shallow clone names the parents that it does not have', async () => {
  const [source, clone] = [emptyFolder(), emptyFolder()];
  const { base, head, merge } = createRepository(source);
  git(source, 'checkout', '--quiet', '--detach', merge);
  git(clone, 'clone', '--quiet', '--depth', '1', '--branch', 'pull-merge', `file://${source}`, '.');
  expect(() => git(clone, 'cat-file', '-e', head)).toThrow();
  expect(await readWorkspaceCommit(clone, clone)).toEqual({ sha: merge, parents: [base, head] });
});

test('a folder inside of a repository belongs to it, and one behind a symbolic link too', async () => {
  const folder = emptyFolder();
  const { base } = createRepository(folder);
  mkdirSync(join(folder, 'core/app'), { recursive: true });
  expect((await readWorkspaceCommit(join(folder, 'core/app'), folder))?.sha).toBe(base);
  const link = join(emptyFolder(), 'link');
  symlinkSync(folder, link);
  expect((await readWorkspaceCommit(join(link, 'core'), link))?.sha).toBe(base);
});

test('a repository around the workspace is not the workspace', async () => {
  const around = emptyFolder();
  createRepository(around);
  const workspace = join(around, 'work/storefront');
  mkdirSync(join(workspace, 'core'), { recursive: true });
  expect(await readWorkspaceCommit(workspace, workspace)).toBeUndefined();
  expect(await readWorkspaceCommit(join(workspace, 'core'), workspace)).toBeUndefined();
});

test('a repository with the longer hashes', async () => {
  const folder = emptyFolder();
  git(folder, 'init', '--quiet', '--object-format=sha256');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'First');
  expect((await readWorkspaceCommit(folder, folder))?.sha).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['that is not there', () => join(emptyFolder(), 'missing')],
  ['without a repository', emptyFolder],
  [
    'with a repository that has no commit',
    () => {
      const folder = emptyFolder();
      git(folder, 'init', '--quiet');
      return folder;
    },
  ],
  [
    'whose repository is broken',
    () => {
      const folder = emptyFolder();
      createRepository(folder);
      writeFileSync(join(folder, '.git/HEAD'), 'garbage');
      return folder;
    },
  ],
])('nothing is known of a folder %s', async (_, create) => {
  const folder = create();
  expect(await readWorkspaceCommit(folder, folder)).toBeUndefined();
});

test('nothing is known where there is no git', async () => {
  const folder = emptyFolder();
  createRepository(folder);
  process.env['PATH'] = emptyFolder();
  expect(await readWorkspaceCommit(folder, folder)).toBeUndefined();
});

test("another user's repository is read, as in a container", async () => {
  const folder = emptyFolder();
  const { base } = createRepository(folder);
  process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
  process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER'] = '1';
  expect((await readWorkspaceCommit(folder, folder))?.sha).toBe(base);
});

test("another user's repository is read by a git that takes `safe.directory` from no command line (before 2.38)", async () => {
  const folder = emptyFolder();
  const { base } = createRepository(folder);
  const tools = emptyFolder();
  // Such a git takes the setting from the user's or the system's file alone.
  const script = `#!/bin/sh
shift_safe() { [ "$1" = -c ] && [ "$2" = 'safe.directory=*' ]; }
if shift_safe "$1" "$2"; then shift 2; fi
unset GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS
PATH='${PATH}' exec git "$@"
`;
  writeFileSync(join(tools, 'git'), script);
  chmodSync(join(tools, 'git'), 0o755);
  process.env['PATH'] = `${tools}:${PATH}`;
  process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
  process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER'] = '1';
  expect((await readWorkspaceCommit(folder, folder))?.sha).toBe(base);
});

describe('several folders', () => {
  /** Puts a git before the real one that notes from where it was asked. */
  function noteAsking(): () => string[] {
    const tools = emptyFolder();
    const notes = join(tools, 'asked');
    writeFileSync(join(tools, 'git'), `#!/bin/sh\necho "$2" >> '${notes}'\nPATH='${PATH}' exec git "$@"\n`);
    chmodSync(join(tools, 'git'), 0o755);
    process.env['PATH'] = `${tools}:${PATH}`;
    return () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n').sort() : []);
  }

  test('of one repository: git is asked once', async () => {
    const folder = emptyFolder();
    const { base } = createRepository(folder);
    mkdirSync(join(folder, 'core/.bigcommerce/dist'), { recursive: true });
    const asked = noteAsking();
    const folders = [join(folder, 'core'), join(folder, 'core/.bigcommerce/dist'), folder];
    expect((await readWorkspaceCommits(folders, folder)).map(({ sha }) => sha)).toEqual([base]);
    expect(asked()).toEqual([folder]);
  });

  test.each([
    ['a repository', (inner: string) => void createRepository(inner)],
    ['a bare repository', (inner: string) => git(inner, 'clone', '--quiet', '--bare', created(), '.')],
    [
      'a work tree of a repository elsewhere',
      (inner: string) => {
        rmSync(inner, { recursive: true });
        git(created(), 'worktree', 'add', '--quiet', '--detach', inner, 'HEAD');
      },
    ],
  ])('one is in %s of its own: the nearest first', async (_, createInner) => {
    const folder = emptyFolder();
    git(folder, 'init', '--quiet');
    git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Around');
    const inner = join(folder, 'storefront');
    mkdirSync(inner);
    createInner(inner);
    mkdirSync(join(inner, 'core'), { recursive: true });
    const expected = await Promise.all([inner, folder].map((one) => readWorkspaceCommit(one, folder)));
    expect(new Set(expected.map((commit) => commit?.sha)).size).toBe(2);
    expect(await readWorkspaceCommits([join(inner, 'core'), folder], folder)).toEqual(expected);
  });

  test('one leads out of the workspace, one is not there', async () => {
    const [folder, other] = [emptyFolder(), emptyFolder()];
    const { base } = createRepository(folder);
    git(other, 'init', '--quiet');
    git(other, 'commit', '--quiet', '--allow-empty', '--message', 'Elsewhere');
    symlinkSync(other, join(folder, 'link'));
    const elsewhere = await readWorkspaceCommit(other, other);
    const found = await readWorkspaceCommits([join(folder, 'link'), join(folder, 'missing'), folder], folder);
    expect(found.map(({ sha }) => sha)).toEqual([elsewhere?.sha, base]);
  });

  test('the workspace is a link, and a repository around what it leads to is not looked at', async () => {
    const around = emptyFolder();
    createRepository(around);
    mkdirSync(join(around, 'work/core'), { recursive: true });
    const link = join(emptyFolder(), 'link');
    symlinkSync(join(around, 'work'), link);
    expect(await readWorkspaceCommits([join(link, 'core'), link], link)).toEqual([]);
  });

  test('a folder whose name begins like the workspace is outside of it', async () => {
    const around = emptyFolder();
    const [workspace, beside] = [join(around, 'work'), join(around, 'work-2')];
    for (const one of [workspace, beside]) mkdirSync(one);
    const { base } = createRepository(workspace);
    git(beside, 'init', '--quiet');
    git(beside, 'commit', '--quiet', '--allow-empty', '--message', 'Beside');
    const found = await readWorkspaceCommits([beside, workspace], workspace);
    expect(found.map(({ sha }) => sha)).toEqual([(await readWorkspaceCommit(beside, beside))?.sha, base]);
  });

  /** A repository somewhere else. */
  function created(): string {
    const folder = emptyFolder();
    createRepository(folder);
    return folder;
  }
});
