/**
 * Searches over the bytes of one file as they stream past: a scanner looks at one window after the other, each beginning
 * with the last `contextBytes` bytes (or more) of what came before, so that no border between them hides anything.
 */

import type { ForbiddenValue } from './bundle.ts';

// Searched for without its dashes, of which text is full: that takes a third of the time.
const DASHES = Buffer.from('-----');
const BEGIN = Buffer.from('BEGIN ');
// Room for the marker, eight headers and forty characters; what is decided about a marker depends on these bytes alone.
const KEY_WINDOW_BYTES = 4_096;
const MARKER_WINDOW_BYTES = 128;

const MARKER = String.raw`^-----BEGIN [^-\r\n]{0,64}?PRIVATE KEY(?: BLOCK)?-----`;
// A real line end, or one written as the two characters of an escape, once or more deeply escaped.
const LINE_ENDS = String.raw`[ \t]*(?:(?:\\*[\r\n]|\\+[nr])[ \t]*)+`;
const HEADER = String.raw`[A-Za-z][A-Za-z0-9-]{0,40}:[^\r\n\\]{0,256}${LINE_ENDS}`;
// `\/` is how some JSON writers put a slash.
const BASE64 = String.raw`(?:(?:[A-Za-z0-9+/=]|\\/)(?:${LINE_ENDS})?){40}`;
const MARKER_EXPRESSION = new RegExp(MARKER);
const KEY_EXPRESSION = new RegExp(`${MARKER}${LINE_ENDS}(?:${HEADER}){0,8}${BASE64}`);

/**
 * Finds a PEM private key (RFC 7468; RFC 1421 headers; PGP's armour): a `-----BEGIN ... PRIVATE KEY-----` marker, a
 * line end, and at least 40 characters of base64. A marker alone is no key: crypto libraries in a built worker.js
 * compare with markers.
 */
export class PrivateKeyScanner {
  /** What is decided about a marker depends on so many bytes from its start on. */
  static readonly contextBytes = KEY_WINDOW_BYTES;
  #found = false;

  get found(): boolean {
    return this.#found;
  }

  /** @param isLast whether the file ends with this window: a marker near its end waits for the next one otherwise */
  look(window: Buffer, isLast: boolean): void {
    for (let from = 0; !this.#found; from += BEGIN.length) {
      from = window.indexOf(BEGIN, from);
      if (from === -1) return;
      const start = from - DASHES.length;
      if (!isLast && window.length - start < KEY_WINDOW_BYTES) return;
      this.#found = start >= 0 && isKeyAt(window, start);
    }
  }
}

function isKeyAt(bytes: Buffer, start: number): boolean {
  // The short look first: a file full of certificates would otherwise be copied many times over.
  const marker = bytes.toString('latin1', start, start + MARKER_WINDOW_BYTES);
  return (
    MARKER_EXPRESSION.test(marker) && KEY_EXPRESSION.test(bytes.toString('latin1', start, start + KEY_WINDOW_BYTES))
  );
}

interface Needle {
  forbidden: ForbiddenValue;
  bytes: Buffer;
  /** A piece of them. Where it is not, they are not, and it is looked for in less than half of the time. */
  piece: Buffer;
}

/** What is this short is looked for by its first byte, for which processors have instructions. */
const PIECE_BYTES = 7;
const LOWER_CASE = { first: 0x61, last: 0x7a };

/** Values that must not be in a bundle, ready to be searched for in each of its files. */
export class ForbiddenValues {
  readonly all: readonly ForbiddenValue[];
  /** As they are (UTF-8), and as a JSON or JavaScript string would hold them. */
  readonly needles: readonly Needle[];
  readonly contextBytes: number;

  /** Empty values are passed over. */
  constructor(forbidden: readonly ForbiddenValue[]) {
    this.all = forbidden;
    this.needles = forbidden.flatMap((item) =>
      spellings(item.value).map((bytes) => ({ forbidden: item, bytes, piece: pieceOf(bytes) })),
    );
    this.contextBytes = Math.max(0, ...this.needles.map(({ bytes }) => bytes.length - 1));
  }
}

/** Finds forbidden values in one file. */
export class ForbiddenValueScanner {
  readonly #forbidden: ForbiddenValues;
  #needles: readonly Needle[];
  readonly #found = new Set<ForbiddenValue>();

  constructor(forbidden: ForbiddenValues) {
    this.#forbidden = forbidden;
    this.#needles = forbidden.needles;
  }

  /** Those found so far, each once, in the order in which they were given. */
  get found(): ForbiddenValue[] {
    return this.#forbidden.all.filter((item) => this.#found.has(item));
  }

  look(window: Buffer): void {
    const fresh = this.#needles.filter(({ bytes, piece }) => window.includes(piece) && window.includes(bytes));
    if (fresh.length === 0) return;
    for (const { forbidden } of fresh) this.#found.add(forbidden);
    this.#needles = this.#needles.filter(({ forbidden }) => !this.#found.has(forbidden));
  }
}

/** Begins with no lower-case letter, if that can be: code is full of those. */
function pieceOf(bytes: Buffer): Buffer {
  const last = Math.max(0, bytes.length - PIECE_BYTES);
  const isRare = (byte: number) => byte < LOWER_CASE.first || byte > LOWER_CASE.last;
  const start = Math.max(0, bytes.subarray(0, last + 1).findIndex(isRare));
  return bytes.subarray(start, start + PIECE_BYTES);
}

function spellings(value: string): Buffer[] {
  if (value === '') return [];
  const escaped = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, escaped])].map((text) => Buffer.from(text));
}

// The vendor's tool writes a few hundred bytes; more than this is another file of the same name.
const MAX_PROJECT_FILE_BYTES = 2 ** 20;

/** Finds an `accessToken` that is not empty in a project.json, at any depth, broken JSON included. */
export class ProjectFileScanner {
  readonly #chunks: Buffer[] = [];
  #room = MAX_PROJECT_FILE_BYTES;

  /** @param fresh bytes that come after those of the calls before; copied, since they may be overwritten */
  push(fresh: Buffer): void {
    if (this.#room === 0) return;
    const kept = Buffer.from(fresh.subarray(0, this.#room));
    this.#room -= kept.length;
    this.#chunks.push(kept);
  }

  /** To be asked after the last chunk. */
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
