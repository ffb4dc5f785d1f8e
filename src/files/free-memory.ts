/**
 * Gives memory back at once: a buffer that owns its memory is empty afterwards. Buffers look small to the
 * garbage collector, which lets tens of megabytes of them pile up.
 */
export function freeMemory(bytes: Buffer): void {
  if (bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength > Buffer.poolSize) bytes.buffer.transfer(0);
}
