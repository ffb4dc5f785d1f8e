import { appendFileSync, closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { RowProblem } from '../../domain/row-problems.ts';
import { fileNotWritable } from '../../errors.ts';
import { describeFault } from '../fault.ts';
import { Turns } from '../turns.ts';
import { ENTRY_WORDS, hashOf, lineAt, RefTable, refAt, writeEntry, writeKeyEntry } from './ref-table.ts';

const BUCKET_BITS = 6;
const BUCKETS = 2 ** BUCKET_BITS;
/** Of each bucket, so many entries are in memory before they go to the disk. */
const HELD_WORDS = 512 * ENTRY_WORDS;
const READ_WORDS = 4096 * ENTRY_WORDS;
const MAX_TABLE_ENTRIES = 128 * 1024;
export const MAX_KEPT = 1000;
const PAGE_LINES = 32_768;

interface Duplicate {
  line: number;
  earlierLine: number;
  ref: string;
}

export interface DuplicateOptions {
  /** For files that it makes; it is there, and whoever gives up removes it. */
  folder: string;
  /** What those are called, where several have the same folder. */
  name?: string;
  /** Of each line that is told, once: where it is told already, it is none. */
  told?: LineSet;
  /** Several may look through theirs one after the other with the same table, which takes the most of their memory. */
  table?: LazyTable;
  /** What is said of one: `ref … is that of line 7, too.` */
  messageOf?: (ref: string, earlierLine: number) => string;
}

/**
 * Finds the records whose `ref`, or another key of as many hexadecimal digits, an earlier one has, capitals or not. Exact,
 * in memory that does not grow with the file: refs go to buckets by some bits of their hash, files for the most part, and
 * each bucket is looked through with a table of fixed size, in several rounds if need be.
 */
export class DuplicateRefs {
  readonly #path: string;
  readonly #told: LineSet | undefined;
  readonly #messageOf: (ref: string, earlierLine: number) => string;
  readonly #turns = new Turns();
  readonly #table: LazyTable;
  /** By bucket. Made when it is needed: many files have no guests. */
  readonly #held: (Uint32Array | undefined)[] = [];
  readonly #usedWords = new Uint32Array(BUCKETS);
  readonly #entry = new Uint32Array(ENTRY_WORDS);
  #kept: Duplicate[] = [];
  #count = 0;

  constructor({ folder, name = 'refs', table = new LazyTable(), told, messageOf }: DuplicateOptions) {
    this.#path = join(folder, name);
    this.#told = told;
    this.#messageOf = messageOf ?? ((ref, earlierLine) => `ref ${ref} is that of line ${earlierLine}, too.`);
    this.#table = table;
  }

  /** In the order of the lines. @throws ActionError where the disk refuses */
  add(ref: string, line: number): void {
    writeEntry(this.#entry, ref, line);
    this.#put();
  }

  /** The same for a key that is no ref. @param key in four words */
  addKey(key: Readonly<Uint32Array>, line: number): void {
    writeKeyEntry(this.#entry, key, line);
    this.#put();
  }

  #put(): void {
    const entry = this.#entry;
    const bucket = hashOf(entry, 0) >>> (32 - BUCKET_BITS);
    const held = this.#heldIn(bucket);
    // In place of subarray and set, which cost more than the entry.
    for (let index = 0; index < ENTRY_WORDS; index += 1) held.all[held.used + index] = entry[index] as number;
    this.#usedWords[bucket] = held.used + ENTRY_WORDS;
    if (held.used + ENTRY_WORDS < HELD_WORDS) return;
    append(this.#pathOf(bucket), held.all);
    this.#usedWords[bucket] = 0;
  }

  /** @returns the first ones, in the order of their lines, and how many there are. @throws ActionError as above */
  async find(signal: AbortSignal): Promise<{ first: RowProblem[]; count: number }> {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) await this.#findIn(bucket, signal);
    this.#prune();
    const first = this.#kept.map(({ line, earlierLine, ref }) => ({
      line,
      message: this.#messageOf(ref, earlierLine),
    }));
    return { first, count: this.#count };
  }

  /** What the table has no room for when it comes is left for another round, and so are all others of the same ref. */
  async #findIn(bucket: number, signal: AbortSignal): Promise<void> {
    await setImmediate();
    signal.throwIfAborted();
    // What is in a file was held before.
    if (this.#held[bucket] === undefined) return;
    const { all, used } = this.#heldIn(bucket);
    const path = this.#pathOf(bucket);
    if (used > 0 && existsSync(path)) append(path, all.subarray(0, used));
    else this.#findInMemory(path, all.subarray(0, used));
    this.#held[bucket] = undefined;
    await this.#findInFile(path, signal);
  }

  #findInMemory(path: string, entries: Uint32Array): void {
    this.#table.get().clear();
    const left = this.#look(entries);
    if (left.length > 0) append(path, left);
  }

  /** In a file of very many refs, the rounds of a bucket take long. */
  async #findInFile(path: string, signal: AbortSignal): Promise<void> {
    for (let [from, to] = [path, `${path}-rest`]; existsSync(from); [from, to] = [to, from]) {
      this.#table.get().clear();
      for (const entries of readEntries(from)) {
        if (this.#turns.isDue()) await this.#turns.take(signal);
        const left = this.#look(entries);
        if (left.length > 0) append(to, left);
      }
      rmSync(from, { force: true });
    }
  }

  /** @returns the entries that have no place in the table */
  #look(entries: Uint32Array): Uint32Array {
    const table = this.#table.get();
    const left: Uint32Array[] = [];
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      const line = lineAt(entries, at);
      const earlierLine = table.lookUp(entries, at);
      if (earlierLine === undefined) left.push(entries.subarray(at, at + ENTRY_WORDS));
      else if (earlierLine !== line) this.#keep({ line, earlierLine, ref: refAt(entries, at) });
    }
    const all = new Uint32Array(left.length * ENTRY_WORDS);
    left.forEach((entry, index) => {
      all.set(entry, index * ENTRY_WORDS);
    });
    return all;
  }

  #keep(duplicate: Duplicate): void {
    if (this.#told?.add(duplicate.line) === false) return;
    this.#count += 1;
    this.#kept.push(duplicate);
    if (this.#kept.length >= 2 * MAX_KEPT) this.#prune();
  }

  /** Buckets have no order among them. */
  #prune(): void {
    this.#kept = this.#kept.toSorted((one, other) => one.line - other.line).slice(0, MAX_KEPT);
  }

  #heldIn(bucket: number): { all: Uint32Array; used: number } {
    const all = this.#held[bucket] ?? new Uint32Array(HELD_WORDS);
    this.#held[bucket] = all;
    return { all, used: this.#usedWords[bucket] as number };
  }

  #pathOf(bucket: number): string {
    return `${this.#path}-${bucket}`;
  }
}

/** A table that is made when it is needed. */
export class LazyTable {
  readonly #maxEntries: number;
  #table: RefTable | undefined;

  constructor(maxEntries = MAX_TABLE_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  get(): RefTable {
    this.#table ??= new RefTable(this.#maxEntries);
    return this.#table;
  }
}

/** Lines, a bit for each, in pages: nearly all lines of a file are in none. */
export class LineSet {
  readonly #pages = new Map<number, Uint32Array>();

  /** @returns whether it is new */
  add(line: number): boolean {
    const [number, index, bit] = [
      Math.floor(line / PAGE_LINES),
      Math.floor((line % PAGE_LINES) / 32),
      1 << (line % 32),
    ];
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint32Array(PAGE_LINES / 32);
      this.#pages.set(number, page);
    }
    const known = page[index] as number;
    if ((known & bit) !== 0) return false;
    page[index] = known | bit;
    return true;
  }
}

function append(path: string, entries: Uint32Array): void {
  try {
    appendFileSync(path, Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength), { mode: 0o600 });
  } catch (cause) {
    throw fileNotWritable(path, describeFault(cause), cause);
  }
}

/** A few thousand at a time; good until the next are asked for. */
function* readEntries(path: string): Generator<Uint32Array, void, void> {
  const entries = new Uint32Array(READ_WORDS);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const bytes = readSync(file, entries);
      if (bytes === 0) return;
      yield entries.subarray(0, bytes / Uint32Array.BYTES_PER_ELEMENT);
    }
  } finally {
    closeSync(file);
  }
}
