import type { RecordedRequest } from './types.ts';

/** Shorter ones are found in a body by chance. */
const MIN_LENGTH_IN_TEXT = 12;

/**
 * Whether a request carries one of these credentials: in a header, in its address, or in its body as far as that was
 * read, or in a body that is not kept. A body that was broken off is looked at too.
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
