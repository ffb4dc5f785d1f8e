import type { BodyAnswer } from '../../answers.ts';
import { createGitHubError } from './answers.ts';

/**
 * The fields of a request's body, with what is wrong with them. GitHub checks a body against a schema first and rejects it with
 * "Invalid request." and a sentence for each problem; what a schema cannot express is checked later, as "Validation Failed".
 */
export class BodyFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #place: string;
  readonly #problems: string[];

  constructor(fields: unknown, place = '', problems: string[] = []) {
    this.#fields = isObject(fields) ? fields : {};
    this.#place = place;
    this.#problems = problems;
  }

  text(name: string, { nullable = false }: { nullable?: boolean } = {}): string | undefined {
    const value = this.#fields[name];
    if (typeof value === 'string') return value;
    if (value !== undefined && !(nullable && value === null)) this.#addProblem(name, `${show(value)} is not a string.`);
    return undefined;
  }

  requiredText(name: string): string {
    if (this.#fields[name] === undefined) this.#problems.push(`"${name}" wasn't supplied.`);
    return this.text(name) ?? '';
  }

  flag(name: string): boolean | undefined {
    const value = this.#fields[name];
    if (value === undefined || typeof value === 'boolean') return value;
    this.#addProblem(name, `${show(value)} is not a boolean.`);
    return undefined;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = values.find((allowed) => allowed === value);
    if (value !== undefined && found === undefined) {
      this.#addProblem(name, `${show(value)} is not a member of ${JSON.stringify(values)}.`);
    }
    return found;
  }

  requiredOneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    if (this.#fields[name] === undefined) this.#problems.push(`"${name}" wasn't supplied.`);
    return this.oneOf(name, values) ?? values[0];
  }

  list(name: string, { maxItems = Number.MAX_SAFE_INTEGER }: { maxItems?: number } = {}): unknown[] | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      this.#addProblem(name, `${show(value)} is not an array.`);
      return undefined;
    }
    if (value.length > maxItems) {
      this.#problems.push(`No more than ${maxItems} items are allowed; ${value.length} were supplied.`);
    }
    return value;
  }

  texts(name: string): string[] | undefined {
    return this.list(name)?.flatMap((item, index) => {
      if (typeof item === 'string') return [item];
      this.#addProblem(`${name}/items/${index}`, `${show(item)} is not a string.`);
      return [];
    });
  }

  objectOrText(name: string): Record<string, unknown> | string | undefined {
    const value = this.#fields[name];
    if (value === undefined || typeof value === 'string' || isObject(value)) return value;
    this.#addProblem(name, `${show(value)} is not an object or a string.`);
    return undefined;
  }

  /** The fields of an object in a field; undefined if it is absent. */
  object(name: string): BodyFields | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (!isObject(value)) this.#addProblem(name, `${show(value)} is not an object.`);
    return new BodyFields(value, `${this.#place}properties/${name}/`, this.#problems);
  }

  requiredInteger(name: string): void {
    const value = this.#fields[name];
    if (value === undefined) this.#problems.push(`"${name}" wasn't supplied.`);
    else if (!Number.isInteger(value)) this.#addProblem(name, `${show(value)} is not an integer.`);
  }

  /** The fields of an object in a list. */
  item(name: string, index: number, value: unknown): BodyFields {
    if (!isObject(value)) this.#addProblem(`${name}/items/${index}`, `${show(value)} is not an object.`);
    return new BodyFields(value, `${this.#place}properties/${name}/items/${index}/`, this.#problems);
  }

  limit(text: string | undefined, maxLength: number): void {
    const length = countCharacters(text ?? '');
    if (length > maxLength) {
      this.#problems.push(`Only ${maxLength} characters are allowed; ${length} were supplied.`);
    }
  }

  /** 422 if anything was wrong. */
  createError(docs: string): BodyAnswer | undefined {
    if (this.#problems.length === 0) return undefined;
    return createGitHubError(422, `Invalid request.\n\n${this.#problems.join('\n')}`, docs);
  }

  #addProblem(name: string, problem: string): void {
    this.#problems.push(`For '${this.#place}properties/${name}', ${problem}`);
  }
}

/** GitHub counts characters, not the units of UTF-16. */
export function countCharacters(text: string): number {
  return [...text].length;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === null ? 'nil' : JSON.stringify(value);
}
