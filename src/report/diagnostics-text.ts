import { limitChars } from './format.ts';

/** Longer texts tell no more. */
const MAX_TEXT_CHARS = 4000;
/** Deeper, the stack may end; nothing that an API sends is. */
const MAX_DEPTH = 100;

/**
 * A copy of any value, as plain JSON, whose texts, keys and other values have no secrets: whatever is written of it is
 * read back as a text.
 * @throws RangeError if it is nested too deep
 */
export function withoutSecrets(value: unknown, redact: (text: string) => string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  if (value === undefined) return undefined;
  if (typeof value === 'string') return limited(redact(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return withoutSecrets(Object.fromEntries(value), redact, depth);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, redact, depth + 1));
  if (typeof value === 'object' && value !== null) {
    const copy = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      copy.set(freeKey(redact(key), copy), withoutSecrets(item, redact, depth + 1));
    }
    return Object.fromEntries(copy);
  }
  // The value of a secret may be a number, or `true`.
  const text = String(value);
  return redact(text) === text ? value : '***';
}

/** Two keys may be the same without their secrets. */
function freeKey(key: string, taken: ReadonlyMap<string, unknown>): string {
  let free = key;
  while (taken.has(free)) free += '*';
  return free;
}

function limited(text: string): string {
  return text.length <= MAX_TEXT_CHARS ? text : `${limitChars(text, MAX_TEXT_CHARS)} (cut)`;
}

/** Each as a line of JSON; where they are too many, those of the beginning and the end, and how many are between. */
export function limitedItems(items: readonly unknown[], maxBytes: number): string[] {
  const lines = items.map((item) => JSON.stringify(item));
  const bytes = lines.map((line) => Buffer.byteLength(line) + 2);
  if (sum(bytes) <= maxBytes) return lines;
  const first = countWithin(bytes, maxBytes / 3);
  const last = countWithin(bytes.slice(first).reverse(), (maxBytes * 2) / 3 - 100);
  const omitted = lines.length - first - last;
  return [...lines.slice(0, first), JSON.stringify({ omitted }), ...(last === 0 ? [] : lines.slice(-last))];
}

function countWithin(bytes: readonly number[], maxBytes: number): number {
  let left = maxBytes;
  const end = bytes.findIndex((one) => {
    left -= one;
    return left < 0;
  });
  return end === -1 ? bytes.length : end;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** An object as JSON; where it is too large, with ever shorter lists. */
export function limitedObject(value: unknown, maxBytes: number): string {
  for (const maxItems of [1000, 100, 10]) {
    const text = `${JSON.stringify(value, (_, item: unknown) => shortened(item, maxItems), 1)}\n`;
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return `${JSON.stringify({ note: `It has more than ${maxBytes} bytes.` })}\n`;
}

function shortened(item: unknown, maxItems: number): unknown {
  if (!Array.isArray(item) || item.length <= maxItems) return item;
  return [...item.slice(0, maxItems), { omitted: item.length - maxItems }];
}
