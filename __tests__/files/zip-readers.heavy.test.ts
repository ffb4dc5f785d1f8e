/** Zips of this project read back by other tools: each reader unpacks the same names and bytes. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import { timeoutMs } from '../timeouts.ts';
import { hasCommand, pack, readZip, removeScratch, scratch, writeTree } from './helpers.ts';

const MIB = 2 ** 20;
/** Blocks are 512 KiB, the last one up to a quarter more; up to 16 KiB are compressed in place. */
const EDGES = [0, 1, 2, 16 * 1024, 16 * 1024 + 1, 512 * 1024, 640 * 1024, 640 * 1024 + 1, 1024 * 1024 + 1];

/** Compressible text, the same in each run, and not periodic. */
function text(bytes: number): Buffer {
  const lines = Array.from({ length: Math.ceil(bytes / 20) + 1 }, (_, index) => `line ${index * 7919} of it\n`);
  return Buffer.from(lines.join('')).subarray(0, bytes);
}

const TREE: Record<string, Buffer> = {
  'worker.js': text(5 * MIB),
  ...Object.fromEntries(EDGES.map((bytes) => [`edges/text-${bytes}.js`, text(bytes)])),
  ...Object.fromEntries(EDGES.map((bytes) => [`edges/random-${bytes}.bin`, randomBytes(bytes)])),
  ...Object.fromEntries(EDGES.map((bytes) => [`edges/image-${bytes}.png`, randomBytes(bytes)])),
  'text in an image’s name.JPG': text(3 * MIB),
  'names/日本語/émigré.txt': text(100),
  'names/[brackets] & (more) $x.txt': text(100),
  [`names/${'d'.repeat(100)}/${'n'.repeat(100)}.txt`]: text(100),
  ...Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`many/${index % 30}/${index}.js`, text(index)])),
};

const sumOf = (bytes: Buffer) => `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
const EXPECTED = sums(Object.entries(TREE).map(([name, bytes]) => [`output/${name}`, bytes]));
let zip = '';

beforeAll(async () => {
  zip = (await pack(await writeTree(join(await scratch(), 'd'), TREE))).path;
}, timeoutMs(60_000));
afterAll(removeScratch);

/** Digests by names: comparing long buffers takes seconds. */
function sums(files: readonly (readonly [name: string, bytes: Buffer])[]): Record<string, string> {
  return Object.fromEntries(files.map(([name, bytes]) => [name, sumOf(bytes)] as const).sort());
}

function sumsUnder(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map(({ parentPath, name }) => join(parentPath, name));
  return sums(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

/** Reads from a stream, like a server that unpacks an upload while it arrives: without the directory at its end. */
const JAVA = `
import java.io.*; import java.nio.file.*; import java.util.zip.*;
public class Unpack {
  public static void main(String[] args) throws Exception {
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(new FileInputStream(args[0])))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        Path path = Path.of(args[1], entry.getName());
        Files.createDirectories(path.getParent());
        Files.copy(zip, path);
      }
    }
  }
}`;

const GO = `package main

import ("archive/zip"; "io"; "os"; "path/filepath")

func must(err error) { if err != nil { panic(err) } }

func main() {
	archive, err := zip.OpenReader(os.Args[1])
	must(err)
	for _, file := range archive.File {
		source, err := file.Open()
		must(err)
		path := filepath.Join(os.Args[2], file.Name)
		must(os.MkdirAll(filepath.Dir(path), 0o755))
		target, err := os.Create(path)
		must(err)
		_, err = io.Copy(target, source)
		must(err)
		must(target.Close())
	}
}`;

interface Reader {
  name: string;
  command: string;
  /** In a separate folder, which may contain a source. */
  args: (folder: string) => string[];
  source?: [name: string, text: string];
}

const READERS: Reader[] = [
  { name: 'unzip', command: 'unzip', args: (folder) => ['-q', zip, '-d', folder] },
  { name: '7z', command: '7z', args: (folder) => ['x', '-bd', `-o${folder}`, zip] },
  { name: 'zipfile of Python', command: 'python3', args: (folder) => ['-m', 'zipfile', '-e', zip, folder] },
  {
    name: 'ZipInputStream of Java',
    command: 'java',
    args: (folder) => [
      '-Dfile.encoding=UTF-8',
      '-Dsun.jnu.encoding=UTF-8',
      join(folder, '../Unpack.java'),
      zip,
      folder,
    ],
    source: ['Unpack.java', JAVA],
  },
  {
    name: 'archive/zip of Go',
    command: 'go',
    args: (folder) => ['run', join(folder, '../unpack.go'), zip, folder],
    source: ['unpack.go', GO],
  },
];

test.each(READERS)(
  '$name unpacks it',
  async ({ command, args, source }) => {
    if (!hasCommand(command)) return console.warn(`${command} is not installed: skipped`);
    const place = await scratch();
    const folder = join(place, 'unpacked');
    await mkdir(folder);
    if (source !== undefined) await writeFile(join(place, source[0]), source[1]);
    const env = { ...process.env, LC_ALL: 'C.UTF-8', GO111MODULE: 'off', GOFLAGS: '' };
    const { status, stderr, stdout } = spawnSync(command, args(folder), { encoding: 'utf8', env });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
    expect(sumsUnder(folder)).toEqual(EXPECTED);
  },
  timeoutMs(120_000),
);

test('yauzl unpacks it', async () => {
  expect(sums(await readZip(zip))).toEqual(EXPECTED);
});

test('adm-zip, which the vendor’s tool packs with, unpacks it', () => {
  const entries = new AdmZip(zip).getEntries();
  expect(sums(entries.map((entry) => [entry.entryName, entry.getData()]))).toEqual(EXPECTED);
});
