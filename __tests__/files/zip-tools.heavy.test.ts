/** Ready zips against other tools: zips that they write are accepted, zips that they unpack differently are refused. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import { inspectZip } from '../../src/files/inspect-zip.ts';
import { timeoutMs } from '../timeouts.ts';
import { AGREEMENTS, DISAGREEMENTS } from './disagreements.ts';
import { hasCommand, problemsOf, removeScratch, scratch, writeTree } from './helpers.ts';

const TREE = {
  'output/worker.js': 'export default {}\n',
  'output/assets/é/日本.txt': 'hi\n',
  'output/assets/empty': '',
  'output/assets/long.txt': Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join(''),
};
const NAMES = Object.keys(TREE).map((name) => name.slice('output/'.length));
const GO_ENV = { GO111MODULE: 'off', GOFLAGS: '' };

let place = '';
beforeAll(async () => {
  place = await writeTree(join(await scratch(), 'tools'), {
    'Read.java': JAVA,
    'go/read.go': GO,
    'gow/write.go': GO_WRITER,
  });
  if (hasCommand('go')) run('go', ['build', '-o', join(place, 'go-read'), join(place, 'go/read.go')]);
  if (hasCommand('go')) run('go', ['build', '-o', join(place, 'go-write'), join(place, 'gow/write.go')]);
  if (hasCommand('javac')) run('javac', ['-d', place, join(place, 'Read.java')]);
}, timeoutMs(240_000));
afterAll(removeScratch);

function run(command: string, args: readonly string[], cwd?: string) {
  const env = { ...process.env, ...GO_ENV, LC_ALL: 'C.UTF-8' };
  return spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 2 ** 26, ...(cwd === undefined ? {} : { cwd }) });
}

/** Writes to a pipe, which does not allow seeking. */
const PYTHON_STREAM = `
import sys, zipfile
class Pipe:
    def write(self, data): return sys.stdout.buffer.write(data)
    def flush(self): sys.stdout.buffer.flush()
with zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED) as z:
    for index, name in enumerate(sys.argv[1:]):
        with z.open(name, 'w', force_zip64=index == 0) as out: out.write(open(name, 'rb').read())
`;
const GO_WRITER = `package main

import ("archive/zip"; "os")

func main() {
	w := zip.NewWriter(os.Stdout)
	for index, name := range os.Args[1:] {
		bytes, err := os.ReadFile(name)
		if err != nil { panic(err) }
		method := zip.Deflate
		if index == 0 { method = zip.Store }
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil { panic(err) }
		out.Write(bytes)
	}
	if err := w.Close(); err != nil { panic(err) }
}
`;

interface Writer {
  command: string;
  args: (path: string) => string[];
  /** Its output is written to the path. */
  isPiped?: true;
  /** It writes UTF-8 without the flag. */
  isUnflagged?: true;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  'zip -r': { command: 'zip', args: (path) => ['-q', '-r', path, 'output'], isUnflagged: true },
  'zip -X -r, as the advice has it': {
    command: 'zip',
    args: (path) => ['-q', '-X', '-r', path, 'output'],
    isUnflagged: true,
  },
  'zip to a pipe': { command: 'sh', args: (path) => ['-c', `zip -q -r - output | cat > "${path}"`], isUnflagged: true },
  'zip -0 to a pipe': {
    command: 'sh',
    args: (path) => ['-c', `zip -q -0 -r - output | cat > "${path}"`],
    isUnflagged: true,
  },
  'zip with a comment': {
    command: 'sh',
    args: (path) => ['-c', `zip -q -r "${path}" output && echo hello | zip -q -z "${path}"`],
    isUnflagged: true,
  },
  'zip, and one file anew': {
    command: 'sh',
    args: (path) => ['-c', `zip -q -r "${path}" output && touch output/worker.js && zip -q "${path}" output/worker.js`],
    isUnflagged: true,
  },
  '7z, as the advice has it': { command: '7z', args: (path) => ['a', '-bd', path, 'output'] },
  '7z -mx=0': { command: '7z', args: (path) => ['a', '-bd', '-mx=0', '-tzip', path, 'output'] },
  'zipfile of Python': { command: 'python3', args: (path) => ['-m', 'zipfile', '-c', path, 'output'] },
  'zipfile of Python to a pipe': {
    command: 'python3',
    args: () => ['-c', PYTHON_STREAM, ...Object.keys(TREE)],
    isPiped: true,
  },
  'shutil of Python': {
    command: 'python3',
    args: (path) => ['-c', 'import shutil, sys; shutil.make_archive(sys.argv[1][:-4], "zip", ".", "output")', path],
  },
  'jar of Java': { command: 'jar', args: (path) => ['cfM', path, 'output'] },
  'archive/zip of Go': { command: 'go-write', args: () => Object.keys(TREE), isPiped: true },
  'bsdtar, that of macOS and Windows': {
    command: 'bsdtar',
    args: (path) => ['--format', 'zip', '-cf', path, 'output'],
  },
};

describe('zips written by tools are accepted', () => {
  test.each(Object.entries(WRITERS))('%s', async (_, { command, args, isPiped, isUnflagged }) => {
    const [first, own] = [command === 'sh' ? 'zip' : command, join(place, command)];
    if (command === 'go-write' ? !hasCommand('go') : !hasCommand(first))
      return console.warn(`${first} is not installed: skipped`);
    const folder = await writeTree(join(await scratch(), 'd'), TREE);
    const path = join(folder, '../made.zip');
    const made = spawnSync(command === 'go-write' ? own : command, args(path), {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      maxBuffer: 2 ** 26,
    });
    expect({ status: made.status, said: made.status === 0 ? '' : String(made.stderr) }).toEqual({
      status: 0,
      said: '',
    });
    if (isPiped === true) writeFileSync(path, made.stdout);
    const bundle = await inspect(path);
    expect(bundle.files.map(({ name }) => name)).toEqual([...NAMES].sort());
    expect(bundle.warnings).toEqual(isUnflagged ? [expect.stringMatching(/without the flag/)] : []);
  });

  test('adm-zip, with which the vendor’s tool packs', async () => {
    const folder = await writeTree(join(await scratch(), 'd'), TREE);
    const zip = new AdmZip();
    zip.addLocalFolder(join(folder, 'output'), 'output');
    const path = join(folder, 'made.zip');
    zip.writeZip(path);
    expect(await inspect(path)).toMatchObject({ warnings: [] });
  });

  test('`zip -d` removes the Finder’s files, as advised', async () => {
    if (!hasCommand('zip')) return console.warn('zip is not installed: skipped');
    const folder = await writeTree(join(await scratch(), 'd'), { ...TREE, '__MACOSX/output/._worker.js': 'x' });
    const path = join(folder, 'bundle.zip');
    expect(run('zip', ['-q', '-r', path, 'output', '__MACOSX'], folder).status).toBe(0);
    const [problem = ''] = await problemsOf(inspect(path));
    const [, advice = ''] = /`(zip -d [^`]*)`/.exec(problem) ?? [];
    expect(run('sh', ['-c', advice], folder).status).toBe(0);
    expect((await inspect(path)).files).toHaveLength(NAMES.length);
  });
});

async function inspect(path: string) {
  return await inspectZip({ path, displayPath: 'z', forbidden: [], signal: new AbortController().signal });
}

const JAVA = `
import java.io.*; import java.util.*; import java.util.zip.*;
public class Read {
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    if (args[0].equals("stream")) {
      try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(new FileInputStream(args[1])))) {
        for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) out.println(entry.getName() + " " + crc(zip));
      }
    } else {
      try (ZipFile zip = new ZipFile(args[1])) {
        for (ZipEntry entry : Collections.list(zip.entries())) out.println(entry.getName() + " " + crc(zip.getInputStream(entry)));
      }
    }
  }
  static long crc(InputStream in) throws IOException { CRC32 crc = new CRC32(); crc.update(in.readAllBytes()); return crc.getValue(); }
}`;

const GO = `package main

import ("archive/zip"; "fmt"; "hash/crc32"; "io"; "os")

func main() {
	archive, err := zip.OpenReader(os.Args[1])
	if err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) }
	for _, file := range archive.File {
		source, err := file.Open()
		if err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) }
		bytes, err := io.ReadAll(source)
		if err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) }
		fmt.Println(file.Name, crc32.ChecksumIEEE(bytes))
	}
}`;

const PYTHON = `
import sys, zipfile, zlib
z = zipfile.ZipFile(sys.argv[1])
for i in z.infolist(): print(i.filename, zlib.crc32(z.read(i)))
`;

/** The unpacked files, a line each; or that the zip is refused. */
const READERS: Readonly<Record<string, (path: string, folder: string) => string>> = {
  unzip: (path, folder) => unpacked('unzip', ['-q', '-o', path, '-d', folder], folder),
  '7z': (path, folder) => unpacked('7z', ['x', '-y', '-bd', `-o${folder}`, path], folder),
  Python: (path) => said('python3', ['-c', PYTHON, path]),
  'Java, which seeks': (path) => said('java', ['-cp', place, 'Read', 'file', path]),
  'Java, which streams': (path) => said('java', ['-cp', place, 'Read', 'stream', path]),
  Go: (path) => said(join(place, 'go-read'), [path]),
  'bsdtar, which streams': (path, folder) =>
    unpacked('sh', ['-c', `cat "${path}" | bsdtar -xf - -C "${folder}"`], folder),
};

function said(command: string, args: readonly string[]): string {
  const { status, stdout, error } = run(command, args);
  if (error !== undefined) return 'not installed';
  return status === 0 ? stdout.trim().split('\n').sort().join('\n') : 'refused';
}

const SUMS = `
import os, sys, zlib
for root, _, names in os.walk(sys.argv[1]):
    for n in names:
        p = os.path.join(root, n); print(os.path.relpath(p, sys.argv[1]), zlib.crc32(open(p, 'rb').read()))
`;

function unpacked(command: string, args: readonly string[], folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { status, error } = run(command, args);
  if (error !== undefined) return 'not installed';
  return status === 0 ? said('python3', ['-c', SUMS, folder]) : 'refused';
}

async function readAll(zip: Buffer): Promise<Record<string, string>> {
  const folder = await scratch();
  const path = join(folder, 'z.zip');
  await writeFile(path, zip);
  await mkdir(join(folder, 'out'));
  const results = Object.entries(READERS).map(([name, read], index) => [
    name,
    read(path, join(folder, 'out', `${index}`)),
  ]);
  return Object.fromEntries(results.filter(([, result]) => result !== 'not installed'));
}

/** These readers ignore bytes that belong to nothing; one that searches for records anywhere does not. */
const ALIKE: ReadonlySet<string> = new Set([
  'bytes between the last entry and the directory',
  'bytes behind the end record',
]);

describe('tools disagree on refused zips', () => {
  test.each(Object.entries(DISAGREEMENTS))(
    '%s',
    async (name, { zip }) => {
      const results = await readAll(zip);
      if (Object.keys(results).length < 4) return console.warn('too few readers are installed: skipped');
      if (ALIKE.has(name)) return;
      expect({ results, differ: new Set(Object.values(results)).size > 1 }).toMatchObject({ differ: true });
    },
    timeoutMs(60_000),
  );

  test.each(Object.entries(AGREEMENTS))(
    'and agree on accepted ones: %s',
    async (_, zip) => {
      const results = await readAll(zip);
      const read = new Set(Object.values(results).filter((result) => result !== 'refused'));
      expect({ results, ways: read.size }).toMatchObject({ ways: 1 });
    },
    timeoutMs(60_000),
  );
});
