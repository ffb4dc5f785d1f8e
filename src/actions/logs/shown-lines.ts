import { limitChars } from '../../report/format.ts';

/** The job log gets so much; the file has everything. */
const MAX_LINES = 1000;
const MAX_CHARS = 1_000_000;
const MAX_LINE_CHARS = 4000;

/** What may still be shown in the job log, which must stay readable whatever a worker logs. */
export class ShownLines {
  #lines = 0;
  #chars = 0;
  #isCut = false;

  /** Some lines were left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The first ones that there is room for; long ones are cut. Once one has none, nor do those after it. */
  take(lines: readonly string[]): string[] {
    const taken: string[] = [];
    for (const line of lines) {
      const shown = line.length <= MAX_LINE_CHARS ? line : `${limitChars(line, MAX_LINE_CHARS)}…`;
      if (this.#isCut || this.#lines >= MAX_LINES || this.#chars + shown.length > MAX_CHARS) {
        this.#isCut = true;
        break;
      }
      this.#lines += 1;
      this.#chars += shown.length;
      taken.push(shown);
    }
    return taken;
  }
}
