import type { PathKind } from '../domain/bundle-names.ts';
import { BundleError } from '../errors.ts';

/** Says whether a path (relative, `/` as the separator) is left out. A folder that is left out hides all in it. */
export type ExcludeTest = (name: string, kind: PathKind) => boolean;

/**
 * Reads gitignore-style patterns, one an element. Letters count as written on every system, so that one workflow gives
 * one bundle everywhere.
 * @throws BundleError for a pattern that cannot be read
 */
export async function createExcludeTest(patterns: readonly string[]): Promise<ExcludeTest> {
  if (patterns.length === 0) return () => false;
  const { default: ignore } = await import('ignore');
  const rules = ignore({ ignorecase: false, allowRelativePaths: true });
  for (const pattern of patterns) {
    try {
      rules.add(pattern).ignores('probe');
    } catch (cause) {
      throw new BundleError(
        [`exclude: the pattern ${JSON.stringify(pattern)} cannot be read as a gitignore pattern.`],
        {
          cause,
        },
      );
    }
  }
  return (name, kind) => rules.ignores(kind === 'folder' ? `${name}/` : name);
}
