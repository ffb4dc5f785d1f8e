/** A position in a JSON text: from the byte `start` to the byte before `end`. */
export interface Span {
  start: number;
  end: number;
}

export interface ScannedJson {
  /** The first byte that cannot be part of JSON, or the length if the text ends too early; undefined if it is valid. */
  wrongAt: number | undefined;
  /** The error follows a complete value. */
  isBehindValue: boolean;
  /** There is white space between tokens. */
  hasSpace: boolean;
}

/** Receives the members of an object as they are read: names with their quotation marks, and values, both valid. */
export interface MemberReader {
  /** Members of the outermost object. They are not stored: a line may have a million. */
  member: (name: Span, value: Span) => void;
  /**
   * Members of the objects directly inside it, before the member that contains them; not of those further in. Numbers
   * instead of spans, since there are many in each record: positions of the name and the value.
   */
  inner?: (nameStart: number, nameEnd: number, valueStart: number, valueEnd: number) => void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d];
const [OPEN_ARRAY, CLOSE_ARRAY] = [0x5b, 0x5d];
const [LOWER_U, LOWER_T, LOWER_F, LOWER_N] = [0x75, 0x74, 0x66, 0x6e];
const [LOWER_E, UPPER_E] = [0x65, 0x45];
const [MINUS, PLUS, POINT, ZERO, NINE] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];
const HEX = tableOf('0123456789abcdefABCDEF');
const ESCAPED = tableOf('"\\/bfnrt');
const SPACE = tableOf(' \t\r\n');

/**
 * Reads a JSON text without building values from it, and accepts exactly what JSON.parse accepts. JSON.parse takes longer
 * and several times the memory, since it builds objects, and its errors quote the text.
 * @param json valid UTF-8
 */
export function scanJson(json: Buffer, reader?: MemberReader): ScannedJson {
  const scanner = new JsonScanner(json, reader);
  const isValid = scanner.scan();
  return { wrongAt: isValid ? undefined : scanner.at, isBehindValue: scanner.isWhole, hasSpace: scanner.hasSpace };
}

class JsonScanner {
  at = 0;
  hasSpace = false;
  /** The outermost value has ended. */
  isWhole = false;
  readonly #json: Buffer;
  readonly #reader: MemberReader | undefined;
  /** The closing brackets of the open objects and arrays: no recursion, since texts may be nested without limit. */
  #closers = new Uint8Array(64);
  #depth = 0;
  #name: Span | undefined;
  #valueStart = 0;
  /** The same for an object inside the object. */
  #innerNameStart = -1;
  #innerNameEnd = 0;
  #innerStart = 0;

  constructor(json: Buffer, reader: MemberReader | undefined) {
    this.#json = json;
    this.#reader = reader;
  }

  /** Each method returns whether it succeeded, and leaves `at` after what it has read, or at the first wrong byte. */
  scan(): boolean {
    this.#skipSpace();
    for (;;) {
      const opened = this.#json[this.at];
      if (opened === OPEN_OBJECT || opened === OPEN_ARRAY) {
        const closer = opened === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
        this.at += 1;
        this.#open(closer);
        this.#skipSpace();
        if (this.#json[this.at] !== closer) {
          if (closer === CLOSE_OBJECT && !this.#scanName()) return false;
          continue;
        }
      } else if (!this.#scanScalar()) return false;
      const next = this.#endValues();
      if (next !== undefined) return next;
    }
  }

  /** Reads from a value to the next one. @returns undefined if there is one; at the end, whether the text is valid */
  #endValues(): boolean | undefined {
    for (;;) {
      if (this.#name !== undefined && this.#depth === 1) {
        this.#reader?.member(this.#name, { start: this.#valueStart, end: this.at });
        this.#name = undefined;
      } else if (this.#innerNameStart >= 0 && this.#depth === 2) {
        this.#reader?.inner?.(this.#innerNameStart, this.#innerNameEnd, this.#innerStart, this.at);
        this.#innerNameStart = -1;
      }
      this.#skipSpace();
      if (this.#depth === 0) {
        this.isWhole = true;
        return this.at === this.#json.length;
      }
      const closer = this.#closers[this.#depth - 1];
      const byte = this.#json[this.at];
      if (byte === closer) {
        this.at += 1;
        this.#depth -= 1;
      } else if (byte === COMMA) {
        this.at += 1;
        this.#skipSpace();
        return closer === CLOSE_OBJECT && !this.#scanName() ? false : undefined;
      } else return false;
    }
  }

  #open(closer: number): void {
    if (this.#depth === this.#closers.length) {
      const larger = new Uint8Array(this.#depth * 4);
      larger.set(this.#closers);
      this.#closers = larger;
    }
    this.#closers[this.#depth] = closer;
    this.#depth += 1;
  }

  #scanName(): boolean {
    const start = this.at;
    if (this.#json[start] !== QUOTE || !this.#scanString()) return false;
    const end = this.at;
    this.#skipSpace();
    if (this.#json[this.at] !== COLON) return false;
    this.at += 1;
    this.#skipSpace();
    if (this.#depth === 1) {
      this.#name = { start, end };
      this.#valueStart = this.at;
    } else if (this.#depth === 2 && this.#reader?.inner !== undefined) {
      this.#innerNameStart = start;
      this.#innerNameEnd = end;
      this.#innerStart = this.at;
    }
    return true;
  }

  #scanScalar(): boolean {
    switch (this.#json[this.at]) {
      case QUOTE:
        return this.#scanString();
      case LOWER_T:
        return this.#scanWord('true');
      case LOWER_F:
        return this.#scanWord('false');
      case LOWER_N:
        return this.#scanWord('null');
      default:
        return this.#scanNumber();
    }
  }

  #scanString(): boolean {
    const json = this.#json;
    let at = this.at + 1;
    for (; at < json.length; at += 1) {
      const byte = json[at] as number;
      if (byte === QUOTE) {
        this.at = at + 1;
        return true;
      }
      if (byte < 0x20) break;
      if (byte !== BACKSLASH) continue;
      at += 1;
      if (json[at] === LOWER_U) {
        for (const last = at + 4; at < last; ) {
          at += 1;
          if (!HEX[json[at] ?? 0]) {
            this.at = Math.min(at, json.length);
            return false;
          }
        }
      } else if (!ESCAPED[json[at] ?? 0]) break;
    }
    this.at = Math.min(at, json.length);
    return false;
  }

  #scanWord(word: string): boolean {
    for (let index = 0; index < word.length; index += 1) {
      if (this.#json[this.at] !== word.charCodeAt(index)) return false;
      this.at += 1;
    }
    return true;
  }

  #scanNumber(): boolean {
    if (this.#json[this.at] === MINUS) this.at += 1;
    if (this.#json[this.at] === ZERO) this.at += 1;
    else if (!this.#scanDigits()) return false;
    if (this.#json[this.at] === POINT) {
      this.at += 1;
      if (!this.#scanDigits()) return false;
    }
    const exponent = this.#json[this.at];
    if (exponent !== LOWER_E && exponent !== UPPER_E) return true;
    this.at += 1;
    const sign = this.#json[this.at];
    if (sign === PLUS || sign === MINUS) this.at += 1;
    return this.#scanDigits();
  }

  /** One or more. */
  #scanDigits(): boolean {
    const start = this.at;
    for (let byte = this.#json[start]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = this.#json[this.at]) {
      this.at += 1;
    }
    return this.at > start;
  }

  #skipSpace(): void {
    for (let byte = this.#json[this.at]; byte !== undefined && SPACE[byte] === 1; byte = this.#json[this.at]) {
      this.at += 1;
      this.hasSpace = true;
    }
  }
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}
