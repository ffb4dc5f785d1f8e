import { escapeInvisible } from './invisible.ts';

/** Something wrong, or odd, at a line of a file. */
export interface RowProblem {
  /** From 1. */
  line: number;
  /** A sentence. */
  message: string;
}

/** A file with a mistake in each of 200,000 rows has one systematic mistake: a longer list would not help. */
const MAX_PROBLEMS = 1000;

/** Problems of rows: the first `MAX_PROBLEMS` of them, and their number. */
export class RowProblems {
  readonly #stored: RowProblem[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param message is called only if it will be stored */
  add(line: number, message: () => string): void {
    this.#count += 1;
    if (this.#stored.length < MAX_PROBLEMS) this.#stored.push({ line, message: message() });
  }

  /** In the order of the lines. */
  sorted(): RowProblem[] {
    return this.#stored.toSorted((one, other) => one.line - other.line);
  }
}

const MAX_SHOWN_CHARS = 120;

/** A text of the file, as a message shows it: long ones are cut, and invisible characters are escaped. */
export function shown(text: string): string {
  return escapeInvisible(cut(text));
}

/** The same, in quotation marks. */
export function quoted(text: string): string {
  return escapeInvisible(JSON.stringify(cut(text)));
}

function cut(text: string): string {
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS).toWellFormed()}…` : text;
}
