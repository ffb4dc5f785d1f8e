import { isPlainObject } from '../../domain/batch/record.ts';
import type { ValidLine } from './parse-line.ts';

const GUEST_SCHEMA = 'guest';
/** Real ones are shorter; a malicious record may have a million of them. */
const MAX_EMAIL_BYTES = 1024;
const MAX_IDENTIFIERS_BYTES = 64 * 1024;
const MAX_PLACEHOLDER_CHARS = 32;
const BACKSLASH = 0x5c;
const KEY_WORDS = 4;

/** What identifies a guest: the lowest bit of a key. */
const KINDS = ['e-mail address', 'identifier'] as const;
const [BY_EMAIL, BY_IDENTIFIER] = [0, 1] as const;

/** Valid until the next one is computed: the buffer is reused, for millions of records. */
export type GuestKey = Readonly<Uint32Array>;

const key = new Uint32Array(KEY_WORDS);

/**
 * Computes keys from what identifies a guest. They are as long as a ref and reveal nobody's data. A guest may appear only
 * once in a file (API document, section 3). Records of other schemas have no keys.
 */
export function eachGuestKey(line: ValidLine, take: (key: GuestKey) => void): void {
  const { schema, bytes, email, identifiers } = line;
  if (schema !== GUEST_SCHEMA) return;
  if (email !== undefined && email.end - email.start <= MAX_EMAIL_BYTES) {
    const address = readText(bytes, email)?.trim().toLowerCase() ?? '';
    // Placeholders of exports ("n/a", "null", "-") identify nobody.
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

const ONCE = 'A guest may appear only once in a file: merge the records, or put them into different files.';

/** The message for a guest that repeats an earlier one, without what identifies the guest. @param hex of the key */
export function repeatedGuest(hex: string, earlierLine: number): string {
  const kind = Number.parseInt(hex.slice(-1), 16) % 2 === BY_EMAIL ? BY_EMAIL : BY_IDENTIFIER;
  const what = `The guest has the same ${KINDS[kind]} as the one in line ${earlierLine}. ${ONCE}`;
  // A household, or a shop's own address: merging such guests would lose people.
  return kind === BY_EMAIL
    ? `${what} If they are different people who share the address, leave them as they are.`
    : what;
}

/** @returns undefined if it is not a string */
function readText(bytes: Buffer, { start, end }: { start: number; end: number }): string | undefined {
  if (bytes[start] !== 0x22) return undefined;
  const hasEscapes = bytes.subarray(start, end).includes(BACKSLASH);
  return hasEscapes ? JSON.parse(bytes.toString('utf8', start, end)) : bytes.toString('utf8', start + 1, end - 1);
}

const PLACEHOLDER = /^(?:|null|undefined|nan|none|nil|n\/?a|unknown|0|-+)$/i;

/** Whether it only marks a missing identifier. */
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
 * A hash of 128 bits. It need not resist attacks, since only a warning depends on it, and unlike the digests of Node it
 * creates no garbage for each guest.
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
