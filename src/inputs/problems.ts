import { InputError, type InputProblem } from '../errors.ts';

/** Longest piece of a bad value that a message repeats. */
const MAX_SHOWN_CHARACTERS = 100;

/** A bad value for a message: quoted, on one line, cut when it is long, and without the credentials of a URL. */
export function showValue(text: string): string {
  const safe = text.replace(/\/\/[^/\s]*@/g, '//***@');
  return JSON.stringify(safe.length > MAX_SHOWN_CHARACTERS ? `${safe.slice(0, MAX_SHOWN_CHARACTERS)}…` : safe);
}

/** Gathers what is wrong, so that the user gets all of it in one go. */
export class InputProblems {
  readonly #problems: InputProblem[] = [];
  readonly #warnings: string[] = [];

  /** `problem` and `allowed` are sentences; neither may hold anything that could be a secret. */
  add(input: string, problem: string, allowed?: string): void {
    this.#problems.push(allowed === undefined ? { input, problem } : { input, problem, allowed });
  }

  warn(warning: string): void {
    this.#warnings.push(warning);
  }

  get warnings(): string[] {
    return [...this.#warnings];
  }

  /**
   * The inputs, complete. A reader gives undefined exactly when it has added a problem.
   *
   * @throws InputError with every problem
   */
  finish<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
    if (this.#problems.length > 0) throw new InputError(this.#problems);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) throw new Error(`Bug in the input readers: ${name} has neither a value nor a problem.`);
    }
    return values as T;
  }
}
