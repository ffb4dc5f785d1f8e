import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BundleError } from '../../src/domain/bundle-error.ts';
import { onPosix } from '../systems.ts';
import { pack, problemsOf, readZip, removeScratch, scratch, writeTree } from './helpers.ts';

afterAll(removeScratch);

const PEM = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----\n`;
const onLinux = process.platform === 'linux' ? test : test.skip;

async function tree(files: Record<string, string | Buffer>): Promise<string> {
  return await writeTree(join(await scratch(), 'dist'), { 'worker.js': 'export default {}', ...files });
}

describe('the bundle', () => {
  test('every file is under output/, and the bundle lists them, sorted by code unit', async () => {
    const directory = await tree({
      'b/x.txt': '',
      'B.txt': 'B',
      'é.txt': 'e',
      'b-a': '1',
      '.hidden': 'h',
      ﬀ: 'f',
      '😀': 's',
    });
    const bundle = await pack(directory);
    const names = bundle.files.map(({ name }) => name);
    expect(names).toEqual(['.hidden', 'B.txt', 'b-a', 'b/x.txt', 'worker.js', 'é.txt', '😀', 'ﬀ']);
    const entries = await readZip(bundle.path);
    const inZip = ['worker.js', '.hidden', 'B.txt', 'b-a', 'é.txt', '😀', 'ﬀ', 'b/x.txt'];
    expect(entries.map(([name]) => name)).toEqual(inZip.map((name) => `output/${name}`));
    for (const { name, sizeBytes } of bundle.files) {
      expect(entries.find(([entry]) => entry === `output/${name}`)?.[1]).toHaveLength(sizeBytes);
    }
    const zip = await readFile(bundle.path);
    expect(bundle).toMatchObject({
      sizeBytes: zip.length,
      sha256: createHash('sha256').update(zip).digest('hex'),
      unzippedBytes: 17 + 1 + 1 + 1 + 1 + 1 + 1,
      warnings: [],
    });
    expect(existsSync(`${bundle.path}.partial`)).toBe(false);
  });

  test('exclude works as in gitignore: comments, folders, negation, letter case', async () => {
    const directory = await tree({
      'a.map': '1',
      'keep.map': '1',
      'x/maps/a': '1',
      'x/b.MAP': '1',
      'deep/keep.map': '1',
      '.env': 'A=1',
    });
    const bundle = await pack(directory, {
      exclude: ['# comment', '*.map', '!keep.map', 'maps/', '', '.env', 'deep/', '!deep/keep.map'],
    });
    expect(bundle.files.map(({ name }) => name)).toEqual(['keep.map', 'worker.js', 'x/b.MAP']);
  });

  test('nothing to package: the folder is named, and what to do', async () => {
    const root = await scratch();
    await writeFile(join(root, 'file'), '');
    await mkdir(join(root, 'empty/sub'), { recursive: true });
    for (const [name, words] of [
      ['missing', 'no such folder'],
      ['file', 'not a folder'],
      ['empty', 'no files'],
    ] as const) {
      const error = await pack(join(root, name)).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(BundleError);
      expect(error.message).toMatch(new RegExp(`^\\.bigcommerce/dist: .*${words}`));
      expect(error.fix).toMatch(/Run the build/);
    }
    expect(await problemsOf(pack(await tree({}), { exclude: ['*'] }))).toEqual([expect.stringContaining('exclude')]);
  });
});

describe('what is refused', () => {
  const problemFiles = {
    '.env': 'A=1',
    'assets/.env.local': 'A=1',
    'sp ace/[x]*?#!/.env ': 'A=1',
    '.git/config': '',
    '.git/objects/aa/bb': '',
    'sub/.git': 'gitdir: x',
    '.npmrc': '',
    '.bigcommerce/project.json': '{"accessToken":"x"}',
    'keys/[id].pem': PEM,
    'app.js': 'const t = "TOKEN-0123456789"',
  };
  const forbidden = [{ label: 'access-token', value: 'TOKEN-0123456789', severity: 'refuse' as const }];

  onPosix('all problems come together, and adding the exclude lines they give makes the package pass', async () => {
    const directory = await tree({
      ...problemFiles,
      'fine/project.json': '{}',
      'ok.js': "'-----BEGIN PRIVATE KEY-----'",
    });
    await symlink('/etc/hostname', join(directory, 'out*side'));
    await symlink('nowhere', join(directory, 'dangling'));
    const destination = join(await scratch(), 'b.zip');
    const problems = await problemsOf(pack(directory, { forbidden, destination }));
    expect(existsSync(`${destination}.partial`) || existsSync(destination)).toBe(false);
    const exclude = problems.map((line) => /[Aa]dd to exclude: (.*)$/.exec(line)?.[1] ?? `none in: ${line}`);
    expect([...exclude].sort()).toEqual(
      [
        '/.bigcommerce/project.json',
        '/.env',
        '/.git/',
        '/.npmrc',
        '/app.js',
        '/assets/.env.local',
        '/dangling',
        '/keys/\\[id\\].pem',
        '/out\\*side',
        '/sp ace/\\[x\\]\\*\\?#!/.env[ ]',
        '/sub/.git',
      ].sort(),
    );
    expect(problems.join('\n')).not.toContain('TOKEN-0');
    expect(problems).toContain(
      'assets/.env.local: environment files are not deployed; they often hold secrets. Add to exclude: /assets/.env.local',
    );
    const bundle = await pack(directory, { forbidden, exclude: [...exclude].map((line) => line.trim()) });
    expect(bundle.files.map(({ name }) => name)).toEqual(['fine/project.json', 'ok.js', 'worker.js']);
  });

  onPosix('a file that another pattern drops is not a problem, nor is an emptied .git folder', async () => {
    const directory = await tree(problemFiles);
    const exclude = ['.git/**', '.git', '.env*', '.npmrc', '*.pem', '.bigcommerce', 'app.js'];
    expect((await pack(directory, { exclude, forbidden })).files).toHaveLength(1);
    expect(await problemsOf(pack(directory, { exclude: exclude.slice(0, 1), forbidden }))).not.toContainEqual(
      expect.stringMatching(/^\.git:/),
    );
  });

  test('a value of secrets gives a warning with file and label', async () => {
    const directory = await tree({ 'a/b.js': 'x-hunter2hunter2-y' });
    const bundle = await pack(directory, {
      forbidden: [{ label: 'secret DB', value: 'hunter2hunter2', severity: 'warn' }],
    });
    expect(bundle.warnings).toEqual([expect.stringMatching(/^a\/b\.js: .*secret DB/)]);
    expect(bundle.warnings.join()).not.toContain('hunter2');
  });

  test('more than 1,000 files; a long list is cut', async () => {
    const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`a/${i}.js`, i < 40 ? PEM : '']));
    const problems = await problemsOf(pack(await tree(files)));
    expect(problems).toHaveLength(21);
    expect(problems[0]).toContain('1,002 files');
    expect(problems[0]).toContain('a/ (1,001)');
    expect(problems[20]).toBe('and 21 more');
  });

  test('too large, by each limit; nothing is read beyond 512 MB', async () => {
    const directory = await tree({ 'assets/asset.bin': '' });
    await truncate(join(directory, 'worker.js'), 40 * 2 ** 20 + 1);
    await truncate(join(directory, 'assets/asset.bin'), 600 * 2 ** 20);
    const problems = await problemsOf(pack(directory));
    expect(problems).toEqual([
      expect.stringMatching(/^The bundle unzipped: .*512 MB.*asset\.bin/),
      expect.stringMatching(/^assets\/asset\.bin: .*25 MB.* add to exclude: \/assets\/asset\.bin$/),
      expect.stringMatching(/^worker\.js: .*40 MB/),
      expect.stringMatching(/not searched/),
    ]);
  });

  test('over 64 MB zipped', async () => {
    const directory = await tree({});
    for (const name of ['a', 'b', 'c']) await writeFile(join(directory, name), randomBytes(23 * 2 ** 20));
    const destination = join(await scratch(), 'b.zip');
    expect(await problemsOf(pack(directory, { destination }))).toEqual([
      expect.stringMatching(/^The zip: .*64 MB.*a \(23/),
    ]);
    expect(existsSync(`${destination}.partial`) || existsSync(destination)).toBe(false);
  });
});

describe('links and odd files', () => {
  onPosix('links that stay inside are followed, to files and folders', async () => {
    const directory = await tree({ 'real/a.txt': 'a' });
    await symlink('real', join(directory, 'folder'));
    await symlink('../real/a.txt', join(directory, 'real/b.txt'));
    const bundle = await pack(directory);
    expect(bundle.files.map(({ name }) => name)).toEqual([
      'folder/a.txt',
      'folder/b.txt',
      'real/a.txt',
      'real/b.txt',
      'worker.js',
    ]);
    expect((await readZip(bundle.path)).filter(([, bytes]) => String(bytes) === 'a')).toHaveLength(4);
  });

  onPosix('links out, to nowhere, in circles; a folder beside it whose name starts alike is outside', async () => {
    const directory = await tree({ 'a/x': '1' });
    await writeTree(`${directory}-other`, { secret: 's' });
    await symlink(`${directory}-other/secret`, join(directory, 'alike'));
    await symlink('..', join(directory, 'up'));
    await symlink('..', join(directory, 'a/circle'));
    await symlink('self', join(directory, 'self'));
    await symlink('gone', join(directory, 'dangling'));
    const problems = await problemsOf(pack(directory));
    expect(problems).toEqual([
      expect.stringMatching(/^a\/circle: .*circle/),
      expect.stringMatching(/^alike: .*out of the folder/),
      expect.stringMatching(/^dangling: .*nothing/),
      expect.stringMatching(/^self: .*circle/),
      expect.stringMatching(/^up: .*out of the folder/),
    ]);
    expect((await pack(directory, { exclude: ['circle', 'alike', 'dangling', 'self', 'up/'] })).files).toHaveLength(2);
  });

  onPosix('two folders that link to each other are a circle, not a hang', async () => {
    const directory = await tree({ 'a/x': '1', 'b/y': '1' });
    await symlink('../b', join(directory, 'a/to-b'));
    await symlink('../a', join(directory, 'b/to-a'));
    expect(await problemsOf(pack(directory))).toEqual([
      expect.stringMatching(/^a\/to-b\/to-a: /),
      expect.stringMatching(/^b\/to-a\/to-b: /),
    ]);
  });

  onPosix('a harmless name does not hide what it links to', async () => {
    const directory = await tree({ '.env': 'A=1' });
    await symlink('.env', join(directory, 'config.txt'));
    const problems = await problemsOf(pack(directory, { exclude: ['.env'] }));
    expect(problems).toEqual([expect.stringMatching(/^config\.txt: it is a link to \.env, .*exclude: \/config\.txt$/)]);
  });

  onPosix('sockets and pipes are refused', async () => {
    const directory = await tree({});
    expect(spawnSync('mkfifo', [join(directory, 'pipe')]).status).toBe(0);
    await symlink('pipe', join(directory, 'to-pipe'));
    const server = createServer().listen(join(directory, 'socket'));
    await once(server, 'listening');
    const problems = await problemsOf(pack(directory)).finally(() => server.close());
    expect(problems).toEqual([
      expect.stringMatching(/^pipe: .*not a file/),
      expect.stringMatching(/^socket: .*not a file/),
      expect.stringMatching(/^to-pipe: .*not a file/),
    ]);
  });

  onLinux('names that no zip can carry are refused, printed escaped, once a folder', async () => {
    const directory = await tree({ 'back\\slash/a': '1', 'back\\slash/b': '1', 'new\nline': '1' });
    await writeFile(Buffer.concat([Buffer.from(`${directory}/bad-`), Buffer.from([0xff, 0xfe])]), '1');
    const problems = await problemsOf(pack(directory));
    expect(problems).toEqual([
      expect.stringMatching(/^back\\\\slash: .*backslash.*exclude: \/back\\\\slash$/),
      expect.stringMatching(/^bad-\\xff\\xfe: .*UTF-8.*exclude: \/bad-\?\?$/),
      expect.stringMatching(/^new\\u\{a\}line: .*control.*exclude: \/new\?line$/),
    ]);
    const exclude = problems.map((line) => String(/exclude: (.*)$/.exec(line)?.[1]));
    expect((await pack(directory, { exclude })).files).toHaveLength(1);
  });
});
