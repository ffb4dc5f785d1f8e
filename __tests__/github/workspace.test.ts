/** What a folder contains, as git says it: a folder that is not a repository is not a fault. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { isInRepository, readHeldCommits, type WorkspaceCommit } from '../../src/github/workspace.ts';
import { temporaryFolder } from '../clean-up.ts';
import { onPosix } from '../systems.ts';
import { createRepository, git, plantFetching } from './git-repository.ts';

const { PATH } = process.env;

afterEach(() => {
  process.env['PATH'] = PATH;
  for (const name of ['INPUT_ACCESS-TOKEN', 'INPUT_SECRETS']) delete process.env[name];
});

/** Puts a git before the real one in PATH, which runs that after some lines of its own. */
function putBeforeGit(lines: string): void {
  const tools = temporaryFolder();
  writeFileSync(join(tools, 'git'), `#!/bin/sh\n${lines}\nPATH='${PATH}' exec git "$@"\n`);
  chmodSync(join(tools, 'git'), 0o755);
  process.env['PATH'] = `${tools}${delimiter}${PATH}`;
}

async function readCommit(folder: string, workspace = folder): Promise<WorkspaceCommit | undefined> {
  return (await readHeldCommits([folder], workspace)).commits[0];
}

function mkdirUnder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
}

test('a commit and its parents, in their order', async () => {
  const folder = temporaryFolder();
  const { base, head, merge } = createRepository(folder);
  expect((await readCommit(folder, folder))?.sha).toBe(base);
  git(folder, 'checkout', '--quiet', '--detach', merge);
  expect(await readCommit(folder, folder)).toEqual({ sha: merge, parents: [base, head] });
});

test('a first commit has no parents, and a message cannot add one', async () => {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet');
  writeFileSync(join(folder, 'a'), '');
  git(folder, 'add', 'a');
  git(folder, 'commit', '--quiet', '--message', `Add\n\nparent ${'a'.repeat(40)}`);
  expect((await readCommit(folder, folder))?.parents).toEqual([]);
});

test('a shallow clone names the parents that it does not have', async () => {
  const [source, clone] = [temporaryFolder(), temporaryFolder()];
  const { base, head, merge } = createRepository(source);
  git(source, 'checkout', '--quiet', '--detach', merge);
  git(clone, 'clone', '--quiet', '--depth', '1', '--branch', 'pull-merge', `file://${source}`, '.');
  expect(() => git(clone, 'cat-file', '-e', head)).toThrow();
  expect(await readCommit(clone, clone)).toEqual({ sha: merge, parents: [base, head] });
});

test('a folder inside of a repository belongs to it, and one behind a symbolic link too', async () => {
  const folder = temporaryFolder();
  const { base } = createRepository(folder);
  mkdirSync(join(folder, 'core/app'), { recursive: true });
  expect((await readCommit(join(folder, 'core/app'), folder))?.sha).toBe(base);
  const link = join(temporaryFolder(), 'link');
  symlinkSync(folder, link);
  expect((await readCommit(join(link, 'core'), link))?.sha).toBe(base);
});

test('a repository around the workspace is not the workspace', async () => {
  const around = temporaryFolder();
  createRepository(around);
  const workspace = join(around, 'work/storefront');
  mkdirSync(join(workspace, 'core'), { recursive: true });
  expect(await readCommit(workspace, workspace)).toBeUndefined();
  expect(await readCommit(join(workspace, 'core'), workspace)).toBeUndefined();
});

test('a repository with the longer hashes', async () => {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet', '--object-format=sha256');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'First');
  expect((await readCommit(folder, folder))?.sha).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['that is not there', () => join(temporaryFolder(), 'missing')],
  ['without a repository', temporaryFolder],
])('there is nothing in a folder %s', async (_, create) => {
  const folder = create();
  expect(await readHeldCommits([folder], folder)).toEqual({ commits: [], unreadable: [] });
});

test.each([
  [
    'with a repository that has no commit',
    () => {
      const folder = temporaryFolder();
      git(folder, 'init', '--quiet');
      return folder;
    },
  ],
  [
    'whose repository is broken',
    () => {
      const folder = temporaryFolder();
      createRepository(folder);
      writeFileSync(join(folder, '.git/HEAD'), 'garbage');
      return folder;
    },
  ],
  [
    'whose `.git` leads nowhere',
    () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, '.git'), 'garbage');
      return folder;
    },
  ],
])('a folder %s has an unreadable repository', async (_, create) => {
  const folder = create();
  mkdirSync(join(folder, 'core'));
  expect(await readHeldCommits([join(folder, 'core')], folder)).toEqual({ commits: [], unreadable: ['.'] });
});

test('a repository cannot be read where there is no git', async () => {
  const folder = temporaryFolder();
  createRepository(mkdirUnder(folder, 'pr'));
  process.env['PATH'] = temporaryFolder();
  expect(await readHeldCommits([join(folder, 'pr')], folder)).toEqual({ commits: [], unreadable: ['pr'] });
});

test("another user's repository is read, as in a container", async () => {
  const folder = temporaryFolder();
  const { base } = createRepository(folder);
  putBeforeGit('export GIT_CONFIG_GLOBAL=/dev/null GIT_TEST_ASSUME_DIFFERENT_OWNER=1');
  expect((await readCommit(folder, folder))?.sha).toBe(base);
  // A git that is not told where the repository is minds its owner.
  expect(() => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, env: process.env, stdio: 'pipe' })).toThrow(
    'dubious ownership',
  );
});

test('git is handed nothing of the environment but where programs are: the inputs are in it', async () => {
  const folder = temporaryFolder();
  const { base } = createRepository(folder);
  const seen = join(temporaryFolder(), 'seen');
  putBeforeGit(`export -p > '${seen}'`);
  process.env['INPUT_ACCESS-TOKEN'] = 'the-access-token';
  process.env['INPUT_SECRETS'] = 'KEY=the-secret-value';
  expect((await readCommit(folder, folder))?.sha).toBe(base);
  const names = [...readFileSync(seen, 'utf8').matchAll(/^export (\w+)/gm)].map(([, name]) => name);
  expect(names).toEqual(expect.arrayContaining(['PATH', 'GIT_NO_REPLACE_OBJECTS']));
  expect(
    names.filter(
      (name) =>
        !/^(?:GIT_(?:TERMINAL_PROMPT|NO_\w+|ALLOW_PROTOCOL)|PATH|HOME|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|PWD|OLDPWD)$/.test(
          name ?? '',
        ),
    ),
  ).toEqual([]);
});

test('whether a folder is in a repository: up to the workspace, by where it really is, there or not', () => {
  const [workspace, outside] = [temporaryFolder(), temporaryFolder()];
  createRepository(mkdirUnder(workspace, 'pr'));
  symlinkSync(outside, join(workspace, 'pr/dist'));
  expect(isInRepository(join(workspace, 'pr'), workspace)).toBe(true);
  expect(isInRepository(join(workspace, 'pr/not/there/yet'), workspace)).toBe(true);
  for (const folder of [workspace, join(workspace, 'not/there'), join(workspace, 'pr/dist'), outside]) {
    expect({ folder, is: isInRepository(folder, workspace) }).toEqual({ folder, is: false });
  }
  // A repository around the workspace is somebody else's.
  expect(isInRepository(mkdirUnder(workspace, 'pr/core'), join(workspace, 'pr/core'))).toBe(false);
});

describe('several folders', () => {
  /** Puts a git before the real one that notes of which repository it was asked. */
  function noteAsking(): () => string[] {
    const notes = join(temporaryFolder(), 'asked');
    putBeforeGit(`echo "$2" >> '${notes}'`);
    return () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n').sort() : []);
  }

  function createOther(folder: string, message: string): string {
    git(folder, 'init', '--quiet');
    git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
    return git(folder, 'rev-parse', 'HEAD');
  }

  onPosix('of one repository: git is asked once', async () => {
    const folder = temporaryFolder();
    const { base } = createRepository(folder);
    const dist = mkdirUnder(folder, 'core/.bigcommerce/dist');
    const asked = noteAsking();
    const { commits } = await readHeldCommits([join(folder, 'core'), dist, folder], folder);
    expect(commits.map(({ sha }) => sha)).toEqual([base]);
    expect(asked()).toEqual([join(folder, '.git')]);
  });

  test.each([
    ['a repository', (inner: string) => void createOther(inner, 'Inner')],
    [
      'a work tree of a repository elsewhere',
      (inner: string) => {
        const elsewhere = temporaryFolder();
        createOther(elsewhere, 'Elsewhere');
        rmSync(inner, { recursive: true });
        git(elsewhere, 'worktree', 'add', '--quiet', '--detach', inner, 'HEAD');
      },
    ],
    [
      'a submodule',
      (inner: string) => {
        const elsewhere = temporaryFolder();
        createOther(elsewhere, 'Elsewhere');
        rmSync(inner, { recursive: true });
        const around = join(inner, '..');
        git(around, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', elsewhere, 'core');
      },
    ],
  ])(
    'one is %s of its own in another one: neither hides the other, the nearest comes first',
    async (_, createInner) => {
      const workspace = temporaryFolder();
      const { base } = createRepository(workspace);
      const fork = mkdirUnder(workspace, 'pr');
      const head = createOther(fork, 'Fork');
      const inner = mkdirUnder(fork, 'core');
      createInner(inner);
      const held = await readHeldCommits([mkdirUnder(inner, 'dist'), inner, workspace], workspace);
      expect(held.unreadable).toEqual([]);
      expect(held.commits.map(({ sha }) => sha)).toEqual([git(inner, 'rev-parse', 'HEAD'), head, base]);
    },
  );

  test('what looks like a bare repository in a checkout is not asked, and does not hide what it is in', async () => {
    const folder = temporaryFolder();
    const { base } = createRepository(folder);
    const ran = join(temporaryFolder(), 'ran');
    const bare = mkdirUnder(folder, 'core');
    plantFetching(bare, ran);
    const { commits, unreadable } = await readHeldCommits([bare, folder], folder);
    expect({ shas: commits.map(({ sha }) => sha), unreadable }).toEqual({ shas: [base], unreadable: [] });
    expect(existsSync(ran)).toBe(false);
  });

  test('nothing is fetched, whatever a repository is set up to fetch with', async () => {
    const folder = temporaryFolder();
    createRepository(folder);
    const ran = join(temporaryFolder(), 'ran');
    plantFetching(join(folder, '.git'), ran);
    expect(await readHeldCommits([folder], folder)).toEqual({ commits: [], unreadable: ['.'] });
    expect(existsSync(ran)).toBe(false);
  });

  onPosix(
    'a program that was checked out is not taken for git, even where programs are looked for in the current folder',
    async () => {
      const folder = temporaryFolder();
      const { base } = createRepository(folder);
      const ran = join(temporaryFolder(), 'ran');
      writeFileSync(join(folder, 'git'), `#!/bin/sh\ntouch '${ran}'\n`);
      chmodSync(join(folder, 'git'), 0o755);
      process.env['PATH'] = `.${delimiter}${PATH}`;
      expect((await readCommit(folder))?.sha).toBe(base);
      expect(existsSync(ran)).toBe(false);
    },
  );

  test('one leads out of the workspace, one is not there', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    const { base } = createRepository(folder);
    const elsewhere = createOther(other, 'Elsewhere');
    symlinkSync(other, join(folder, 'link'));
    const folders = [join(folder, 'link'), join(folder, 'missing'), folder];
    const { commits } = await readHeldCommits(folders, folder);
    expect(commits.map(({ sha }) => sha)).toEqual([elsewhere, base]);
  });

  test('the workspace is not there: a folder elsewhere is read all the same', async () => {
    const folder = temporaryFolder();
    const { base } = createRepository(folder);
    const { commits } = await readHeldCommits([folder], join(temporaryFolder(), 'missing'));
    expect(commits.map(({ sha }) => sha)).toEqual([base]);
  });

  test('the workspace is a link, and a repository around what it leads to is not looked at', async () => {
    const around = temporaryFolder();
    createRepository(around);
    mkdirUnder(around, 'work/core');
    const link = join(temporaryFolder(), 'link');
    symlinkSync(join(around, 'work'), link);
    expect(await readHeldCommits([join(link, 'core'), link], link)).toEqual({ commits: [], unreadable: [] });
  });

  test('a folder whose name begins like the workspace is outside of it', async () => {
    const around = temporaryFolder();
    const [workspace, beside] = [mkdirUnder(around, 'work'), mkdirUnder(around, 'work-2')];
    const { base } = createRepository(workspace);
    const other = createOther(beside, 'Beside');
    const { commits } = await readHeldCommits([beside, workspace], workspace);
    expect(commits.map(({ sha }) => sha)).toEqual([other, base]);
  });

  test('what another object would stand in for is read as it is', async () => {
    const folder = temporaryFolder();
    const { base, head } = createRepository(folder);
    git(folder, 'replace', base, head);
    const parent = git(folder, '--no-replace-objects', 'rev-parse', `${base}~1`);
    expect(await readCommit(folder)).toEqual({ sha: base, parents: [parent] });
  });
});
