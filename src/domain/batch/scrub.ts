import { decodeEscapes } from './scrub-escapes.ts';
import { COMMON_WORDS } from './scrub-words.ts';

/** What stands in the place of what was taken out. */
const GONE = '…';
const MAX_CHARS = 500;
const MAX_CODE_CHARS = 64;
/** A service that quotes a whole record is read no further: what is shown in the end is far shorter. */
const MAX_READ_CHARS = 4000;
/** Shorter parts of a value ("of", "St.") are words like any others. */
const MIN_PART_CHARS = 3;
const MIN_DIGITS = 4;

const E_MAIL = /[^\s"'`<>()[\]{},;:=]+@[^\s"'`<>()[\]{},;:=]+/gu;
/** With the marks that people put between digits: a telephone number, a date. */
const NUMBER = /\p{N}(?:[\p{N} .,:/()+-]*\p{N})?/gu;
/** A straight mark that nothing closes takes all that comes: the message was cut. */
const QUOTED =
  /"(?:[^"\\]|\\.)*(?:"|\\?$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)|‘.*?(?:’(?![\p{L}\p{N}])|$)|(?<![\p{L}\p{N}])'.*?(?:'(?![\p{L}\p{N}])|$)/gu;
const WORD = /[\p{L}\p{N}_]+/gu;
/** Letters whose stroke is no mark of its own to Unicode. */
const STROKED: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd' };
const FIELD_NAME = /^[A-Za-z_$][A-Za-z0-9_-]{0,63}$/;

interface Known {
  /** Values of the record, and words of them; folded. */
  texts: Set<string>;
  numbers: Set<number>;
  /** Names of fields of the record, folded. */
  fields: Set<string>;
}

/**
 * Takes out of a service's message what may be somebody's data: all values of the record, e-mail addresses, quoted texts
 * that name no field of the record, and numbers of four digits and more. Names of fields stay. At most 500 characters.
 * @param record the parsed record that the message is about; undefined where it is not known
 */
export function scrubMessage(message: string, record: unknown): string {
  const known = knownOf(record);
  let text = started(decodeEscapes(message).toWellFormed().normalize('NFC').replace(/\s+/gu, ' ').trim());
  // First of all, while they are whole: a part of one may be a number or an address.
  text = withoutTexts(text, known);
  text = text.replace(QUOTED, (quoted) => (isFieldPath(quoted.slice(1, -1), known) ? quoted : GONE));
  text = text.replace(E_MAIL, GONE).replace(NUMBER, (number) => withoutNumber(number, known.numbers));
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

function shortened(text: string): string {
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1).toWellFormed()}${GONE}`;
}

function knownOf(record: unknown): Known {
  const known: Known = { texts: new Set(), numbers: new Set(), fields: new Set() };
  // A list, and no recursion: a record may be nested as deeply as its length allows.
  const waiting: unknown[] = [record];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') addText(value, known);
    else if (typeof value === 'number') known.numbers.add(value);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value) && FIELD_NAME.test(key)) known.fields.add(fold(key));
        waiting.push(inner);
      }
    }
  }
  for (const field of known.fields) known.texts.delete(field);
  return known;
}

function addText(value: string, { texts, numbers }: Known): void {
  const text = value.toWellFormed().normalize('NFC');
  texts.add(fold(text));
  // As messages have it, whose white space is single spaces.
  texts.add(fold(text.replace(/\s+/gu, ' ').trim()));
  if (/^\d+(?:\.\d+)?$/.test(text)) numbers.add(Number(text));
  for (const word of text.match(WORD) ?? []) {
    const folded = fold(word);
    if (word !== text && word.length >= MIN_PART_CHARS && !COMMON_WORDS.has(folded)) texts.add(folded);
  }
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

function withoutNumber(text: string, numbers: ReadonlySet<number>): string {
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  if (digits >= MIN_DIGITS) return GONE;
  // One digit tells nothing: it is in every second message.
  const isValue = (number: string) => number.length > 1 && numbers.has(Number(number));
  return text.replace(/\d+(?:\.\d+)?/g, (number) => (isValue(number) ? GONE : number));
}

/** Wherever a value stands, capitals or not; but for those that are a piece of a field's name or of a common word. */
function withoutTexts(text: string, { texts, fields }: Known): string {
  const { folded, places } = foldWithPlaces(text);
  const spared = [...folded.matchAll(WORD)].filter(([word]) => fields.has(word) || COMMON_WORDS.has(word));
  const gone: [start: number, end: number][] = [];
  for (const value of texts) {
    if (value.length < 2) continue;
    for (let at = folded.indexOf(value); at >= 0; at = folded.indexOf(value, at + 1)) {
      const end = at + value.length;
      const isPiece = ({ index, 0: word }: RegExpExecArray) =>
        index <= at && end <= index + word.length && (value.length < word.length || fields.has(word));
      if (!spared.some(isPiece)) gone.push([places[at] ?? 0, places[end] ?? text.length]);
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

/** So that texts that are the same but for capitals and accents are the same. */
function fold(text: string): string {
  return Array.from(text, foldCharacter).join('');
}

function foldCharacter(character: string): string {
  // Those of the Latin and Greek letters: in other scripts, marks are letters in their own right.
  const bare = character.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return bare
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(/[łøđ]/g, (letter) => STROKED[letter] ?? letter);
}

/** @returns where in the text each character of the folded one comes from */
function foldWithPlaces(text: string): { folded: string; places: number[] } {
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const part = foldCharacter(character);
    for (let index = 0; index < part.length; index += 1) places.push(at);
    folded += part;
    at += character.length;
  }
  places.push(at);
  return { folded, places };
}
