import { type RowProblem, RowProblems } from '../row-problems.ts';

const TWO_TARGETS =
  'It is not documented whether the platform treats the two as one. If it does, one of them never applies: give both the same target.';
const ONE_TARGET =
  'It is not documented whether the platform treats the two as one, which does not matter while they have the same target.';

/** What may be odd about rows, the most serious first: a few words in the singular, what it means, and what to do. */
const KINDS = {
  nearLoop: {
    title: 'Loop except for case or final slash',
    meaning:
      'Where case or a final slash does not count, visitors go in circles: such redirects have looped Catalyst storefronts. Point each to where the page is now.',
  },
  ownCase: {
    title: 'Leads to its own path in different case',
    meaning: 'Such redirects have looped Catalyst storefronts. Remove the row, or point it elsewhere.',
  },
  ownSlash: {
    title: 'Leads to its own path except for the final slash',
    meaning:
      'Catalyst ignores a redirect whose target differs from the path only in the final slash, and such redirects have looped storefronts. Remove the row.',
  },
  invisible: {
    title: 'Invisible character',
    meaning:
      'A path applies only as it is written, and nobody types or sees this. Retype the value, unless its script or an emoji needs the character.',
  },
  wildcard: {
    title: 'Looks like a wildcard',
    meaning:
      "BigCommerce's redirects do not support wildcards: a path is compared character by character. Add a row for each path, unless the characters are intended.",
  },
  doubleSlash: {
    title: 'Old path begins with //',
    meaning: 'It applies to a path of the domain, not to another host. If a URL was meant, write only its path.',
  },
  fragment: {
    title: 'Old path with a fragment',
    meaning: 'Browsers do not send fragments: this redirect never applies.',
  },
  nowhere: {
    title: 'Target is neither path nor URL',
    meaning: 'Check whether it leads anywhere.',
  },
  spelling: {
    title: 'Two spellings of one address',
    meaning: 'One of the two never applies.',
  },
  caseTwin: {
    title: 'Old paths that differ in case, with two targets',
    meaning: TWO_TARGETS,
  },
  slashTwin: {
    title: 'Old paths that differ in the final slash, with two targets',
    meaning: TWO_TARGETS,
  },
  ownQuery: {
    title: 'Target loses its query',
    meaning: 'Catalyst drops the query of a target that is a path of the storefront: visitors arrive without it.',
  },
  chain: {
    title: 'Redirect chain',
    meaning: 'Visitors are redirected more than once. Point the first straight to the end.',
  },
  casePair: {
    title: 'Old paths that differ in case, with one target',
    meaning: ONE_TARGET,
  },
  slashPair: {
    title: 'Old paths that differ in the final slash, with one target',
    meaning: ONE_TARGET,
  },
  repeated: {
    title: 'Repeated row',
    meaning: 'It counts once. An export has such rows where the store has a path under several ids.',
  },
} as const satisfies Readonly<Record<string, Omit<OddRows, 'rows' | 'count'>>>;

export type OddityKind = keyof typeof KINDS;

/** Rows that are odd in one way. */
export interface OddRows {
  title: string;
  /** A sentence or two, of all of them. */
  meaning: string;
  /** In the order of their lines; long lists are cut. */
  rows: readonly RowProblem[];
  /** How many there are, should `rows` hold fewer. */
  count: number;
}

/** Collects odd rows by their kinds. */
export class Oddities {
  readonly #byKind = new Map<OddityKind, RowProblems>();

  /** @param message called only where it is stored */
  add(kind: OddityKind, line: number, message: () => string): void {
    const rows = this.#byKind.get(kind) ?? new RowProblems();
    this.#byKind.set(kind, rows);
    rows.add(line, message);
  }

  /** The most serious first; only kinds that occur. */
  list(): OddRows[] {
    return Object.entries(KINDS).flatMap(([kind, words]) => {
      const rows = this.#byKind.get(kind as OddityKind);
      return rows === undefined ? [] : [{ ...words, rows: rows.sorted(), count: rows.count }];
    });
  }
}
