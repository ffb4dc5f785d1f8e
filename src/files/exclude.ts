import type { Ignore } from 'ignore';
import { BundleError } from '../domain/bundle-error.ts';
import type { PathKind } from '../domain/bundle-names.ts';

/** Says whether a path (relative, `/` as the separator) is left out. A folder that is left out hides all in it. */
export type ExcludeTest = (name: string, kind: PathKind) => boolean;

export interface ExcludeRules {
  excludes: ExcludeTest;
  /** The pattern that leaves out a file; undefined where none does. */
  patternOf(name: string): string | undefined;
  /** The patterns that match none of the names so far, as written. */
  unmatched(): string[];
}

const NO_RULES: ExcludeRules = { excludes: () => false, patternOf: () => undefined, unmatched: () => [] };

/** A pattern by itself; a negated one without its `!`. */
interface Pending {
  pattern: string;
  rules: Ignore;
}

/**
 * Reads gitignore-style patterns, one per element. Case matters on every system, so that one workflow gives
 * one bundle everywhere.
 * @throws BundleError for a pattern that cannot be read
 */
export async function createExcludeRules(patterns: readonly string[]): Promise<ExcludeRules> {
  if (patterns.length === 0) return NO_RULES;
  const { default: ignore } = await import('ignore');
  const create = () => ignore({ ignorecase: false, allowRelativePaths: true });
  const rules = create();
  for (const pattern of patterns) {
    try {
      rules.add(pattern).ignores('probe');
    } catch (cause) {
      throw new BundleError(
        [`exclude: the pattern ${JSON.stringify(pattern)} cannot be read as a gitignore pattern.`],
        { cause },
      );
    }
  }
  let pending: Pending[] = patterns
    .filter((pattern) => !pattern.startsWith('#'))
    .map((pattern) => ({ pattern, rules: create().add(pattern.startsWith('!') ? pattern.slice(1) : pattern) }));
  return {
    excludes: (name, kind) => {
      const path = kind === 'folder' ? `${name}/` : name;
      if (pending.length > 0) pending = pending.filter((one) => !one.rules.ignores(path));
      return rules.ignores(path);
    },
    patternOf: (name) => rules.test(name).rule?.pattern,
    unmatched: () => pending.map(({ pattern }) => pattern),
  };
}
