import { COMMON_WORDS } from './scrub-words.ts';

/** What stands in the place of what was taken out. */
const GONE = '…';
const MAX_CHARS = 500;
const MAX_CODE_CHARS = 64;
/** A service that quotes a whole record is read no further: what is shown in the end is far shorter. */
const MAX_READ_CHARS = 4000;
/** A number of more digits may be anybody's; where the record is not known, each of more than one. */
const MAX_DIGITS = 3;

/** Taken whole: looked for at each of its characters, an address in a long one would take a long time. */
const UNBROKEN = /[^\s"'`<>()[\]{},;:=]+/gu;
const E_MAIL = /.@./su;
/** With the marks that people put between digits: a telephone number, a date, a price. */
const NUMBER = /(?<![\p{L}\p{M}\p{N}_])\p{N}(?:[\p{N} .,:/()+-]*\p{N})?(?![\p{L}\p{M}\p{N}_])/gu;
/** `can't` is one, and so are an identifier and whatever is neither white space nor a mark of ASCII. */
const WORD = /[^\s!-/:-@[-^`{-~…]+(?:['’](?:t|s|re|d|ll)(?![\p{L}\p{N}]))?/gu;
/** Of HTML, URLs and JSON: what they stand for is read by nobody here. */
const ESCAPE = /&#?\w+;|%[0-9a-f]{2}|\\u[0-9a-f]{4}/giu;
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** What a record says of words: those of its fields are known, and its values are somebody's. */
export interface KnownWords {
  fields: Set<string>;
  /** Its texts, whole and in lower case. */
  values: Set<string>;
  /** Its numbers, and those in its texts. */
  numbers: Set<number>;
  /** Of a number that may stay. */
  maxDigits: number;
}

/** @param record parsed; undefined where it is not known which one it is */
export function knownWords(record: unknown): KnownWords {
  const maxDigits = record === undefined ? 1 : MAX_DIGITS;
  const known: KnownWords = { fields: new Set(), values: new Set(), numbers: new Set(), maxDigits };
  // A list, and no recursion: a record may be nested as deeply as its length allows.
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
 * A service's message without what may be somebody's data. No list of what is data can be whole, whatever way a message
 * spells it; so the words that are in no way data stay, with the names of the record's fields and short numbers, and all
 * else goes. At most 500 characters.
 * @param known of the record that the message is about
 */
export function scrubMessage(message: string, known: KnownWords): string {
  const text = started(message.replace(/\s+/gu, ' ').trim())
    .replace(UNBROKEN, (run) => (E_MAIL.test(run) ? GONE : run))
    .replace(ESCAPE, GONE)
    .replace(NUMBER, (number) => (isHarmlessNumber(number, known) ? number : GONE))
    .replace(WORD, (word) => (isHarmlessWord(word, known) ? word : GONE));
  // What goes together is one, with the marks around it: `…@….…`, `"…, …"`.
  const joined = text.replace(/…(?:[^\sA-Za-z0-9()[\]]* ?…)+/gu, GONE);
  return shortened(joined.replace(/"…"|'…'|`…`|<…>/gu, GONE));
}

/** The same for a code, which stays where it looks like one (`400`, `CDP-1004`) and is no value. At most 64 characters. */
export function scrubCode(code: string, known: KnownWords): string {
  const isCode = /^$|^-?(?:[A-Z]{1,4}[-_]?)?\d{1,5}$/.test(code) && !known.values.has(code.toLowerCase());
  return isCode ? code : scrubMessage(code, known).slice(0, MAX_CODE_CHARS);
}

/** Nothing is left of the word in whose middle a text is cut: half of an address is known to nobody. */
function started(text: string): string {
  if (text.length <= MAX_READ_CHARS) return text;
  const start = text.slice(0, MAX_READ_CHARS);
  return `${start.slice(0, start.lastIndexOf(' ') + 1)}${GONE}`;
}

function shortened(text: string): string {
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}${GONE}`;
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
  // One digit tells nothing: it is in every second message.
  if (digits.length === 1) return true;
  return !values.has(text) && !numbersIn(text).some((number) => numbers.has(number));
}

/** What is a value goes, though it may be a field's name as well: `{"Jane": true, "friend": "Jane"}`, but not `email`. */
function isHarmlessWord(word: string, { fields, values }: KnownWords): boolean {
  const lower = word.toLowerCase();
  if (/^\d{1,3}$/.test(word)) return true;
  const isField = fields.has(lower);
  return values.has(lower) ? isField && isCommon(word) : isField || isCommon(word);
}

/** Of common words alone, as `EMAIL_INVALID` and `firstName` are; a single digit is one, too. */
function isCommon(word: string): boolean {
  if (COMMON_WORDS.has(word.toLowerCase().replace('’', "'"))) return true;
  const parts = word.split(/_|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => /^\d$/.test(part) || COMMON_WORDS.has(part.toLowerCase()));
}
