import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PackedFile } from '../../src/files/batch/batch-file.ts';
import { type PackOptions, packFile } from '../../src/files/batch/pack-file.ts';
import { temporaryFolder } from '../clean-up.ts';

export function createRecord(ref: string = randomUUID(), value: object = { firstName: 'Jane', city: 'Bad Tölz' }) {
  return { ref, schema: 'guest', mode: 'upsert', value };
}

/** Records as JSON lines. */
export function linesOf(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export async function writeSource(content: string | Buffer, name = 'guests.jsonl'): Promise<string> {
  const path = join(temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** Packs a file of this content; its parts are in a folder of their own. */
export async function packContent(
  content: string | Buffer,
  options: Partial<PackOptions> & { name?: string } = {},
): Promise<PackedFile> {
  const path = await writeSource(content, options.name);
  return await packFile(path, { folder: temporaryFolder(), signal: new AbortController().signal, ...options });
}

/** The text of each part. */
export async function contentOf({ parts }: PackedFile): Promise<string[]> {
  return await Promise.all(parts.map(async ({ path }) => gunzipSync(await readFile(path)).toString()));
}
