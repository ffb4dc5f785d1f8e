/** What uploads to object storage under signed URLs have in common (Google's, S3 and what speaks like it). */
import { HttpError, type NetworkError } from './errors.ts';

export const STORAGE_TIMES = { stallMs: 30_000, answerMs: 60_000 } as const;
export const STORAGE_RETRIES = 4;

/** S3's error codes, sent as a 400, for a missing or incomplete body. */
const TROUBLE_CODES: ReadonlySet<string> = new Set(['RequestTimeout', 'IncompleteBody']);
/** Parameters of a signed URL that make it a credential: Google's, AWS's V4 and V2. */
const SECRET_PARAMETERS = [
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Security-Token',
  'X-Amz-Credential',
  'Signature',
  'AWSAccessKeyId',
];
/** Anything shorter occurs in too many words to be removed from a log. */
const SHORTEST_SECRET = 4;

/** A failure that says nothing about the URL or the file: repeating the request may help. */
export function isStorageTrouble(error: HttpError | NetworkError): boolean {
  if (error.transient) return true;
  return error instanceof HttpError && TROUBLE_CODES.has(error.serverCode ?? '');
}

/** The parts of a signed URL that must be masked. @param text as given; @param url the same, parsed */
export function secretsOfSignedUrl(text: string, url: URL): string[] {
  const names = SECRET_PARAMETERS.map((name) => name.toLowerCase());
  const written = url.search
    .slice(1)
    .split('&')
    .map((pair) => pair.split(/=(.*)/s))
    .filter(([name = '']) => names.includes(name.toLowerCase()))
    .map(([, value = '']) => value);
  const values = [...url.searchParams].filter(([name]) => names.includes(name.toLowerCase())).map(([, value]) => value);
  return [...new Set([text, url.href, ...values, ...written])].filter(({ length }) => length >= SHORTEST_SECRET);
}
