import { COMMON_WORDS } from './scrub-words.ts';

/** Replaces what was removed. */
const REMOVED = '…';
const MAX_CHARS = 500;
const MAX_CODE_CHARS = 64;
/** Of a message that quotes a whole record, the rest is ignored: what is shown in the end is far shorter. */
const MAX_READ_CHARS = 4000;
/** A number with more digits may be personal data; if the record is not known, any with more than one. */
const MAX_DIGITS = 3;

/** Matched as a whole: searching for an address at each character of a long run would take a long time. */
const UNBROKEN = /[^\s"'`<>()[\]{},;:=]+/gu;
const E_MAIL = /.@./su;
/** With the punctuation that people put between digits: a telephone number, a date, a price. */
const NUMBER = /(?<![\p{L}\p{M}\p{N}_])\p{N}(?:[\p{N} .,:/()+-]*\p{N})?(?![\p{L}\p{M}\p{N}_])/gu;
/** Such as `can't` or an identifier: anything but white space and ASCII punctuation. */
const WORD = /[^\s!-/:-@[-^`{-~…]+(?:['’](?:t|s|re|d|ll)(?![\p{L}\p{N}]))?/gu;
/** Escapes of HTML, URLs and JSON, which are not decoded here. */
const ESCAPE = /&#?\w+;|%[0-9a-f]{2}|\\u[0-9a-f]{4}/giu;
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Words of a record: names of its fields are harmless, its values are personal data. */
export interface KnownWords {
  fields: Set<string>;
  /** Its strings, whole and in lower case. */
  values: Set<string>;
  /** Its numbers, and those in its strings. */
  numbers: Set<number>;
  /** Of a number that may be shown. */
  maxDigits: number;
}

/** @param record parsed; undefined if it is not known which record a message is about */
export function knownWords(record: unknown): KnownWords {
  const maxDigits = record === undefined ? 1 : MAX_DIGITS;
  const known: KnownWords = { fields: new Set(), values: new Set(), numbers: new Set(), maxDigits };
  // A stack instead of recursion: a record may be nested as deeply as its length allows.
  const waiting: unknown[] = [record];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') addText(value, known);
    else if (typeof value === 'number') known.numbers.add(value);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value) && FIELD_NAME.test(key)) known.fields.add(key.toLowerCase());
        waiting.push(inner);
      }
    }
  }
  return known;
}

/**
 * Removes what may be personal data from a message of the service. No list of such data could be complete, however a
 * message spells it; so only common words, names of the record's fields and short numbers stay, and everything else is
 * removed. At most 500 characters.
 * @param known words of the record that the message is about
 */
export function scrubMessage(message: string, known: KnownWords): string {
  const text = truncated(message.replace(/\s+/gu, ' ').trim())
    .replace(UNBROKEN, (run) => (E_MAIL.test(run) ? REMOVED : run))
    .replace(ESCAPE, REMOVED)
    .replace(NUMBER, (number) => (isHarmlessNumber(number, known) ? number : REMOVED))
    .replace(WORD, (word) => (isHarmlessWord(word, known) ? word : REMOVED));
  // Adjacent removals become one, with the punctuation between them: `…@….…`, `"…, …"`.
  const joined = text.replace(/…(?:[^\sA-Za-z0-9()[\]]* ?…)+/gu, REMOVED);
  return shortened(joined.replace(/"…"|'…'|`…`|<…>/gu, REMOVED));
}

/** The same for a code, which stays if it looks like one (`400`, `CDP-1004`) and is not a value. At most 64 characters. */
export function scrubCode(code: string, known: KnownWords): string {
  const isCode = /^$|^-?(?:[A-Z]{1,4}[-_]?)?\d{1,5}$/.test(code) && !known.values.has(code.toLowerCase());
  return isCode ? code : scrubMessage(code, known).slice(0, MAX_CODE_CHARS);
}

/** Cuts a long text before a word: half of an address would not be recognized as one. */
function truncated(text: string): string {
  if (text.length <= MAX_READ_CHARS) return text;
  const start = text.slice(0, MAX_READ_CHARS);
  return `${start.slice(0, start.lastIndexOf(' ') + 1)}${REMOVED}`;
}

function shortened(text: string): string {
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}${REMOVED}`;
}

function addText(value: string, { values, numbers }: KnownWords): void {
  const text = value.trim().toLowerCase();
  values.add(text);
  for (const number of numbersIn(text)) numbers.add(number);
}

function numbersIn(text: string): number[] {
  return (text.match(/\d+(?:[.,]\d+)?/g) ?? []).map((digits) => Number(digits.replace(',', '.')));
}

function isHarmlessNumber(text: string, { values, numbers, maxDigits }: KnownWords): boolean {
  const digits = text.match(/\p{N}/gu) ?? [];
  if (digits.length > maxDigits || !/^[\x20-\x7e]*$/.test(text)) return false;
  // A single digit reveals nothing.
  if (digits.length === 1) return true;
  return !values.has(text) && !numbersIn(text).some((number) => numbers.has(number));
}

/** A value is removed even if it is also a field's name (`{"Jane": true, "friend": "Jane"}`), unless it is a common word such as `email`. */
function isHarmlessWord(word: string, { fields, values }: KnownWords): boolean {
  const lower = word.toLowerCase();
  if (/^\d{1,3}$/.test(word)) return true;
  const isField = fields.has(lower);
  return values.has(lower) ? isField && isCommon(word) : isField || isCommon(word);
}

/** Whether it consists of common words, as `EMAIL_INVALID` and `firstName` do; a single digit counts as one. */
function isCommon(word: string): boolean {
  if (COMMON_WORDS.has(word.toLowerCase().replace('’', "'"))) return true;
  const parts = word.split(/_|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => /^\d$/.test(part) || COMMON_WORDS.has(part.toLowerCase()));
}
