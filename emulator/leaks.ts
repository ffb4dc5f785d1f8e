import type { RecordedRequest } from './recorder.ts';
import type { Credentials, Exchange } from './service.ts';

/** Shorter ones are found in a body by chance. */
const MIN_LENGTH_IN_TEXT = 12;

/**
 * Whether a request carries one of these credentials: in a header, in its address, or in its body as far as that was
 * read, recorded or not.
 */
export function carriesAny(record: RecordedRequest, credentials: readonly string[], bytes?: Buffer): boolean {
  const words = new Set(Object.values(record.headers).flatMap((value) => value.split(/[\s,;]+/)));
  const texts = [record.path, ...Object.values(record.query), JSON.stringify(record.body) ?? ''].join('\n');
  return credentials.some(
    (credential) =>
      words.has(credential) ||
      (credential.length >= MIN_LENGTH_IN_TEXT && (texts.includes(credential) || bytes?.includes(credential) === true)),
  );
}

/** A message for each service whose credentials a request to this place carries. */
export function findLeaks(
  { record, unrecordedBody }: Exchange,
  foreign: readonly Credentials[],
  place: string,
): string[] {
  return foreign
    .filter((credentials) => carriesAny(record, credentials.list(), unrecordedBody))
    .map(({ subject }) => `${subject} sent to ${place}`);
}
