/**
 * Private keys in texts: PEM (RFC 7468), with the headers of RFC 1421, and PGP's armour (RFC 9580, section 6.2). Each
 * look consumes what it has read, so that the time is always linear in the text.
 */

// Searched for without its dashes, which are frequent in text: that takes a third of the time.
const DASHES = Buffer.from('-----');
const BEGIN = Buffer.from('BEGIN ');
// Room for the marker, eight headers and forty characters; what is decided about a marker depends on these bytes alone.
const KEY_WINDOW_BYTES = 4_096;
const MARKER_WINDOW_BYTES = 128;
const MAX_HEADERS = 8;
/** Fewer characters of base64 than this cannot be a key. */
const MIN_KEY_CHARS = 40;

const MARKER = /^-----BEGIN ([^-\r\n]{0,81})-----/;
const KEY_LABEL = /PRIVATE KEY(?: BLOCK)?$/;
// A real line end, or one written as an escape (`\n`, `\x0a`, `\u000a`), once or more deeply escaped.
const LINE_ENDS = /[ \t]*(?:\\*[\r\n][ \t]*|\\+(?:[nr]|x0[ad]|u000[ad])[ \t]*)+/iy;
const BLANKS = /[ \t]*/y;
const NAME = /[A-Za-z][A-Za-z0-9-]{0,40}:/y;
const VALUE = /[^\r\n\\]{0,256}/y;
/** The end of a header that shares its line with what follows. */
const WORD = /[ \t]*[^ \t\r\n\\]+/y;
// `\/` is how some JSON writers put a slash.
const BASE64 = /(?:[A-Za-z0-9+/=]|\\\/)+/y;

/**
 * Finds a private key: a `-----BEGIN ... PRIVATE KEY-----` marker, and at least 40 characters of base64 behind it, on
 * lines of their own, or on the marker's line, with blanks or nothing instead of line ends. A marker alone is not a
 * key: crypto libraries in a built worker.js compare with markers.
 */
export class PrivateKeyScanner {
  /** The decision about a marker depends on this many bytes from its start on. */
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
  // The short check first: a file full of certificates would otherwise be copied many times over.
  const marker = MARKER.exec(bytes.toString('latin1', start, start + MARKER_WINDOW_BYTES));
  if (marker === null || !KEY_LABEL.test(marker[1] ?? '')) return false;
  const text = bytes.toString('latin1', start + marker[0].length, start + KEY_WINDOW_BYTES);
  return isKeyOfLines(text) || isKeyOnOneLine(text);
}

function isKeyOfLines(text: string): boolean {
  let position = endOf(LINE_ENDS, text, 0);
  for (let headers = 0; position !== -1 && headers <= MAX_HEADERS; headers++) {
    if (hasBase64Lines(text, position)) return true;
    position = endOf(LINE_ENDS, text, endOf(VALUE, text, endOf(NAME, text, position)));
  }
  return false;
}

function hasBase64Lines(text: string, start: number): boolean {
  let chars = 0;
  for (let position = start; position !== -1; position = endOf(LINE_ENDS, text, position)) {
    const end = endOf(BASE64, text, position);
    if (end === -1) return false;
    chars += countBase64(text, position, end);
    if (chars >= MIN_KEY_CHARS) return true;
    position = end;
  }
  return false;
}

/** A line of prose has blanks, too; a first line of this many mixed characters without one is not prose. */
function isKeyOnOneLine(text: string): boolean {
  let position = Math.max(endOf(LINE_ENDS, text, 0), endOf(BLANKS, text, 0));
  for (let headers = 0; position !== -1 && headers <= MAX_HEADERS; headers++) {
    const end = endOf(BASE64, text, position);
    if (end !== -1 && countBase64(text, position, end) >= MIN_KEY_CHARS) return isMixed(text.slice(position, end));
    position = endOf(BLANKS, text, endOf(WORD, text, endOf(NAME, text, position)));
  }
  return false;
}

function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /[0-9]/.test(text);
}

function countBase64(text: string, start: number, end: number): number {
  let chars = 0;
  for (let position = start; position < end; position++) if (text[position] !== '\\') chars += 1;
  return chars;
}

/** End of the sticky expression's match at `start`; -1 if there is none, or `start` is -1. */
function endOf(expression: RegExp, text: string, start: number): number {
  if (start === -1) return -1;
  expression.lastIndex = start;
  return expression.test(text) ? expression.lastIndex : -1;
}
