import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';

/** Twirp's codes and their statuses (Twirp's specification, version 7, "Error codes"). */
const STATUSES = {
  already_exists: 409,
  bad_route: 404,
  failed_precondition: 412,
  internal: 500,
  invalid_argument: 400,
  malformed: 400,
  not_found: 404,
  permission_denied: 403,
  resource_exhausted: 429,
  unauthenticated: 401,
  unavailable: 503,
} as const;

export type TwirpCode = keyof typeof STATUSES;

export function createTwirpError(code: TwirpCode, message: string): BodyAnswer {
  return createJsonAnswer(STATUSES[code], { code, msg: message });
}

/** An error of any status, for a fault. */
export function createTwirpStatus(status: number): BodyAnswer {
  const code = Object.entries(STATUSES).find(([, known]) => known === status)?.[0] ?? 'internal';
  return createJsonAnswer(status, { code, msg: 'a fault that was asked for' });
}

/** The fields of a request in the JSON form of protobuf: a field has its own name, or that in camel case. */
export class TwirpFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(body: unknown) {
    this.#fields = typeof body === 'object' && body !== null ? { ...body } : {};
  }

  /** A string, or an `int64`, which JSON carries as a string; undefined if it is absent or empty. */
  text(name: string): string | undefined {
    const camelCase = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = this.#fields[name] ?? this.#fields[camelCase];
    if (typeof value === 'number') return `${value}`;
    return typeof value === 'string' && value !== '' ? value : undefined;
  }
}
