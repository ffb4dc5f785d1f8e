const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Of any version: who made it, and how, is nobody's business here. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
