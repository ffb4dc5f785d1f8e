import { STATUS_CODES } from 'node:http';
import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';

/** An error of the Batch API. No document describes its shape: a status, a code and sentences. */
export function createBatchError(status: number, message = STATUS_CODES[status] ?? 'Error'): BodyAnswer {
  return createJsonAnswer(status, { status, code: status, message, developerMessage: message });
}

export function createUnauthorized(): BodyAnswer {
  const answer = createBatchError(401);
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="Sitecore CDP"' } };
}
