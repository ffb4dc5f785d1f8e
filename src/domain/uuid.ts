const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Of any version: it does not matter here how it was made. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
