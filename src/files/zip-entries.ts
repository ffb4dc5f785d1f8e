import { isUtf8 } from 'node:buffer';
import { type Entry, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { ZIP_REMEDY } from '../domain/bundle-advice.ts';
import { byName } from '../domain/bundle-limits.ts';
import { nameProblem, OUTPUT_PREFIX, printableName, refusedName } from '../domain/bundle-names.ts';
import type { ProblemList } from '../domain/bundle-problems.ts';
import { describeFault } from './fault.ts';

/** A file of the zip which broke no rule that its header can break. */
export interface ZipItem {
  /** Relative to `output/`. */
  name: string;
  /** As declared; reading it shows whether that is true. */
  sizeBytes: number;
  entry: Entry;
}

// APPNOTE.TXT 4.4.4, bit 11: the name is UTF-8. 4.4.5: methods.
const UTF8_FLAG = 0x800;
const STORED = 0;
const DEFLATED = 8;
// The upper half of the external attributes is the Unix mode; its upper bits are the type (stat.h).
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;

/**
 * Reads the zip's directory and holds every entry to the rules on names, places, kinds and methods. Problems go to
 * `problems`; the files that have none are returned, sorted by name.
 * @throws the signal's reason
 */
export async function readEntries(zip: ZipFile, problems: ProblemList, signal: AbortSignal): Promise<ZipItem[]> {
  const items: ZipItem[] = [];
  const seen = new Set<string>();
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      const item = readEntry(entry, seen, problems);
      if (item !== undefined) items.push(item);
    }
  } catch (error) {
    signal.throwIfAborted();
    problems.add('bundle', `The zip's directory is damaged: ${describeFault(error)}. Make the zip again.`);
  }
  const folders = new Set([...seen].flatMap(foldersOf));
  for (const { name } of items) {
    if (folders.has(`${OUTPUT_PREFIX}${name}/`)) {
      problems.add(
        'path',
        `${OUTPUT_PREFIX}${printableName(name)}: it is both a file and a folder. Make the zip again.`,
      );
    }
  }
  return refuseNames(items, problems).sort(byName);
}

function readEntry(entry: Entry, seen: Set<string>, problems: ProblemList): ZipItem | undefined {
  const name = decodeName(entry);
  const label = printableName(name ?? entry.fileNameRaw);
  if (name === undefined) {
    problems.add('path', `${label}: its name is not valid UTF-8. ${ZIP_REMEDY}`);
    return undefined;
  }
  const isFolder = name.endsWith('/');
  const problem =
    placeProblem(name, isFolder) ??
    kindProblem(entry, isFolder) ??
    methodProblem(entry) ??
    (seen.has(name) ? 'the zip holds this name more than once. Make the zip again.' : undefined);
  seen.add(name);
  if (problem !== undefined) problems.add('path', `${label}: ${problem}`);
  if (problem !== undefined || isFolder) return undefined;
  return { name: name.slice(OUTPUT_PREFIX.length), sizeBytes: entry.uncompressedSize, entry };
}

/** The folders that a name implies, each with a slash at the end, as zips write folders. */
function foldersOf(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
}

function decodeName(entry: Entry): string | undefined {
  const hasUtf8Flag = (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0;
  if (hasUtf8Flag && !isUtf8(entry.fileNameRaw)) return undefined;
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

function placeProblem(name: string, isFolder: boolean): string | undefined {
  if (name === OUTPUT_PREFIX) return undefined;
  const bad = nameProblem(isFolder ? name.slice(0, -1) : name);
  if (bad !== undefined) return `${bad} ${ZIP_REMEDY}`;
  if (name.slice(0, OUTPUT_PREFIX.length) === OUTPUT_PREFIX) return undefined;
  return `it is outside ${OUTPUT_PREFIX}, under which the platform expects everything. Make the zip again from a folder named output.`;
}

function kindProblem(entry: Entry, isFolder: boolean): string | undefined {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
  if (type === LINK) return 'it is a link; links in a zip are not followed. Make the zip again with the file itself.';
  // Many writers leave the type out.
  if (type !== 0 && type !== (isFolder ? FOLDER : REGULAR)) return `it is not a plain file or folder. ${ZIP_REMEDY}`;
  if (isFolder && entry.uncompressedSize > 0) return `it is a folder that holds data of its own. ${ZIP_REMEDY}`;
  return undefined;
}

function methodProblem(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'it is encrypted. Make the zip again without a password.';
  if (entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED) return undefined;
  return `it is compressed with method ${entry.compressionMethod}, which not every reader knows. Make the zip again with deflate.`;
}

function refuseNames(items: readonly ZipItem[], problems: ProblemList): ZipItem[] {
  const reasons = new Map<string, string>();
  const kept = items.filter(({ name }) => {
    const refused = refusedName(name);
    if (refused !== undefined) reasons.set(refused.name, refused.reason);
    return refused === undefined;
  });
  const sorted = [...reasons].map(([name, reason]) => ({ name, reason })).sort(byName);
  problems.add(
    'name',
    ...sorted.map(({ name, reason }) => `${OUTPUT_PREFIX}${printableName(name)}: ${reason} ${ZIP_REMEDY}`),
  );
  return kept;
}
