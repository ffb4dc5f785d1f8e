import { isSameTarget, type KnownRedirect, type RedirectRow } from './redirect.ts';

/** What has to be done so that a site has the redirects that a file wishes. */
export interface RedirectPlan {
  /** In the order of the file. */
  added: readonly RedirectRow[];
  /** In the order of the file. */
  changed: readonly ChangedRedirect[];
  /** In the order of their ids. */
  removed: readonly KnownRedirect[];
  unchanged: number;
}

export interface ChangedRedirect {
  before: KnownRedirect;
  after: RedirectRow;
}

/**
 * Compares by the old path, character by character: whether the platform takes `/a` and `/A` for the same is not
 * documented. `wished` has each old path once.
 */
export function planRedirects(current: readonly KnownRedirect[], wished: readonly RedirectRow[]): RedirectPlan {
  const byPath = new Map<string, number>();
  for (const [index, { fromPath }] of current.entries()) byPath.set(fromPath, index);
  const kept = new Uint8Array(current.length);
  const added: RedirectRow[] = [];
  const changed: ChangedRedirect[] = [];
  for (const row of wished) {
    const index = byPath.get(row.fromPath) ?? -1;
    const before = current[index];
    if (before === undefined) {
      added.push(row);
      continue;
    }
    kept[index] = 1;
    if (!isSameTarget(before.target, row.target)) changed.push({ before, after: row });
  }
  const removed = current.filter((_, index) => kept[index] === 0).sort((one, other) => one.id - other.id);
  return { added, changed, removed, unchanged: wished.length - added.length - changed.length };
}
