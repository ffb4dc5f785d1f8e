import type { KeyValueEntry, KeyValueResult } from './key-value.ts';
import type { InputProblems } from './problems.ts';

/**
 * Values that are valid but probably not meant like that: a part was cut off as a comment, or YAML's folded style `>`
 * made one line of several. Either may be intended, so these are warnings, not errors.
 */

/** From this length on, text in one case and with digits is probably random rather than a key. */
const MIN_RANDOM_CHARACTERS = 16;

/** More of an entry of `secrets` to mask: what was cut off its value or became a part of it. */
export function textsBeside({ key, value, written }: KeyValueEntry): string[] {
  if (written === undefined) return [];
  const comment = written === value ? [] : cutTextsOf(written, value);
  return [...comment, ...(keysInside(written, key).length === 0 ? [] : piecesOf(written))];
}

/** The same for comments, if a whole text was parsed as one. */
export function secretCommentTextsOf({ entries, comments }: KeyValueResult): string[] {
  return entries.length > 0 ? [] : comments.filter((comment) => keysInside(comment.text).length > 0).flatMap(pieces);
}

function pieces({ text }: { text: string }): string[] {
  return piecesOf(text);
}

/** Names keys, unless other lines are wrong: a "key" may be a piece of a secret then. Never shows a value. */
export function warnAboutSlips(problems: InputProblems, input: string, result: KeyValueResult): void {
  const isSure = result.problems.length === 0;
  const cut = result.entries.filter(({ value, written }) => written !== undefined && written !== value);
  if (cut.length > 0) {
    const places = cut.map(({ key, line }) => (isSure ? `${key} (line ${line})` : `line ${line}`)).join(', ');
    problems.warn(
      `${input}: ${cut.length === 1 ? 'the value' : 'each value'} of ${places} ends before a " #", and the rest was read as a comment. If it belongs to the value, put quotes around the value; a real comment raises no warning behind a quoted value, or on a line of its own.`,
    );
  }
  for (const { key, line, written } of result.entries) {
    const inside = written === undefined ? [] : keysInside(written, key);
    if (inside.length === 0) continue;
    const names = isSure ? `: what was given for ${inside.join(', ')} became a part of the value of ${key}` : '';
    problems.warn(
      `${input}: line ${line} holds more than one KEY=VALUE${names}. ${foldedAdvice(input)} If that is intended, put quotes around the value.`,
    );
  }
  if (result.entries.length > 0) return;
  for (const { text, line } of result.comments) {
    const inside = keysInside(text);
    if (inside.length === 0) continue;
    const names = isSure ? `, ${inside.join(', ')} included` : '';
    problems.warn(`${input}: line ${line} is a comment as a whole${names}. ${foldedAdvice(input)}`);
  }
}

function foldedAdvice(input: string): string {
  return `YAML's \`>\` makes one line of several: write \`|\` in its place (\`${input}: |\`).`;
}

/**
 * Names after the start of a text that look like keys and have a value, each once; never what may be a secret, and not
 * in a list with commas or semicolons (`CN=admin, OU=users`).
 */
function keysInside(text: string, ownKey = 'KEY'): string[] {
  const names = [...text.matchAll(/\s([A-Za-z_][A-Za-z0-9_]*)=[^\s=]/g)]
    .filter(({ index }) => !/[,;]/.test(text.charAt(index - 1)))
    .map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => looksLikeKey(name, ownKey));
}

/** Keys of one list are spelled alike; a different spelling is probably a program's option in a value. */
function looksLikeKey(name: string, ownKey: string): boolean {
  if (/^[A-Z0-9_]+$/.test(ownKey)) {
    const isRandom = name.length >= MIN_RANDOM_CHARACTERS && !name.includes('_') && /\d/.test(name);
    return /^[A-Z][A-Z0-9_]*$/.test(name) && !isRandom;
  }
  return /^[A-Za-z][A-Za-z0-9]*_/.test(name);
}

function cutTextsOf(written: string, value: string): string[] {
  const comment = written.slice(value.length).trim();
  return [written, comment, comment.slice(1).trim()];
}

/** The text between the keys of a line, without quotes and comments. */
function piecesOf(text: string): string[] {
  return text
    .split(/\s[A-Za-z_][A-Za-z0-9_.-]*=/)
    .flatMap((piece) => [piece, ...piece.split(/\s#/)])
    .map((piece) => piece.trim())
    .flatMap((piece) => [piece, piece.replace(/^["'`]|["'`]$/g, '')])
    .filter((piece) => piece !== '');
}
