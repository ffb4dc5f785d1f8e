/**
 * The sources that dist/ was built from, so that nobody tests a bundle of older ones. Dates would not do: in a fresh
 * clone they are in no order. dist/sources.txt has a short hash of each file's path and content, a line for each in the
 * order of the paths; the paths themselves would take ten times the room.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const RECORD = 'sources.txt';

const ROOT = resolve(import.meta.dirname, '..');
/** Enough that no change is missed by chance: 36 bits. */
const HASH_CHARS = 6;
const MAX_NAMED = 5;

/** Content of dist/sources.txt for the files that are in `src/` now. */
export function renderRecord(root: string = ROOT): string {
  return listSources(root)
    .map((path) => `${hashSource(root, path)}\n`)
    .join('');
}

/** What of `src/` is not in dist/, a line for each file; empty when dist/ is current. */
export function staleSources(root: string = ROOT): string[] {
  const record = join(root, 'dist', RECORD);
  if (!existsSync(record)) return [`dist/${RECORD} is missing`];
  const built = new Set(readFileSync(record, 'utf8').split('\n').slice(0, -1));
  const sources = listSources(root);
  const newer = sources.filter((path) => !built.has(hashSource(root, path)));
  if (newer.length > 0) return newer.map((path) => `${path} is newer`);
  return sources.length === built.size
    ? []
    : [`dist/ has ${built.size} files of src/, which has ${sources.length} now`];
}

let isCurrent = false;

/** @throws Error that names the sources which are newer; checks once in a process */
export function requireCurrentDist(root: string = ROOT): void {
  if (isCurrent) return;
  const stale = staleSources(root);
  if (stale.length > 0) {
    const more = stale.length > MAX_NAMED ? [`and ${stale.length - MAX_NAMED} more`] : [];
    const lines = [...stale.slice(0, MAX_NAMED), ...more].map((line) => `- ${line}`);
    throw new Error(`dist/ is older than src/; run \`npm run build\` first:\n${lines.join('\n')}`);
  }
  isCurrent = true;
}

function listSources(root: string): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** With line ends as they are committed: an editor on Windows may write others. */
function hashSource(root: string, path: string): string {
  const content = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
  const hash = createHash('sha256').update(`${path}\n`).update(content);
  return hash.digest('base64url').slice(0, HASH_CHARS);
}
