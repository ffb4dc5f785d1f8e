/**
 * Sample storefronts like the output of a build for the platform: `worker.js` at the top, chunks of JavaScript, images
 * and fonts under `assets/`. Made from pinned packages, so that they have the same bytes in every run.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { bundleWorker, ESBUILD } from './bundled-worker.ts';
import { CODE, MEDIA, MUCH_CODE, SERVER_CODE } from './fixture-packages.ts';
import { CACHE, emptyFolder, fetchPackage, type Pinned } from './packages.ts';
import { MB } from './results.ts';

/** How large a sample is; all sizes in bytes before compression. */
export interface FixtureSpec {
  name: string;
  files: number;
  totalBytes: number;
  workerBytes: number;
  /** At most; the rest is JavaScript. */
  mediaBytes: number;
  code: readonly Pinned[];
  /** `worker.js` is bundled by esbuild from this much of the server's code, and has a source map beside it. */
  bundledBytes?: number;
}

export const FIXTURES = {
  small: { name: 'small', files: 150, totalBytes: 5 * MB, workerBytes: 2 * MB, mediaBytes: MB, code: CODE },
  typical: {
    name: 'typical',
    files: 700,
    totalBytes: 65 * MB,
    workerBytes: 20 * MB,
    mediaBytes: 25 * MB,
    code: CODE,
  },
  large: {
    name: 'large',
    files: 1_000,
    totalBytes: 376 * MB,
    workerBytes: 40 * MB,
    mediaBytes: 4 * MB,
    code: MUCH_CODE,
  },
  // Catalyst's core as `catalyst build` leaves it: nine tenths are the worker and its map.
  next: {
    name: 'next',
    files: 66,
    totalBytes: 46 * MB,
    workerBytes: 17 * MB,
    mediaBytes: MB / 2,
    code: CODE,
    bundledBytes: 13.5e6,
  },
} as const satisfies Record<string, FixtureSpec>;

export type FixtureName = keyof typeof FIXTURES;

export interface Fixture {
  /** The workspace; the build's output is in its `.bigcommerce/dist`. */
  workspace: string;
  dist: string;
  files: number;
  bytes: number;
  /** Over all names and bytes, lower-case hex. */
  sha256: string;
}

/** Changes whenever a sample would be made differently, which makes the cached one stale. */
const RECIPE = 1;
const CODE_NAME = /\.(?:js|mjs|cjs)$/;
const MEDIA_NAME = /\.(?:jpe?g|png|webp|avif|woff2|ttf)$/;
/** The action refuses files with a private key; some libraries have one in an example. */
const KEY_MARKER = 'PRIVATE KEY-----';

/** Above it are compilers and tables, which no server's bundle has. */
const MAX_MODULE_BYTES = 600_000;

/** Makes the sample, or reuses the one from an earlier run. */
export function makeFixture(spec: FixtureSpec): Fixture {
  const sources = [...spec.code, ...MEDIA].map(([, integrity]) => integrity);
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE, spec, sources, ...(spec.bundledBytes === undefined ? [] : [ESBUILD])]))
    .digest('hex')
    .slice(0, 12);
  const workspace = join(CACHE, 'fixtures', `${spec.name}-${key}`);
  if (!existsSync(workspace)) {
    const partial = emptyFolder(`${workspace}.partial`);
    writeFixture(join(partial, '.bigcommerce', 'dist'), spec);
    renameSync(partial, workspace);
  }
  const dist = join(workspace, '.bigcommerce', 'dist');
  return { workspace, dist, ...digestTree(dist) };
}

function writeFixture(dist: string, spec: FixtureSpec): void {
  const media = pickMedia(spec);
  const write = (name: string, content: Uint8Array) => {
    const path = join(dist, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  let mediaBytes = 0;
  for (const [index, path] of media.entries()) {
    const content = readFileSync(path);
    mediaBytes += content.length;
    const folder = /\.(?:woff2|ttf)$/.test(path) ? '_next/static/media' : 'images';
    write(`assets/${folder}/${basename(path, extname(path))}-${index}${extname(path)}`, content);
  }
  const code = new CodeStream(spec.code);
  const top = topFiles(spec, code);
  for (const [name, content] of Object.entries(top)) write(name, content);
  const topBytes = Object.values(top).reduce((sum, { length }) => sum + length, 0);
  const chunks = spec.files - media.length - Object.keys(top).length;
  const chunkBytes = spreadSizes(spec.totalBytes - topBytes - mediaBytes, chunks);
  for (const [index, bytes] of chunkBytes.entries()) {
    const content = code.take(bytes);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    write(`assets/_next/static/chunks/${index}-${hash}.js`, content);
  }
}

/** The worker, and what a build has beside it. */
function topFiles({ workerBytes, bundledBytes }: FixtureSpec, code: CodeStream): Record<string, Uint8Array> {
  if (bundledBytes === undefined) return { 'worker.js': code.take(workerBytes) };
  const paths = SERVER_CODE.flatMap(({ pinned, folder, name }) => listFiles(join(fetchPackage(pinned), folder), name));
  const small = paths.filter((path) => statSync(path).size <= MAX_MODULE_BYTES);
  const { worker, map } = bundleWorker(
    small.filter((path) => !hasKey(readFileSync(path))),
    bundledBytes,
  );
  return {
    'worker.js': worker,
    'worker.js.map': map,
    'README.md': Buffer.from('This folder contains the built output assets for the worker.\n'),
    'assets/BUILD_ID': Buffer.from('sample'),
    'assets/_headers': Buffer.from('/_next/static/*\n  Cache-Control: public,max-age=31536000,immutable\n'),
  };
}

function hasKey(content: Buffer): boolean {
  return content.includes(KEY_MARKER);
}

/** As many images and fonts as fit, sorted neither by size nor by kind; none takes over a quarter. */
function pickMedia({ mediaBytes, files }: FixtureSpec): string[] {
  if (mediaBytes === 0) return [];
  const found = new Map<string, { path: string; bytes: number }>();
  for (const path of MEDIA.flatMap((pinned) => listFiles(fetchPackage(pinned), MEDIA_NAME))) {
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    if (!found.has(hash)) found.set(hash, { path, bytes: statSync(path).size });
  }
  const picked: string[] = [];
  let left = mediaBytes;
  for (const [, { path, bytes }] of [...found].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (bytes > left || bytes > mediaBytes / 4 || picked.length >= files * 0.75) continue;
    picked.push(path);
    left -= bytes;
  }
  return picked;
}

/** A few large chunks and many small ones, as a bundler makes them: the n-th is in proportion to 1 / (n + 10). */
export function spreadSizes(totalBytes: number, count: number): number[] {
  const weights = Array.from({ length: count }, (_, n) => 1 / (n + 10));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const sizes = weights.map((weight) => Math.floor((totalBytes * weight) / sum));
  const rest = totalBytes - sizes.reduce((total, size) => total + size, 0);
  return sizes.map((size, index) => (index === 0 ? size + rest : size));
}

/** The JavaScript of some packages, one file after the other, starting over if there is not enough. */
class CodeStream {
  readonly #paths: string[];
  #next = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(packages: readonly Pinned[]) {
    this.#paths = packages.flatMap((pinned) => listFiles(fetchPackage(pinned), CODE_NAME));
  }

  take(bytes: number): Buffer {
    const parts: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = this.#read();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  #read(): Buffer {
    const path = this.#paths[this.#next % this.#paths.length] ?? '';
    this.#next += 1;
    const content = readFileSync(path);
    return hasKey(content) ? Buffer.alloc(0) : content;
  }
}

/** Paths of the files with such names under a folder, sorted by name. */
function listFiles(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digestTree(folder: string): Pick<Fixture, 'files' | 'bytes' | 'sha256'> {
  const hash = createHash('sha256');
  const paths = listFiles(folder, /./);
  let bytes = 0;
  for (const path of paths) {
    const content = readFileSync(path);
    bytes += content.length;
    hash.update(`${path.slice(folder.length)}\0${content.length}\0`).update(content);
  }
  return { files: paths.length, bytes, sha256: hash.digest('hex') };
}
