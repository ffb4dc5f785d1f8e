import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BundleError } from '../../src/domain/bundle-error.ts';
import { type PackageDirectoryOptions, packageDirectory } from '../../src/files/package-directory.ts';

const made: string[] = [];

/** A fresh folder, removed by `removeScratch`. */
export async function scratch(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'bundle-test-'));
  made.push(path);
  return path;
}

export async function removeScratch(): Promise<void> {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
}

export async function writeTree(root: string, tree: Record<string, string | Buffer>): Promise<string> {
  await mkdir(root, { recursive: true });
  for (const [name, content] of Object.entries(tree)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

/** Packages a folder with defaults; the zip is in a separate folder. */
export async function pack(directory: string, options: Partial<PackageDirectoryOptions> = {}) {
  return await packageDirectory({
    directory,
    displayDirectory: '.bigcommerce/dist',
    exclude: [],
    destination: join(await scratch(), 'bundle.zip'),
    forbidden: [],
    signal: new AbortController().signal,
    ...options,
  });
}

/** The problems of the BundleError that a promise is rejected with. */
export async function problemsOf(promise: Promise<unknown>): Promise<readonly string[]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BundleError) return error.problems;
    throw error;
  }
  throw new Error('no error was thrown');
}

export { readZip } from '../../scripts/read-zip.ts';

export function hasCommand(name: string): boolean {
  return spawnSync(name, ['--help']).error === undefined;
}

/** The files under a folder that this process has open (on Linux; elsewhere none). */
export function openFilesUnder(folder: string): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        return path.split(folder).length > 1 ? [path] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Waits for files that Node closes a little later; the test's own timeout is the limit. */
export async function closedUnder(folder: string): Promise<void> {
  while (openFilesUnder(folder).length > 0) await setImmediate();
}

interface RawEntry {
  name: string | Buffer;
  data?: Buffer;
  stored?: Buffer;
  localName?: string;
  flags?: number;
  method?: number;
  crc?: number;
  size?: number;
  mode?: number;
}

/** Writes a zip byte by byte, so that it can be wrong in every way. Entries are stored unless `stored` says what is. */
export function rawZip(entries: readonly RawEntry[], crcOf: (data: Buffer) => number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = entry.data ?? Buffer.alloc(0);
    const stored = entry.stored ?? data;
    const name = Buffer.from(entry.name as string);
    const localName = Buffer.from(entry.localName ?? name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.flags ?? 0x800, 2);
    fields.writeUInt16LE(entry.method ?? 0, 4);
    fields.writeUInt16LE(0x21, 8);
    fields.writeUInt32LE(entry.crc ?? crcOf(data), 10);
    fields.writeUInt32LE(stored.length, 14);
    fields.writeUInt32LE(entry.size ?? data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.from(fields);
    local.writeUInt16LE(localName.length, 22);
    const localPart = Buffer.concat([Buffer.from('PK\x03\x04'), local, localName, stored]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), fields, tail, name]));
    parts.push(localPart);
    offset += localPart.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
