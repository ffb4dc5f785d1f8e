import fc from 'fast-check';
import { cellsOf, REDIRECT_COLUMNS, type RedirectRow } from '../../src/domain/redirects/redirect.ts';
import { ActionError } from '../../src/errors.ts';

export const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';

/** The error of a promise that has to fail for the user to read. */
export async function errorOf(promise: Promise<unknown>): Promise<ActionError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ActionError)) throw new Error('No ActionError was thrown.', { cause: error });
  return error;
}

const path = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...'/a,";\'=# é😀?\\'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
    maxLength: 12,
  })
  .map((text) => `/${text.replace(/[\p{Cc}\ufffd]/gu, '')}`.trim());

const target: fc.Arbitrary<RedirectRow['target']> = fc.oneof(
  path.map((url) => ({ kind: 'manual' as const, url })),
  fc.record({
    kind: fc.constant('dynamic' as const),
    type: fc.constantFrom('Product' as const, 'Brand' as const, 'Category' as const, 'Page' as const, 'Post' as const),
    id: fc.integer({ min: 1 }),
  }),
);

/** Sound rows with whatever a path may hold, and their cells; lines count as if nothing else stood in the file. */
export const redirectRows = fc
  .array(fc.record({ domain: fc.constantFrom('d.example', 'e.example'), fromPath: path, target }), { maxLength: 30 })
  .map((redirects) =>
    redirects.map((redirect, index) => ({
      row: { ...redirect, line: index + 2 } satisfies RedirectRow,
      cells: cellsOf(redirect.domain, redirect),
    })),
  );

if (HEADER !== REDIRECT_COLUMNS.join(',')) throw new Error('The header of the tests is not that of the sources.');
