/**
 * Rules on the names of files in a bundle. Names are relative to the packaged folder (or to `output/` in a zip), with
 * `/` as the separator.
 */

import { mayBeRefused, REFUSED_RULES } from './refused-names.ts';

/** What an entry is. */
export type PathKind = 'file' | 'folder';

/** The worker's name, relative to `output/`. */
export const WORKER_NAME = 'worker.js';

/** The folder of the zip that holds everything (API document, section 1, "The bundle"). */
export const OUTPUT_PREFIX = 'output/';

// A zip keeps the length of a name in 16 bits (APPNOTE.TXT 4.4.10).
const MAX_NAME_BYTES = 65_535;
// The limit of Linux, macOS and Windows for one file or folder; a platform that unpacks the zip cannot exceed it.
const MAX_PART_BYTES = 255;
const MAX_PRINTED_CHARACTERS = 300;

/** A file or folder that is not deployed because of its name. `name` is the path up to and including that part. */
export interface RefusedName {
  name: string;
  kind: PathKind;
  reason: string;
}

/** The outermost part of the path with a refused name, if any: for `a/.git/config` the folder `a/.git`. */
export function refusedName(name: string): RefusedName | undefined {
  if (!mayBeRefused(name)) return undefined;
  let outermost: { end: number; reason: string } | undefined;
  for (const { expression, reason } of REFUSED_RULES) {
    const end = endOfMatch(expression, name);
    if (end !== -1 && (outermost === undefined || end < outermost.end)) outermost = { end, reason };
  }
  if (outermost === undefined) return undefined;
  const { end, reason } = outermost;
  return { name: name.slice(0, end), kind: end === name.length ? 'file' : 'folder', reason };
}

function endOfMatch(expression: RegExp, name: string): number {
  const match = expression.exec(name);
  return match === null ? -1 : match.index + match[0].length - (match[0].endsWith('/') ? 1 : 0);
}

/** Why no zip, or not every reader of zips, can carry this name; undefined when there is nothing against it. */
export function nameProblem(name: string): string | undefined {
  if (!name.isWellFormed()) return 'its name is not valid Unicode.';
  const nameBytes = Buffer.byteLength(OUTPUT_PREFIX + name);
  if (nameBytes > MAX_NAME_BYTES) return 'its name is longer than the 65,535 bytes that a zip can carry.';
  if (nameBytes > MAX_PART_BYTES && name.split('/').some((part) => Buffer.byteLength(part) > MAX_PART_BYTES)) {
    return 'a part of its path is longer than the 255 bytes that a file system takes.';
  }
  if (name.includes('\\')) return 'its name has a backslash, which some systems take for a folder separator.';
  if (/\p{Cc}/u.test(name)) return 'its name has a control character.';
  // Windows drops dots and blanks at the end of a part, so `.. ` is `..` there.
  if (/(?:^|\/)[. ]*(?:\/|$)/.test(name)) {
    return 'its path has an empty part, or one of dots and blanks only, which can lead out of the folder.';
  }
  return undefined;
}

/** The printable name: what a terminal would interpret or hide is escaped, and a very long name is cut. */
export function printableName(name: string | Uint8Array): string {
  const escaped =
    typeof name === 'string'
      ? name.replaceAll(/[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeCharacter)
      : Buffer.from(name)
          .toString('latin1')
          .replaceAll(/[^ -[\]-~]/g, escapeByte);
  if (escaped.length <= MAX_PRINTED_CHARACTERS) return escaped;
  return `${escaped.slice(0, MAX_PRINTED_CHARACTERS).toWellFormed()}...`;
}

/**
 * A gitignore pattern that matches this path and no other. A character that cannot be part of a line (a
 * newline, say) is given as `?`, which matches any one character.
 */
export function excludePattern(name: string, kind: PathKind): string {
  const escaped = name
    .replaceAll(/[\\*?[\]]/g, '\\$&')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFD]/gu, (character) => '?'.repeat(character.length));
  // Gitignore, and anything that trims lines, drops blanks at a line's end, unless they are in brackets.
  const start = escaped.trimEnd();
  const blanks = [...escaped.slice(start.length)].map((blank) => `[${blank}]`).join('');
  return `/${start}${blanks}${kind === 'folder' ? '/' : ''}`;
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function escapeByte(byte: string): string {
  if (byte === '\\') return '\\\\';
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
