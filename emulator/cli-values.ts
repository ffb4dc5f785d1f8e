import * as z from 'zod/mini';
import { described } from './schema.ts';

/** Text that can be a part of a header or a URL as it is. */
export const wordText = described(z.string().check(z.regex(/^[\w.~-]+$/)), "of letters, digits, '.', '_', '~' and '-'");

/** The text of a number of 0 or more. */
export function numberText({ max, isWhole = false }: { max?: number; isWhole?: boolean }) {
  const number = z.number().check(z.maximum(max ?? Number.MAX_SAFE_INTEGER));
  const range = max === undefined ? 'of 0 or more' : `from 0 to ${max}`;
  return described(
    z.pipe(
      z.pipe(z.string().check(z.regex(/^\d+(\.\d+)?$/)), z.transform(Number)),
      isWhole ? number.check(z.multipleOf(1)) : number,
    ),
    `a ${isWhole ? 'whole ' : ''}number ${range}`,
  );
}
