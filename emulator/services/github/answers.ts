import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';

/** Where GitHub's errors point to when the path is of no endpoint. */
export const REST_DOCS = 'https://docs.github.com/rest';

const JSON_TYPE = 'application/json; charset=utf-8';

/** One entry of `errors` of a failed validation (GitHub's OpenAPI description, `validation-error`). */
export interface ValidationError {
  resource: string;
  field?: string;
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  message?: string;
  /** Of a deployment that waits for commit statuses. */
  contexts?: readonly { context: string; state: string }[];
}

export function createGitHubAnswer(status: number, body: unknown, headers: Record<string, string> = {}): BodyAnswer {
  return createJsonAnswer(status, body, { 'content-type': JSON_TYPE, ...headers });
}

/** An error in GitHub's form (OpenAPI description, `basic-error`): the status is repeated, as a string. */
export function createGitHubError(status: number, message: string, docs: string = REST_DOCS): BodyAnswer {
  return createGitHubAnswer(status, { message, documentation_url: docs, status: `${status}` });
}

export function createNotFound(docs: string): BodyAnswer {
  return createGitHubError(404, 'Not Found', docs);
}

/** A failed validation (GitHub's documentation, "Troubleshooting the REST API", "Validation failed"). */
export function createValidationError(
  docs: string,
  errors: readonly ValidationError[],
  { status = 422, message = 'Validation Failed' }: { status?: number; message?: string } = {},
): BodyAnswer {
  return createGitHubAnswer(status, { message, errors, documentation_url: docs, status: `${status}` });
}

/** An id of GitHub's GraphQL API: a prefix for the type of object, and the rest, which is opaque to clients. */
export function createNodeId(prefix: string, id: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(id));
  return `${prefix}_kwDOAB${bytes.toString('base64url')}`;
}

/** GitHub gives times in whole seconds. */
export function renderTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
