import { createHash, randomUUID } from 'node:crypto';

/**
 * A UUID for a batch.
 * @param after of another batch, whose place this one takes: of the same one comes the same (version 8, which RFC 9562,
 *   section 5.8, leaves to whoever makes it: a hash). Without it, a random one
 */
export function createRef(after?: string): string {
  if (after === undefined) return randomUUID();
  const bytes = createHash('sha256').update(`after ${after.toLowerCase()}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
