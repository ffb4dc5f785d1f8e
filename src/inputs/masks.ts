import { MIN_MASKED_CHARACTERS } from './parsers.ts';
import type { InputSource } from './source.ts';

/**
 * Masks a text line by line: the runner compares line by line, and would itself mask every line of a text of several,
 * the `}` of a JSON document included. Returns false when nothing in it was long enough.
 * @param key of a value of `secrets`, or '' (see `Redactor`); undefined: it is a credential, and found everywhere
 */
export function maskText(source: Pick<InputSource, 'maskSecret'>, text: string, key?: string): boolean {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const long = lines.filter((line) => [...line].length >= MIN_MASKED_CHARACTERS);
  for (const line of long) source.maskSecret(line, key);
  return long.length > 0;
}
