/**
 * The payload of React Server Components that Next.js puts into a page: scripts that push pieces of it, which are rows
 * once they are put together. Pure, in linear time, and for any text.
 */

/** A row: `<id>:<tag><content>`. */
export interface FlightRow {
  /** One letter, or empty for a row of plain JSON. */
  tag: string;
  content: Uint8Array;
}

const PUSH = /self\.__next_f\.push\(\[([13]),"/y;

/** @returns a piece of the payload if the script is one that Next.js writes to push it; a string, or bytes */
export function readPush(script: string): string | Uint8Array | undefined {
  PUSH.lastIndex = 0;
  const found = PUSH.exec(script);
  if (found === null) return;
  const from = PUSH.lastIndex;
  const text = parseJsonString(script.slice(from - 1, endOfString(script, from)));
  return found[1] === '3' ? decodeBase64(text ?? '') : text;
}

/** @param from after the quote that opens it; @returns the place after the one that closes it */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function parseJsonString(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return;
  }
}

/** Next.js sends in Base64 what is no UTF-8. */
function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return;
  }
}

/** Puts the pieces together, of which any may end within a row. */
export function joinPieces(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const [COLON, COMMA, LINE_FEED] = [0x3a, 0x2c, 0x0a];
/** Rows with a length in bytes in place of a line's end: text, and typed arrays. React's Flight client has the list. */
const WITH_LENGTH = new Set('TAOobUSsLlGgMmV');
/** Further rows that have a tag: all capital letters, and these. */
const WITH_TAG = /^[A-Z#rx]$/;

/** The rows of a payload, read as React's Flight client reads them. The last one may be cut. */
export function* readRows(payload: Uint8Array): Generator<FlightRow> {
  let at = 0;
  while (at < payload.length) {
    const colon = payload.indexOf(COLON, at);
    if (colon < 0) return;
    at = colon + 1;
    const tag = String.fromCharCode(payload[at] ?? 0);
    if (WITH_LENGTH.has(tag)) {
      const comma = payload.indexOf(COMMA, at + 1);
      if (comma < 0) return;
      const end = comma + 1 + parseHexadecimal(payload.subarray(at + 1, comma));
      yield { tag, content: payload.subarray(comma + 1, end) };
      at = end;
      continue;
    }
    const lineFeed = payload.indexOf(LINE_FEED, at);
    const end = lineFeed < 0 ? payload.length : lineFeed;
    const hasTag = WITH_TAG.test(tag);
    yield { tag: hasTag ? tag : '', content: payload.subarray(hasTag ? at + 1 : at, end) };
    at = end + 1;
  }
}

/** Not negative, whatever the text is: a reader must not go back. */
function parseHexadecimal(digits: Uint8Array): number {
  const length = Number.parseInt(String.fromCharCode(...digits.subarray(0, 16)), 16);
  return Number.isNaN(length) ? 0 : Math.max(0, length);
}
