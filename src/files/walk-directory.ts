import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { nameProblem, type PathKind, printableName } from '../domain/bundle-names.ts';
import { isInside } from '../inside.ts';
import type { ExcludeTest } from './exclude.ts';
import { describeFault, errorCode } from './fault.ts';

/** A file that was found. Links are followed: `path` is where the bytes are. */
export interface WalkedFile {
  /** Relative to the folder, `/` as the separator, as it is reached. */
  name: string;
  /** The path of the file itself, which differs if a link led to it. */
  targetName: string;
  /** Absolute. */
  path: string;
  sizeBytes: number;
}

/** Something that cannot be packaged: `reason` is a sentence that follows the name. */
export interface PathProblem {
  name: string;
  /** The name as it can be printed. */
  label: string;
  reason: string;
}

/** What is in a folder. Neither list is sorted. */
export interface WalkResult {
  files: WalkedFile[];
  problems: PathProblem[];
  leftOut: LeftOut;
  /** Whether the walk stopped because there is far too much: the lists are incomplete then. */
  gaveUp: boolean;
}

/** What `excluded` matched. */
export interface LeftOut {
  /** How many files, including those in folders that were left out as a whole. */
  files: number;
  /** Whether there are more files than were counted. */
  isMore: boolean;
  /** Their names at the top of the folder. */
  topFiles: Set<string>;
}

/** How many names in excluded folders are read, to count files: what is excluded should cost little. */
const MAX_COUNTED_NAMES = 10_000;

/** How many names are read before a walk stops: a hundred times the limit, and seconds of work. */
export const MAX_WALKED_NAMES = 100_000;

/** Signals are checked after this many names. */
const NAMES_IN_A_ROW = 250;

interface Walk {
  root: string;
  excluded: ExcludeTest;
  signal: AbortSignal;
  seen: number;
  counted: number;
  result: WalkResult;
}

interface Folder {
  /** Relative to the root; empty for the root itself. */
  name: string;
  /** The path of its real place, which differs if a link led to it. */
  targetName: string;
  /** Absolute, without links. */
  path: string;
  /** The folder's own path and those of the folders it was reached through, to see a circle of links. */
  trail: readonly string[];
}

type Target = { path: string } & ({ kind: 'file'; sizeBytes: number } | { kind: 'folder' });
/** Neither a file nor a folder, so that exclude patterns for either can match it. */
type Unusable = { kind: 'unusable'; reason: string };

/**
 * Lists the files under a folder, following links that stay inside it. Paths that leave it, lead nowhere or in a
 * circle, are not files, or have names that no zip can carry, are listed as problems; what `excluded` names is neither.
 * @param directory absolute; must exist and be a folder
 * @throws the signal's reason; the system's error about `directory` itself
 */
export async function walkDirectory(
  directory: string,
  excluded: ExcludeTest,
  signal: AbortSignal,
): Promise<WalkResult> {
  const root = realpathSync.native(directory);
  const leftOut: LeftOut = { files: 0, isMore: false, topFiles: new Set() };
  const result: WalkResult = { files: [], problems: [], leftOut, gaveUp: false };
  const walk: Walk = { root, excluded, signal, seen: 0, counted: 0, result };
  const entries = readFolder(root);
  await visitEntries(walk, { name: '', targetName: '', path: root, trail: [root] }, entries);
  return result;
}

/** Synchronously, as all of the walk: each call takes microseconds, a tenth of what an asynchronous one takes. */
function readFolder(path: string): Dirent<Buffer>[] {
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
}

async function visitFolder(walk: Walk, folder: Folder): Promise<void> {
  let entries: Dirent<Buffer>[];
  try {
    entries = readFolder(folder.path);
  } catch (error) {
    refuse(walk, folder.name, `this folder cannot be read: ${describeFault(error)}.`);
    return;
  }
  await visitEntries(walk, folder, entries);
}

async function visitEntries(walk: Walk, folder: Folder, entries: readonly Dirent<Buffer>[]): Promise<void> {
  for (const entry of entries) {
    walk.signal.throwIfAborted();
    walk.seen += 1;
    if (walk.seen > MAX_WALKED_NAMES) walk.result.gaveUp = true;
    if (walk.result.gaveUp) return;
    if (walk.seen % NAMES_IN_A_ROW === 0) await setImmediate();
    await visitEntry(walk, folder, entry);
  }
}

async function visitEntry(walk: Walk, folder: Folder, entry: Dirent<Buffer>): Promise<void> {
  const leaf = entry.name.toString('utf8');
  const name = nameIn(folder.name, leaf);
  if (!isUtf8(entry.name)) {
    const label = `${folder.name === '' ? '' : `${printableName(folder.name)}/`}${printableName(entry.name)}`;
    if (isExcluded(walk, name, entry.isDirectory() ? ['folder'] : ['file'])) walk.result.leftOut.files += 1;
    else walk.result.problems.push({ name, label, reason: 'its name is not valid UTF-8.' });
    return;
  }
  const target = resolveEntry(walk, folder, entry, leaf);
  if (isExcluded(walk, name, target.kind === 'unusable' ? ['file', 'folder'] : [target.kind])) {
    if (entry.isDirectory()) await countFolder(walk, { name, path: `${folder.path}${sep}${leaf}` });
    else countFile(walk, name);
    return;
  }
  const targetName = entry.isSymbolicLink() ? nameOfTarget(walk, target) : nameIn(folder.targetName, leaf);
  const badName = nameProblem(name);
  if (badName !== undefined) refuse(walk, name, badName);
  else if (target.kind === 'unusable') refuse(walk, name, target.reason);
  else if (target.kind === 'file') {
    walk.result.files.push({ name, targetName, path: target.path, sizeBytes: target.sizeBytes });
  } else if (folder.trail.includes(target.path)) {
    refuse(walk, name, 'this link leads back to a folder that it is in, in a circle.');
  } else {
    await visitFolder(walk, { name, targetName, path: target.path, trail: [...folder.trail, target.path] });
  }
}

/** `folder` is empty for the root. */
function nameIn(folder: string, leaf: string): string {
  return folder === '' ? leaf : `${folder}/${leaf}`;
}

function nameOfTarget({ root }: Walk, target: Target | Unusable): string {
  return target.kind === 'unusable' ? '' : relative(root, target.path).replaceAll(sep, '/');
}

/** Finds what an entry is, through links. A system error is returned as a reason, not thrown. */
function resolveEntry(walk: Walk, folder: Folder, entry: Dirent<Buffer>, leaf: string): Target | Unusable {
  const path = folder.path.endsWith(sep) ? folder.path + leaf : folder.path + sep + leaf;
  if (entry.isDirectory()) return { kind: 'folder', path };
  try {
    if (!entry.isSymbolicLink()) return describeTarget(path, 'it');
    const target = realpathSync.native(path);
    if (isInside(walk.root, target)) return describeTarget(target, 'this link leads to what');
    return unusable('this link leads out of the folder; only links that stay inside are followed.');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return unusable('this link leads to nothing.');
    if (errorCode(error) === 'ELOOP') return unusable('this link leads to itself, in a circle.');
    return unusable(`it cannot be read: ${describeFault(error)}.`);
  }
}

function describeTarget(path: string, subject: string): Target | Unusable {
  const stats = statSync(path);
  if (stats.isFile()) return { kind: 'file', path, sizeBytes: stats.size };
  if (stats.isDirectory()) return { kind: 'folder', path };
  return unusable(`${subject} is not a file (a socket, a pipe or a device).`);
}

function unusable(reason: string): Unusable {
  return { kind: 'unusable', reason };
}

function isExcluded(walk: Walk, name: string, kinds: readonly PathKind[]): boolean {
  return kinds.some((kind) => walk.excluded(name, kind));
}

function countFile({ result: { leftOut } }: Walk, name: string): void {
  leftOut.files += 1;
  if (!name.includes('/')) leftOut.topFiles.add(name);
}

/** Counts the files of an excluded folder. Its names are matched, too: a pattern may be meant for one of them. */
async function countFolder(walk: Walk, folder: { name: string; path: string }): Promise<void> {
  const { leftOut } = walk.result;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined && !leftOut.isMore; next = waiting.pop()) {
    for (const entry of entriesOf(next.path)) {
      walk.signal.throwIfAborted();
      walk.counted += 1;
      leftOut.isMore = walk.counted > MAX_COUNTED_NAMES;
      if (leftOut.isMore) return;
      if (walk.counted % NAMES_IN_A_ROW === 0) await setImmediate();
      const leaf = entry.name.toString('utf8');
      const inner = { name: nameIn(next.name, leaf), path: `${next.path}${sep}${leaf}` };
      isExcluded(walk, inner.name, [entry.isDirectory() ? 'folder' : 'file']);
      if (entry.isDirectory()) waiting.push(inner);
      else leftOut.files += 1;
    }
  }
}

/** Empty if the folder cannot be read: it is excluded anyway. */
function entriesOf(path: string): Dirent<Buffer>[] {
  try {
    return readFolder(path);
  } catch {
    return [];
  }
}

function refuse(walk: Walk, name: string, reason: string): void {
  walk.result.problems.push({ name, label: printableName(name), reason });
}
