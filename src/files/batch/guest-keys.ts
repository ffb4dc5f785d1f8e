import { isPlainObject } from '../../domain/batch/record.ts';
import type { SoundLine } from './parse-line.ts';

const GUEST_SCHEMA = 'guest';
/** Nobody's is longer; and a record may be one that has a million of them. */
const MAX_EMAIL_BYTES = 1024;
const MAX_IDENTIFIERS_BYTES = 64 * 1024;
const MAX_PLACEHOLDER_CHARS = 32;
const BACKSLASH = 0x5c;
const KEY_WORDS = 4;

/** By what a guest is the same: the lowest bit of a key. */
const KINDS = ['e-mail address', 'identifier'] as const;
const [BY_EMAIL, BY_IDENTIFIER] = [0, 1] as const;

/** Good until the next is made: there may be several for each of millions of records. */
export type GuestKey = Readonly<Uint32Array>;

const key = new Uint32Array(KEY_WORDS);

/**
 * Gives what a guest is known by, as keys that are as long as a ref and tell nothing of anybody: a guest may stand in a
 * file once only (API document, section 3). None for records of other schemas.
 */
export function eachGuestKey(line: SoundLine, take: (key: GuestKey) => void): void {
  const { schema, bytes, email, identifiers } = line;
  if (schema !== GUEST_SCHEMA) return;
  if (email !== undefined && email.end - email.start <= MAX_EMAIL_BYTES) {
    const address = readText(bytes, email)?.trim().toLowerCase() ?? '';
    // What an export writes where there is none ("n/a", "null", "-") makes nobody the same.
    if (address.includes('@')) take(keyOf(address, BY_EMAIL));
  }
  if (identifiers === undefined || identifiers.end - identifiers.start > MAX_IDENTIFIERS_BYTES) return;
  const list: unknown = JSON.parse(bytes.toString('utf8', identifiers.start, identifiers.end));
  if (!Array.isArray(list)) return;
  for (const identifier of list) {
    const text = identifierText(identifier);
    if (text !== undefined) take(keyOf(text, BY_IDENTIFIER));
  }
}

const ONCE = 'A guest may stand in a file once only: make one record of them, or put them into different files.';

/** On a guest that an earlier line has, without what the guest is known by. @param hex of the key */
export function repeatedGuest(hex: string, earlierLine: number): string {
  const kind = Number.parseInt(hex.slice(-1), 16) % 2 === BY_EMAIL ? BY_EMAIL : BY_IDENTIFIER;
  const what = `The guest has the ${KINDS[kind]} of the one in line ${earlierLine}. ${ONCE}`;
  // A household, a shop's own address: to make one of such guests would lose people.
  return kind === BY_EMAIL
    ? `${what} Where they are different people who share the address, leave them as they are.`
    : what;
}

/** @returns undefined for what is no text */
function readText(bytes: Buffer, { start, end }: { start: number; end: number }): string | undefined {
  if (bytes[start] !== 0x22) return undefined;
  const hasEscapes = bytes.subarray(start, end).includes(BACKSLASH);
  return hasEscapes ? JSON.parse(bytes.toString('utf8', start, end)) : bytes.toString('utf8', start + 1, end - 1);
}

const PLACEHOLDER = /^(?:|null|undefined|nan|none|nil|n\/?a|unknown|0|-+)$/i;

/** What stands where there is no identifier: it makes nobody the same. */
function isPlaceholder(id: string): boolean {
  return id.length <= MAX_PLACEHOLDER_CHARS && PLACEHOLDER.test(id.trim());
}

function identifierText(identifier: unknown): string | undefined {
  if (!isPlainObject(identifier)) return undefined;
  const { provider, id } = identifier;
  if (typeof provider !== 'string' || (typeof id !== 'number' && typeof id !== 'string')) return undefined;
  return isPlaceholder(String(id)) ? undefined : `${provider.length} ${provider} ${id}`;
}

/**
 * 128 bits of a text. Not made to withstand anybody: it makes no garbage, as a digest of Node would for each guest, and
 * what depends on it is a warning.
 */
function keyOf(text: string, kind: 0 | 1): GuestKey {
  let [one, two, three, four] = [0x3c6ef372, 0xbb67ae85, 0xa54ff53a, 0x510e527f];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = two ^ Math.imul(one ^ code, 597_399_067);
    two = three ^ Math.imul(two ^ code, 2_869_860_233);
    three = four ^ Math.imul(three ^ code, 951_274_213);
    four = one ^ Math.imul(four ^ code, 2_716_044_179);
  }
  one = Math.imul(three ^ (one >>> 18), 597_399_067);
  two = Math.imul(four ^ (two >>> 22), 2_869_860_233);
  three = Math.imul(one ^ (three >>> 17), 951_274_213);
  four = Math.imul(two ^ (four >>> 19), 2_716_044_179);
  key[0] = one ^ two ^ three ^ four;
  key[1] = two ^ one;
  key[2] = three ^ one;
  key[3] = ((four ^ one) & ~1) | kind;
  return key;
}
