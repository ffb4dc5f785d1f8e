/** What uploads to object storage under signed URLs have in common (Google's, S3 and what speaks like it). */
import { HttpError, type NetworkError } from './errors.ts';

export const STORAGE_TIMES = { stallMs: 30_000, answerMs: 60_000 } as const;
export const STORAGE_RETRIES = 4;

/** S3's words, sent as a 400, for a body that did not come, or not all of it. */
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
/** What is shorter is in too many words to be taken out of a log. */
const SHORTEST_SECRET = 4;

/** A failure that says nothing about the URL or the file: the same again may help. */
export function isStorageTrouble(error: HttpError | NetworkError): boolean {
  if (error.transient) return true;
  return error instanceof HttpError && TROUBLE_CODES.has(error.serverCode ?? '');
}

/** What must be masked of a signed URL. @param text as it was given; @param url the same, parsed */
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
