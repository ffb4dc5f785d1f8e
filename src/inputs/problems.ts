import { InputError, type InputProblem } from '../errors.ts';

/** Longest piece of a bad value that a message repeats. */
const MAX_SHOWN_CHARACTERS = 100;

/**
 * A bad value for a message: quoted, on one line, cut when it is long, and without the credentials of a URL. It is cut
 * at white space only: no mask would match a piece of a secret that was pasted into the wrong input.
 */
export function showValue(text: string): string {
  const safe = text.replace(/\/\/[^/\s]*@/g, '//***@');
  if (safe.length <= MAX_SHOWN_CHARACTERS) return JSON.stringify(safe);
  // One character more: white space there means that the last word before it is whole.
  const start = safe.slice(0, MAX_SHOWN_CHARACTERS + 1);
  const words = start.slice(0, Math.max(0, start.search(/\s\S*$/))).trimEnd();
  return words === '' ? `"…" (${[...text].length} characters)` : JSON.stringify(`${words}…`);
}

/** Collects all problems, so that the user sees them at once. */
export class InputProblems {
  readonly #problems: InputProblem[] = [];
  readonly #warnings: string[] = [];

  /** No part of a problem may hold anything that could be a secret. */
  add(problem: InputProblem): void {
    this.#problems.push(problem);
  }

  warn(warning: string): void {
    this.#warnings.push(warning);
  }

  get warnings(): string[] {
    return [...this.#warnings];
  }

  /**
   * The complete inputs.
   * @throws InputError as `toError` gives it, if there is any problem
   */
  finish<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
    const inputs = this.accept<T>(values);
    if (inputs === undefined) throw this.toError();
    return inputs;
  }

  /** With every problem, and with the warnings, which would be lost otherwise. */
  toError(): InputError {
    return new InputError(this.#problems, this.warnings);
  }

  /**
   * The complete inputs; undefined if there is any problem. A reader returns undefined exactly when it has added a
   * problem.
   */
  accept<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T | undefined {
    if (this.#problems.length > 0) return undefined;
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) throw new Error(`Bug in the input readers: ${name} has neither a value nor a problem.`);
    }
    return values as T;
  }
}
