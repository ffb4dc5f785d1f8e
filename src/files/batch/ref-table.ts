/** Four words for the ref, and two for its line. */
export const ENTRY_WORDS = 6;

const REF_WORDS = 4;
const FEW_ENTRIES = 4096;
const DIGITS = hexDigits();

/** @param ref a UUID in upper or lower case */
export function writeEntry(entry: Uint32Array, ref: string, line: number): void {
  let at = 0;
  let word = 0;
  for (let index = 0; index < ref.length; index += 1) {
    const digit = DIGITS[ref.charCodeAt(index)] as number;
    if (digit > 15) continue;
    word = (word << 4) | digit;
    at += 1;
    if (at % 8 === 0) entry[at / 8 - 1] = word;
  }
  writeLine(entry, line);
}

/** @param key as many words as a ref has */
export function writeKeyEntry(entry: Uint32Array, key: Readonly<Uint32Array>, line: number): void {
  for (let index = 0; index < REF_WORDS; index += 1) entry[index] = word(key, index);
  writeLine(entry, line);
}

function writeLine(entry: Uint32Array, line: number): void {
  entry[REF_WORDS] = line % 2 ** 32;
  entry[REF_WORDS + 1] = Math.floor(line / 2 ** 32);
}

/** In lower case. */
export function refAt(entries: Uint32Array, at: number): string {
  const words = entries.subarray(at, at + REF_WORDS);
  const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function lineAt(entries: Uint32Array, at: number): number {
  return word(entries, at + REF_WORDS) + word(entries, at + REF_WORDS + 1) * 2 ** 32;
}

/** A hash of the ref alone. UUIDs may be consecutive, so every bit of the hash depends on every bit of the ref. */
export function hashOf(entries: Uint32Array, at: number): number {
  let hash = 0x9e3779b9;
  for (let index = at; index < at + REF_WORDS; index += 1) {
    hash = Math.imul(hash ^ word(entries, index), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function word(words: Readonly<Uint32Array>, at: number): number {
  return words[at] as number;
}

/** Refs with the line in which they first occur, up to a fixed number. */
export class RefTable {
  readonly #maxEntries: number;
  readonly #slots: Uint32Array;
  readonly #mask: number;
  /** Positions of the first entries, so that clearing a table with a few is as fast as filling it. */
  readonly #first = new Uint32Array(FEW_ENTRIES);
  #entries = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
    const slots = 2 ** Math.ceil(Math.log2(maxEntries * 2));
    this.#mask = slots - 1;
    this.#slots = new Uint32Array(slots * ENTRY_WORDS);
  }

  clear(): void {
    if (this.#entries > FEW_ENTRIES) this.#slots.fill(0);
    else for (const start of this.#first.subarray(0, this.#entries)) this.#slots.fill(0, start, start + ENTRY_WORDS);
    this.#entries = 0;
  }

  /** @returns the line in which the ref first occurs, which may be this one; undefined if it is new and the table is full */
  lookUp(entries: Uint32Array, at: number): number | undefined {
    const slots = this.#slots;
    // Not the highest bits: they are the same for the whole bucket.
    for (let slot = hashOf(entries, at) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const start = slot * ENTRY_WORDS;
      const line = lineAt(slots, start);
      // Lines count from 1.
      if (line === 0) {
        if (this.#entries === this.#maxEntries) return undefined;
        if (this.#entries < FEW_ENTRIES) this.#first[this.#entries] = start;
        this.#entries += 1;
        for (let index = 0; index < ENTRY_WORDS; index += 1) slots[start + index] = word(entries, at + index);
        return lineAt(entries, at);
      }
      if (isSameRef(slots, start, entries, at)) return line;
    }
  }
}

function isSameRef(some: Uint32Array, start: number, others: Uint32Array, at: number): boolean {
  for (let index = 0; index < REF_WORDS; index += 1) if (some[start + index] !== others[at + index]) return false;
  return true;
}

function hexDigits(): Uint8Array {
  const digits = new Uint8Array(128).fill(255);
  for (let digit = 0; digit < 16; digit += 1) {
    const text = digit.toString(16);
    digits[text.charCodeAt(0)] = digit;
    digits[text.toUpperCase().charCodeAt(0)] = digit;
  }
  return digits;
}
