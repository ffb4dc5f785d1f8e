import { type RowProblem, RowProblems } from '../row-problems.ts';

const TWO_TARGETS =
  'Whether the platform takes the two for one is not documented. If it does, one of them is never met: let both lead to the same target.';
const ONE_TARGET =
  'Whether the platform takes the two for one is not documented, and does not matter while they lead to the same target.';

/** What may be odd about rows, the gravest first: a few words in the singular, and what it means and what to do. */
const KINDS = {
  nearLoop: {
    title: 'Loop but for case or final slash',
    meaning:
      'Where case or a final slash does not count, visitors go round in a circle: such redirects have looped Catalyst storefronts. Let each lead to where the page is now.',
  },
  ownCase: {
    title: 'Leads to its own path in another case',
    meaning: 'Such redirects have looped Catalyst storefronts. Take the row out, or let it lead elsewhere.',
  },
  ownSlash: {
    title: 'Leads to its own path but for the final slash',
    meaning:
      'Catalyst ignores a redirect whose target differs from the path in the final slash alone, and such redirects have looped storefronts. Take the row out.',
  },
  invisible: {
    title: 'Invisible character',
    meaning:
      'A path is met only as it is written, and nobody types or sees this. Write the value anew, unless its script or an emoji needs the character.',
  },
  wildcard: {
    title: 'Looks like a wildcard',
    meaning:
      "BigCommerce's redirects know no wildcards: a path is met character by character. Give a row for each path, unless the characters are meant.",
  },
  doubleSlash: {
    title: 'Old path begins with //',
    meaning: 'What is met is a path of the domain, and no other host. If a URL was meant, write its path alone.',
  },
  fragment: {
    title: 'Old path with a fragment',
    meaning: 'Browsers do not send fragments: this redirect never takes place.',
  },
  nowhere: {
    title: 'Target is neither path nor URL',
    meaning: 'See whether it leads anywhere.',
  },
  spelling: {
    title: 'Two spellings of one address',
    meaning: 'One of the two is never met.',
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
    meaning: 'Each visitor is sent on more than once. Let the first lead to the end at once.',
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
    title: 'Row twice',
    meaning: 'It is taken once. An export has such rows where the store has a path under several ids.',
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

  /** @param message is asked for only if it will be kept */
  add(kind: OddityKind, line: number, message: () => string): void {
    const rows = this.#byKind.get(kind) ?? new RowProblems();
    this.#byKind.set(kind, rows);
    rows.add(line, message);
  }

  /** The gravest first; those alone of which there are any. */
  list(): OddRows[] {
    return Object.entries(KINDS).flatMap(([kind, words]) => {
      const rows = this.#byKind.get(kind as OddityKind);
      return rows === undefined ? [] : [{ ...words, rows: rows.sorted(), count: rows.count }];
    });
  }
}
