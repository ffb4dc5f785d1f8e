import { isUuid } from '../uuid.ts';
import { fold, foldWithPlaces, unescaped } from './scrub-folding.ts';
import { COMMON_WORDS } from './scrub-words.ts';

/** What stands in the place of what was taken out. */
const GONE = '…';
const MAX_CHARS = 500;
const MAX_CODE_CHARS = 64;
/** A service that quotes a whole record is read no further: what is shown in the end is far shorter. */
const MAX_READ_CHARS = 4000;
/** Shorter parts of a value ("Li", "St.") go where they are words, and not where they are pieces of others. */
const MIN_PART_CHARS = 3;
const MIN_DIGITS = 4;

/** Looked for where a word begins alone: at each of its characters would take a long time for a long one. */
const E_MAIL = /(?<![^\s"'`<>()[\]{},;:=])[^\s"'`<>()[\]{},;:=]+@[^\s"'`<>()[\]{},;:=]+/gu;
/** With the marks that people put between digits: a telephone number, a date. */
const NUMBER = /\p{N}(?:[\p{N} .,:/()+-]*\p{N})?/gu;
/** A straight mark that nothing closes takes all that comes: the message was cut. */
const QUOTED =
  /"(?:[^"\\]|\\.)*(?:"|\\?$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)|‘.*?(?:’(?![\p{L}\p{N}])|$)|(?<![\p{L}\p{N}])'.*?(?:'(?![\p{L}\p{N}])|$)/gu;
const WORD = /[\p{L}\p{N}_]+/gu;
/** In the place of a character that somebody could not read: what it was a part of cannot be told from data. */
const UNREADABLE = /[\p{L}\p{N}_]*\ufffd[\p{L}\p{N}_\ufffd]*/gu;
/** Or none. A character of other scripts may be a name. */
const ONE_CHARACTER = /^\p{ASCII}?$/u;
const FIELD_NAME = /^[A-Za-z_$][A-Za-z0-9_-]{0,63}$/;

interface Known {
  /** Values of the record, and words of them; folded. */
  texts: Set<string>;
  /** Values, and words of them, that are too short to be looked for within words; folded. */
  words: Set<string>;
  numbers: Set<number>;
  /** Those, as digits alone: `9.99` may come as `9,99`. */
  digits: Set<string>;
  /** Names of fields of the record, folded. */
  fields: Set<string>;
}

/**
 * Takes out of a service's message what may be somebody's data: all values of the record, e-mail addresses, quoted texts
 * that name no field of the record, and numbers of four digits and more. Names of fields stay. At most 500 characters.
 * @param record the parsed record that the message is about; undefined where it is not known: only words stay that are
 *   in no way anybody's data
 */
export function scrubMessage(message: string, record: unknown): string {
  const known = knownOf(record);
  let text = started(unescaped(message).toWellFormed().normalize('NFC').replace(/\s+/gu, ' ').trim());
  text = text.replace(QUOTED, (quoted) => (isFieldPath(quoted.slice(1, -1), known) ? quoted : GONE));
  text = text.replace(E_MAIL, GONE).replace(NUMBER, (number) => withoutNumber(number, known));
  text = text.replace(UNREADABLE, GONE);
  if (record === undefined) text = text.replace(WORD, (word) => (isCommon(word) ? word : GONE));
  // What is taken out may bring together what makes a value only then. Each round makes the text shorter.
  for (let before = ''; before !== text; ) {
    before = text;
    text = shortened(withoutTexts(text, known).replace(/…(?:\s*…)+/gu, GONE));
  }
  return text;
}

/** The same for a code, a number mostly: one of up to five digits stays. At most 64 characters. */
export function scrubCode(code: string, record: unknown): string {
  return /^-?\d{0,5}$/.test(code) ? code : scrubMessage(code, record).slice(0, MAX_CODE_CHARS).toWellFormed();
}

/** Nothing is left of the word in whose middle a text is cut: it may be half of an address. */
function started(text: string): string {
  if (text.length <= MAX_READ_CHARS) return text;
  const start = text.slice(0, MAX_READ_CHARS);
  return `${start.slice(0, Math.max(0, start.lastIndexOf(' ')))}${GONE}`;
}

/** Cut between words: a message may be scrubbed again, and half of a name is not known as one. */
function shortened(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  const start = text.slice(0, MAX_CHARS - 1);
  return `${start.slice(0, Math.max(0, start.lastIndexOf(' ')))}${GONE}`;
}

function knownOf(record: unknown): Known {
  const known: Known = { texts: new Set(), words: new Set(), numbers: new Set(), digits: new Set(), fields: new Set() };
  // A list, and no recursion: a record may be nested as deeply as its length allows.
  const waiting: unknown[] = [record];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') addText(value, known);
    else if (typeof value === 'number') addNumber(String(value), known);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value) && FIELD_NAME.test(key)) known.fields.add(fold(key));
        waiting.push(inner);
      }
    }
  }
  // A name that is no common word may itself be data: {"Jane": true}.
  for (const field of known.fields) if (COMMON_WORDS.has(field)) known.texts.delete(field);
  return known;
}

function addText(value: string, known: Known): void {
  const { texts, words } = known;
  const text = value.toWellFormed().normalize('NFC');
  const all = fold(text);
  texts.add(all);
  if (isUuid(value)) return;
  // As messages have it, whose white space is single spaces.
  texts.add(fold(text.replace(/\s+/gu, ' ').trim()));
  if (all.length === 1 && !COMMON_WORDS.has(all)) words.add(all);
  if (/^\d+\.\d+$/.test(text)) addNumber(text, known);
  for (const word of text.match(WORD) ?? []) {
    if (/^\d+$/.test(word)) addNumber(word, known);
    const folded = fold(word);
    if (word === text || folded.length < 2 || COMMON_WORDS.has(folded)) continue;
    (folded.length < MIN_PART_CHARS ? words : texts).add(folded);
  }
}

function addNumber(number: string, { numbers, digits }: Known): void {
  numbers.add(Number(number));
  digits.add(number.replace(/\D/g, ''));
}

/** `firstName`, `value.phones[0]`: of names of fields, places and common words alone. */
function isFieldPath(text: string, { fields, texts }: Known): boolean {
  const parts = text.split(/[.[\]/]+/).filter((part) => part !== '');
  const isKnown = (part: string) => {
    const folded = fold(part);
    return fields.has(folded) || /^\d{1,3}$|^\$$/.test(part) || (COMMON_WORDS.has(folded) && !texts.has(folded));
  };
  return parts.length > 0 && parts.every(isKnown);
}

/** Of common words alone, as `EMAIL_INVALID` is; a single digit is one, too. */
function isCommon(word: string): boolean {
  const parts = word.split(/_|(?<=\p{Ll})(?=\p{Lu})/u).filter((part) => part !== '');
  return parts.every((part) => /^\d$/.test(part) || COMMON_WORDS.has(fold(part)));
}

function withoutNumber(text: string, { numbers, digits }: Known): string {
  const found = text.match(/\p{N}/gu) ?? [];
  if (found.length >= MIN_DIGITS || (found.length > 1 && digits.has(found.join('')))) return GONE;
  // One digit tells nothing: it is in every second message.
  const isValue = (number: string) => number.length > 1 && numbers.has(Number(number));
  return text.replace(/\d+(?:\.\d+)?/g, (number) => (isValue(number) ? GONE : number));
}

/** Wherever a value stands, capitals or not; but for those that are a piece of a field's name or of a common word. */
function withoutTexts(text: string, { texts, words, fields }: Known): string {
  const { folded, placeOf } = foldWithPlaces(text);
  const spared: RegExpExecArray[] = [];
  const gone: [start: number, end: number][] = [];
  for (const match of folded.matchAll(WORD)) {
    const { 0: word, index } = match;
    if (words.has(word)) gone.push([placeOf(index), placeOf(index + word.length)]);
    else if (fields.has(word) || COMMON_WORDS.has(word)) spared.push(match);
  }
  for (const value of texts) {
    if (value.length > folded.length || ONE_CHARACTER.test(value)) continue;
    for (let at = folded.indexOf(value); at >= 0; at = folded.indexOf(value, at + 1)) {
      const end = at + value.length;
      const isPiece = ({ index, 0: word }: RegExpExecArray) =>
        index <= at && end <= index + word.length && value.length < word.length;
      if (!spared.some(isPiece)) gone.push([placeOf(at), placeOf(end)]);
    }
  }
  let out = '';
  let done = 0;
  for (const [start, end] of gone.sort((one, other) => one[0] - other[0])) {
    if (start >= done) out += text.slice(done, start) + GONE;
    // A character may fold to two, of which the value has the first: it goes as a whole.
    done = Math.max(done, end, start + 1);
  }
  return out + text.slice(done);
}
