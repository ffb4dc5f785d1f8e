import { types } from 'node:util';

/** What the operating system said, in words for the user: `no space left on device (ENOSPC)`. */
export function describeFault(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const code = errorCode(error);
  if (code === undefined) return error.message;
  // Node's own text is `ENOSPC: no space left on device, write`: the call and the path after the comma say nothing new.
  const words = error.message.startsWith(`${code}: `) ? error.message.slice(code.length + 2) : error.message;
  return `${words.split(', ')[0]} (${code})`;
}

/** The system's or Node's code of an error (`ENOENT`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (!types.isNativeError(error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}
