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
/** Entries of a bucket in memory before they are written to the disk. */
const HELD_WORDS = 512 * ENTRY_WORDS;
const READ_WORDS = 4096 * ENTRY_WORDS;
const MAX_TABLE_ENTRIES = 128 * 1024;
export const MAX_DUPLICATES = 1000;
const PAGE_LINES = 32_768;

interface Duplicate {
  line: number;
  earlierLine: number;
  ref: string;
}

export interface DuplicateOptions {
  /** An existing folder for temporary files. If the search is abandoned, the caller removes it. */
  folder: string;
  /** Prefix of those files, for several instances in the same folder. */
  name?: string;
  /** Lines that have been reported: each line counts as a duplicate once. */
  reported?: LineSet;
  /** Instances that search one after another can share the table, which takes most of their memory. */
  table?: LazyTable;
  /** The message for one: `ref … is already used in line 7.` */
  messageOf?: (ref: string, earlierLine: number) => string;
}

/**
 * Finds the records that repeat the `ref`, or another key of as many hexadecimal digits, of an earlier one, in upper or
 * lower case. Exact, in memory that does not grow with the file: refs go to buckets by some bits of their hash, mostly in
 * files, and each bucket is searched with a table of fixed size, in several rounds if need be.
 */
export class DuplicateRefs {
  readonly #path: string;
  readonly #reported: LineSet | undefined;
  readonly #messageOf: (ref: string, earlierLine: number) => string;
  readonly #turns = new Turns();
  readonly #table: LazyTable;
  /** By bucket. Created when needed: many files have no guests. */
  readonly #held: (Uint32Array | undefined)[] = [];
  readonly #usedWords = new Uint32Array(BUCKETS);
  readonly #entry = new Uint32Array(ENTRY_WORDS);
  #found: Duplicate[] = [];
  #count = 0;

  constructor({ folder, name = 'refs', table = new LazyTable(), reported, messageOf }: DuplicateOptions) {
    this.#path = join(folder, name);
    this.#reported = reported;
    this.#messageOf = messageOf ?? ((ref, earlierLine) => `ref ${ref} is already used in line ${earlierLine}.`);
    this.#table = table;
  }

  /** To be called in the order of the lines. @throws ActionError if a file cannot be written */
  add(ref: string, line: number): void {
    writeEntry(this.#entry, ref, line);
    this.#put();
  }

  /** The same for a key that is not a ref. @param key four words */
  addKey(key: Readonly<Uint32Array>, line: number): void {
    writeKeyEntry(this.#entry, key, line);
    this.#put();
  }

  #put(): void {
    const entry = this.#entry;
    const bucket = hashOf(entry, 0) >>> (32 - BUCKET_BITS);
    const held = this.#heldIn(bucket);
    // subarray and set would cost more than the copy itself.
    for (let index = 0; index < ENTRY_WORDS; index += 1) held.all[held.used + index] = entry[index] as number;
    this.#usedWords[bucket] = held.used + ENTRY_WORDS;
    if (held.used + ENTRY_WORDS < HELD_WORDS) return;
    append(this.#pathOf(bucket), held.all);
    this.#usedWords[bucket] = 0;
  }

  /** @returns the first ones, in the order of their lines, and how many there are. @throws ActionError as `add` does */
  async find(signal: AbortSignal): Promise<{ first: RowProblem[]; count: number }> {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) await this.#findIn(bucket, signal);
    this.#prune();
    const first = this.#found.map(({ line, earlierLine, ref }) => ({
      line,
      message: this.#messageOf(ref, earlierLine),
    }));
    return { first, count: this.#count };
  }

  /** What does not fit into the table is left for another round, and so are all other entries with the same ref. */
  async #findIn(bucket: number, signal: AbortSignal): Promise<void> {
    await setImmediate();
    signal.throwIfAborted();
    // Whatever is in a file was in memory before.
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
    const left = this.#search(entries);
    if (left.length > 0) append(path, left);
  }

  /** With very many refs, the rounds of a bucket take a while. */
  async #findInFile(path: string, signal: AbortSignal): Promise<void> {
    for (let [from, to] = [path, `${path}-rest`]; existsSync(from); [from, to] = [to, from]) {
      this.#table.get().clear();
      for (const entries of readEntries(from)) {
        if (this.#turns.isDue()) await this.#turns.take(signal);
        const left = this.#search(entries);
        if (left.length > 0) append(to, left);
      }
      rmSync(from, { force: true });
    }
  }

  /** @returns the entries that do not fit into the table */
  #search(entries: Uint32Array): Uint32Array {
    const table = this.#table.get();
    const left: Uint32Array[] = [];
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      const line = lineAt(entries, at);
      const earlierLine = table.lookUp(entries, at);
      if (earlierLine === undefined) left.push(entries.subarray(at, at + ENTRY_WORDS));
      else if (earlierLine !== line) this.#addDuplicate({ line, earlierLine, ref: refAt(entries, at) });
    }
    const all = new Uint32Array(left.length * ENTRY_WORDS);
    left.forEach((entry, index) => {
      all.set(entry, index * ENTRY_WORDS);
    });
    return all;
  }

  #addDuplicate(duplicate: Duplicate): void {
    if (this.#reported?.add(duplicate.line) === false) return;
    this.#count += 1;
    this.#found.push(duplicate);
    if (this.#found.length >= 2 * MAX_DUPLICATES) this.#prune();
  }

  /** Buckets are not sorted by line. */
  #prune(): void {
    this.#found = this.#found.toSorted((one, other) => one.line - other.line).slice(0, MAX_DUPLICATES);
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

/** A table that is created when it is needed. */
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

/** A set of lines, one bit each, in pages: most pages of a file stay empty. */
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

/** A few thousand at a time; valid until the next are requested. */
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
