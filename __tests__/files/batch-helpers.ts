import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PackedFile } from '../../src/files/batch/batch-file.ts';
import { type PackOptions, packFile } from '../../src/files/batch/pack-file.ts';

const made: string[] = [];

/** A fresh folder, removed by `removeFolders`. */
export async function createFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'batch-test-'));
  made.push(path);
  return path;
}

export async function removeFolders(): Promise<void> {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
}

export function createRecord(ref: string = randomUUID(), value: object = { firstName: 'Jane', city: 'Bad Tölz' }) {
  return { ref, schema: 'guest', mode: 'upsert', value };
}

/** Records as JSON lines. */
export function linesOf(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export async function writeSource(content: string | Buffer, name = 'guests.jsonl'): Promise<string> {
  const path = join(await createFolder(), name);
  await writeFile(path, content);
  return path;
}

/** Packs what a file of this content comes to; parts stand in a folder of its own. */
export async function packContent(
  content: string | Buffer,
  options: Partial<PackOptions> & { name?: string } = {},
): Promise<PackedFile> {
  const path = await writeSource(content, options.name);
  return await packFile(path, { folder: await createFolder(), signal: new AbortController().signal, ...options });
}

/** The text of each part. */
export async function contentOf({ parts }: PackedFile): Promise<string[]> {
  return await Promise.all(parts.map(async ({ path }) => gunzipSync(await readFile(path)).toString()));
}
