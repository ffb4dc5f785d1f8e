import type { Entry, ZipFile } from 'yauzl';
import { ZIP_REMEDY } from '../domain/bundle-advice.ts';
import { byName } from '../domain/bundle-limits.ts';
import { OUTPUT_PREFIX, printableName, refusedName } from '../domain/bundle-names.ts';
import type { ProblemList } from '../domain/bundle-problems.ts';
import { describeFault } from './fault.ts';
import { decodeName, NameHabits, placeProblem, unflaggedWarning } from './zip-names.ts';

/** A file of the zip whose header breaks no rule. */
export interface ZipItem {
  /** Relative to `output/`. */
  name: string;
  /** As declared; reading the file verifies it. */
  sizeBytes: number;
  entry: Entry;
}

/** The content of the zip's directory. */
export interface ZipEntries {
  /** Files without a problem, sorted by name. */
  items: ZipItem[];
  /** All entries, in its order; undefined if it is damaged. */
  all: Entry[] | undefined;
  warnings: string[];
}

// APPNOTE.TXT 4.4.5: methods.
const STORED = 0;
const DEFLATED = 8;
// The upper half of the external attributes is the Unix mode; its upper bits are the type (stat.h).
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;

/**
 * Reads the zip's directory and checks every entry against the rules on names, places, kinds and methods. Problems go
 * to `problems`.
 * @throws the signal's reason
 */
export async function readEntries(zip: ZipFile, problems: ProblemList, signal: AbortSignal): Promise<ZipEntries> {
  const reading = new EntryReading(problems);
  const all: Entry[] = [];
  let isDamaged = false;
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      all.push(entry);
      reading.take(entry);
    }
  } catch (error) {
    signal.throwIfAborted();
    isDamaged = true;
    problems.add('bundle', `The zip's directory is damaged: ${describeFault(error)}. Make the zip again.`);
  }
  return { ...reading.finish(), all: isDamaged ? undefined : all };
}

class EntryReading {
  readonly #problems: ProblemList;
  readonly #habits = new NameHabits();
  readonly #items: ZipItem[] = [];
  readonly #seen = new Set<string>();
  readonly #unflagged: string[] = [];

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  take(entry: Entry): void {
    const decoded = decodeName(entry);
    if ('problem' in decoded) {
      this.#problems.add('path', `${printableName(entry.fileNameRaw)}: ${decoded.problem}`);
      return;
    }
    const { name, isUnflagged } = decoded;
    if (this.#habits.take(name)) return;
    if (isUnflagged) this.#unflagged.push(name);
    const isFolder = name.endsWith('/');
    const problem =
      placeProblem(name, isFolder) ??
      kindProblem(entry, isFolder) ??
      methodProblem(entry) ??
      (this.#seen.has(name) ? 'the zip holds this name more than once. Make the zip again.' : undefined);
    this.#seen.add(name);
    if (problem !== undefined) this.#problems.add('path', `${printableName(name)}: ${problem}`);
    if (problem !== undefined || isFolder) return;
    this.#items.push({ name: name.slice(OUTPUT_PREFIX.length), sizeBytes: entry.uncompressedSize, entry });
  }

  finish(): { items: ZipItem[]; warnings: string[] } {
    const problems = this.#problems;
    problems.add('path', ...this.#habits.sentences());
    const folders = new Set([...this.#seen].flatMap(foldersOf));
    for (const { name } of this.#items) {
      if (!folders.has(`${OUTPUT_PREFIX}${name}/`)) continue;
      const label = OUTPUT_PREFIX + printableName(name);
      problems.add('path', `${label}: it is both a file and a folder. Make the zip again.`);
    }
    const warning = unflaggedWarning(this.#unflagged);
    return {
      items: refuseNames(this.#items, problems).sort(byName),
      warnings: warning === undefined ? [] : [warning],
    };
  }
}

/** The folders that a name implies, each with a slash at the end, as zips write folders. */
function foldersOf(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
}

function kindProblem(entry: Entry, isFolder: boolean): string | undefined {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
  if (type === LINK) return 'it is a link; links in a zip are not followed. Make the zip again with the file itself.';
  // Many writers leave the type out.
  if (type !== 0 && type !== (isFolder ? FOLDER : REGULAR)) return `it is not a plain file or folder. ${ZIP_REMEDY}`;
  if (isFolder && entry.uncompressedSize > 0) return `it is a folder with data. ${ZIP_REMEDY}`;
  return undefined;
}

function methodProblem(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'it is encrypted. Make the zip again without a password.';
  if (entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED) return undefined;
  return `it is compressed with method ${entry.compressionMethod}, which not every reader knows. Make the zip again with deflate.`;
}

function refuseNames(items: readonly ZipItem[], problems: ProblemList): ZipItem[] {
  const reasons = new Map<string, string>();
  const remaining = items.filter(({ name }) => {
    const refused = refusedName(name);
    if (refused !== undefined) reasons.set(refused.name, refused.reason);
    return refused === undefined;
  });
  const sorted = [...reasons].map(([name, reason]) => ({ name, reason })).sort(byName);
  problems.add(
    'name',
    ...sorted.map(({ name, reason }) => `${OUTPUT_PREFIX}${printableName(name)}: ${reason} ${ZIP_REMEDY}`),
  );
  return remaining;
}
