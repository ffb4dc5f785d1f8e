/**
 * Searches over the bytes of one file as they stream past: a scanner looks at one window after the other, each
 * beginning with the last `contextBytes` bytes (or more) of what came before, so that no border between them hides
 * anything.
 */

import type { ForbiddenValue } from './bundle.ts';

interface Needle {
  forbidden: ForbiddenValue;
  bytes: Buffer;
  /** A piece of them. A text without it has none of them, and searching for it takes less than half the time. */
  piece: Buffer;
}

/** A value this short is searched for by its first byte, for which processors have instructions. */
const PIECE_BYTES = 7;
const LOWER_CASE = { first: 0x61, last: 0x7a };

/** Values that must not be in a bundle, ready to be searched for in each of its files. */
export class ForbiddenValues {
  /** All that are not empty. */
  readonly all: readonly ForbiddenValue[];
  /** Unchanged (UTF-8), and as escaped in a JSON or JavaScript string. */
  readonly needles: readonly Needle[];
  readonly contextBytes: number;

  /** Empty values are skipped. */
  constructor(forbidden: readonly ForbiddenValue[]) {
    this.all = forbidden.filter(({ value }) => value !== '');
    this.needles = this.all.flatMap((item) =>
      spellings(item.value).map((bytes) => ({ forbidden: item, bytes, piece: pieceOf(bytes) })),
    );
    this.contextBytes = Math.max(0, ...this.needles.map(({ bytes }) => bytes.length - 1));
  }
}

/** Finds forbidden values in one file. */
export class ForbiddenValueScanner {
  readonly #forbidden: ForbiddenValues;
  /** Of the values that were not found so far. */
  #needles: readonly Needle[];

  constructor(forbidden: ForbiddenValues) {
    this.#forbidden = forbidden;
    this.#needles = forbidden.needles;
  }

  /** Those found so far, each once, in the order in which they were given. */
  get found(): ForbiddenValue[] {
    if (this.#needles === this.#forbidden.needles) return [];
    const missing = new Set(this.#needles.map(({ forbidden }) => forbidden));
    return this.#forbidden.all.filter((item) => !missing.has(item));
  }

  look(window: Buffer): void {
    const fresh = this.#needles.filter(({ bytes, piece }) => window.includes(piece) && window.includes(bytes));
    if (fresh.length === 0) return;
    const found = new Set(fresh.map(({ forbidden }) => forbidden));
    this.#needles = this.#needles.filter(({ forbidden }) => !found.has(forbidden));
  }
}

/** Does not begin with a lower-case letter if possible: code is full of those. */
function pieceOf(bytes: Buffer): Buffer {
  const last = Math.max(0, bytes.length - PIECE_BYTES);
  const isRare = (byte: number) => byte < LOWER_CASE.first || byte > LOWER_CASE.last;
  const start = Math.max(0, bytes.subarray(0, last + 1).findIndex(isRare));
  return bytes.subarray(start, start + PIECE_BYTES);
}

function spellings(value: string): Buffer[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, escaped])].map((text) => Buffer.from(text));
}

/** Finds which of these names occur in a text. All are shorter than the context that an inspector retains. */
export class NameScanner {
  #missing: { name: string; bytes: Buffer }[];

  constructor(names: readonly string[]) {
    this.#missing = names.map((name) => ({ name, bytes: Buffer.from(name) }));
  }

  /** Those not found so far. */
  get missing(): string[] {
    return this.#missing.map(({ name }) => name);
  }

  look(window: Buffer): void {
    if (this.#missing.length === 0) return;
    this.#missing = this.#missing.filter(({ bytes }) => !window.includes(bytes));
  }
}

// The vendor's tool writes a few hundred bytes; a larger file is another one with the same name.
const MAX_PROJECT_FILE_BYTES = 2 ** 20;

/** Finds an `accessToken` that is not empty in a project.json, at any depth, broken JSON included. */
export class ProjectFileScanner {
  readonly #chunks: Buffer[] = [];
  #room = MAX_PROJECT_FILE_BYTES;

  /** @param fresh bytes that come after those of the calls before; copied, since they may be overwritten */
  push(fresh: Buffer): void {
    if (this.#room === 0) return;
    const copied = Buffer.from(fresh.subarray(0, this.#room));
    this.#room -= copied.length;
    this.#chunks.push(copied);
  }

  /** Call this after the last chunk. */
  holdsAccessToken(): boolean {
    const text = Buffer.concat(this.#chunks)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
    try {
      return hasAccessToken(JSON.parse(text));
    } catch {
      return /"accessToken"\s*:\s*"[^"]/.test(text);
    }
  }
}

function hasAccessToken(root: unknown): boolean {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'accessToken' && typeof inner === 'string' && inner !== '') return true;
      pending.push(inner);
    }
  }
  return false;
}
