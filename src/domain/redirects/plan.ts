import { isSameTarget, type KnownRedirect, type RedirectRow } from './redirect.ts';

/** What has to change so that a site has the redirects of a file. */
export interface RedirectPlan {
  /** In the order of the file. */
  added: readonly RedirectRow[];
  /** In the order of the file. */
  changed: readonly ChangedRedirect[];
  /** In the order of their ids. */
  removed: readonly KnownRedirect[];
  unchanged: number;
  /**
   * Rows whose old path the site has under several ids that do not all lead where the row does: it is unknown which of
   * them visitors get.
   */
  split: readonly RedirectRow[];
}

export interface ChangedRedirect {
  before: KnownRedirect;
  after: RedirectRow;
  /** What else the site has of this path, under other ids, if anything. */
  copies?: readonly KnownRedirect[];
}

/**
 * Compares old paths character by character: it is not documented whether the platform treats `/a` and `/A` as the
 * same. `desired` has each old path once.
 *
 * A site may have a path under several ids (API document, section 2). All of them are compared:
 * - Copies that all lead where the row does are fine as they are: nothing is planned, whatever `deletes` says.
 * - Where some do, the others are removed, or, without `deletes`, the path is written again.
 * - Where none does, the path is written, and with `deletes` all but one are removed: it is not documented which one
 *   the platform overwrites, so that is looked up afterwards.
 *
 * @param deletes whether redirects that are not in the file are deleted; `removed` has them in any case
 */
export function planRedirects(
  current: readonly KnownRedirect[],
  desired: readonly RedirectRow[],
  { deletes }: { deletes: boolean },
): RedirectPlan {
  const byPath = new PathIndex(current);
  const stays = new Uint8Array(current.length);
  const added: RedirectRow[] = [];
  const changed: ChangedRedirect[] = [];
  const split: RedirectRow[] = [];
  for (const row of desired) {
    const copies = byPath.find(row.fromPath);
    const { right, wrong } = compareCopies(row, copies, current);
    const [first] = wrong;
    if (copies.length > 1 && first !== undefined) split.push(row);
    const isDone = first === undefined || (right.length > 0 && deletes);
    for (const index of isDone ? right : deletes ? [first] : copies) stays[index] = 1;
    if (copies.length === 0) added.push(row);
    const before = isDone ? undefined : current[first];
    if (before === undefined) continue;
    changed.push(copies.length === 1 ? { before, after: row } : { ...othersOf(copies, before, current), after: row });
  }
  const removed = current.filter((_, index) => stays[index] === 0).sort((one, other) => one.id - other.id);
  return { added, changed, removed, split, unchanged: desired.length - added.length - changed.length };
}

/** Indices of the redirects of a path. */
class PathIndex {
  /** The last one of each path. */
  readonly #last = new Map<string, number>();
  /** For each redirect the one of the same path before it; -1 for none. */
  readonly #before: Int32Array;

  constructor(redirects: readonly KnownRedirect[]) {
    this.#before = new Int32Array(redirects.length).fill(-1);
    for (const [index, { fromPath }] of redirects.entries()) {
      const known = this.#last.get(fromPath);
      if (known !== undefined) this.#before[index] = known;
      this.#last.set(fromPath, index);
    }
  }

  /** In their order. */
  find(path: string): number[] {
    const found: number[] = [];
    for (let index = this.#last.get(path) ?? -1; index >= 0; index = this.#before[index] ?? -1) found.push(index);
    return found.length > 1 ? found.reverse() : found;
  }
}

function compareCopies(row: RedirectRow, copies: readonly number[], current: readonly KnownRedirect[]) {
  const right: number[] = [];
  const wrong: number[] = [];
  for (const index of copies) {
    const redirect = current[index];
    if (redirect === undefined) continue;
    (isSameTarget(redirect.target, row.target) ? right : wrong).push(index);
  }
  return { right, wrong };
}

function othersOf(copies: readonly number[], before: KnownRedirect, current: readonly KnownRedirect[]) {
  return { before, copies: copies.flatMap((index) => current[index] ?? []).filter(({ id }) => id !== before.id) };
}
