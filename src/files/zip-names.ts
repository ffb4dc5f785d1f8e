import { isUtf8 } from 'node:buffer';
import type { Entry } from 'yauzl';
import { nameProblem, OUTPUT_PREFIX, printableName } from '../domain/bundle-names.ts';

/** APPNOTE.TXT 4.4.4, bit 11: the name is UTF-8. */
const UTF8_FLAG = 0x800;
/** 4.6.9: a version, a checksum, and then the name in UTF-8. */
const UNICODE_NAME_FIELD = 0x7075;
const UNICODE_NAME_START = 5;
const AGAIN = 'Make the zip again.';
/** Debian's `zip` never sets the flag, with any options. */
const UTF8_TOOL = '`7z a new.zip output`';

/** A name that all readers read alike, or why they would not. */
export type DecodedName = { name: string; isUnflagged: boolean } | { problem: string };

/**
 * The name of an entry. Valid UTF-8 is read as such even without the flag: macOS and Debian's `zip` write it like that.
 * Readers guess any other letters outside of ASCII.
 */
export function decodeName({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): DecodedName {
  if (namesDiffer(fileNameRaw, extraFields)) return { problem: `the zip gives it two names. ${AGAIN}` };
  const isFlagged = (generalPurposeBitFlag & UTF8_FLAG) !== 0;
  if (!isUtf8(fileNameRaw)) {
    const problem = isFlagged
      ? 'its name is not valid UTF-8.'
      : 'its name is not in UTF-8, and readers decode it in different ways.';
    return { problem: `${problem} Make a new zip with names in UTF-8: ${UTF8_TOOL}.` };
  }
  return { name: fileNameRaw.toString('utf8'), isUnflagged: !isFlagged && fileNameRaw.some((byte) => byte > 0x7f) };
}

/** Whether an extra field gives another name: some readers use that one, others do not know the field. */
export function namesDiffer(raw: Buffer, fields: readonly { id: number; data: Buffer }[]): boolean {
  return fields.some(({ id, data }) => id === UNICODE_NAME_FIELD && !data.subarray(UNICODE_NAME_START).equals(raw));
}

/** What a tool does to all names alike, so that one message covers it. */
export type NameHabit = 'backslash' | 'dot-slash' | 'macosx';

const HABITS: Readonly<Record<NameHabit, { isMeant: (name: string) => boolean; text: string }>> = {
  macosx: {
    isMeant: (name) => name.startsWith('__MACOSX/'),
    text: "it is outside output/: macOS's Finder adds `__MACOSX` to its zips. Take it out with `zip -d bundle.zip '__MACOSX/*'`, or make a new zip with `zip -X -r new.zip output`.",
  },
  backslash: {
    // In a name with both kinds of slashes, the backslash is part of a file's name.
    isMeant: (name) => name.includes('\\') && !name.includes('/'),
    text: 'its name has a backslash between folders, which only some readers read as a separator. Make a new zip with a tool that writes `/`, such as `7z a new.zip output` or `zip -r new.zip output`.',
  },
  'dot-slash': {
    isMeant: (name) => name.startsWith('./'),
    text: 'its path begins with `./`, and the platform expects everything under output/. Make a new zip from the folder that holds output, and name that without `./`: `zip -r new.zip output`.',
  },
};

/** Names that show a tool's habit: how many, and the first. */
export class NameHabits {
  readonly #found = new Map<NameHabit, { count: number; first: string }>();

  /** @returns whether the name shows such a habit */
  take(name: string): boolean {
    const habit = habitOf(name);
    if (habit === undefined) return false;
    const known = this.#found.get(habit);
    this.#found.set(habit, { first: known?.first ?? name, count: (known?.count ?? 0) + 1 });
    return true;
  }

  sentences(): string[] {
    return [...this.#found].map(([habit, { count, first }]) => {
      const others = count === 1 ? '' : ` (and ${count - 1} more)`;
      return `${printableName(first)}${others}: ${HABITS[habit].text}`;
    });
  }
}

function habitOf(name: string): NameHabit | undefined {
  if (HABITS.macosx.isMeant(name)) return 'macosx';
  if (HABITS.backslash.isMeant(name)) return 'backslash';
  return HABITS['dot-slash'].isMeant(name) ? 'dot-slash' : undefined;
}

/** Why a name that no tool's habit explains must be changed; undefined if it need not be. */
export function placeProblem(name: string, isFolder: boolean): string | undefined {
  if (name === OUTPUT_PREFIX) return undefined;
  const bad = nameProblem(isFolder ? name.slice(0, -1) : name);
  // The bundle may need the file, so advise to rename it.
  if (bad !== undefined) return `${bad} Give it another name, and make the zip again.`;
  if (name.slice(0, OUTPUT_PREFIX.length) === OUTPUT_PREFIX) return undefined;
  return `it is outside ${OUTPUT_PREFIX}, under which the platform expects everything. Make the zip again from a folder named output.`;
}

/** What to say of names whose flag is missing. */
export function unflaggedWarning(names: readonly string[]): string | undefined {
  const [first] = names;
  if (first === undefined) return undefined;
  const others = names.length === 1 ? '' : ` (and ${names.length - 1} more)`;
  return `${printableName(first)}${others}: the name is in UTF-8, without the flag that says so. It is read as UTF-8 here; the platform may decode it differently. ${UTF8_TOOL} sets the flag.`;
}
