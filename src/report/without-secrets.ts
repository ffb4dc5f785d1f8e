/** Deeper, the stack may end; nothing that an API sends is. */
const MAX_DEPTH = 100;

/**
 * A copy of any value, as plain JSON, whose texts, keys and other values have no secrets: whatever is written of it is
 * read back as a text.
 * @param limit shortens a text that has no secrets any more
 * @throws RangeError if it is nested too deep
 */
export function withoutSecrets(
  value: unknown,
  redact: (text: string) => string,
  limit: (text: string) => string = (text) => text,
  depth = 0,
): unknown {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  if (value === undefined) return undefined;
  if (typeof value === 'string') return limit(redact(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return withoutSecrets(Object.fromEntries(value), redact, limit, depth);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, redact, limit, depth + 1));
  if (typeof value === 'object' && value !== null) {
    const copy = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      copy.set(freeKey(redact(key), copy), withoutSecrets(item, redact, limit, depth + 1));
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
