import { HttpError } from '../src/net/errors.ts';

/** An answer that refuses a call, with a message as short as the test needs. */
export function httpError(status: number, message: string, options: { fix?: string } = {}): HttpError {
  const answer = { method: 'GET', url: new URL('https://example.com/'), status, headers: {} };
  return Object.assign(new HttpError('Asking', answer, options), { message });
}
