import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Of AWS: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)". */

export interface StoreKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What a signature is made over. */
export interface SignedRequest {
  method: string;
  /** Its query, without the signature, is signed too. */
  url: URL;
  /** By lower-case name; when signing, all of them are signed. */
  headers: Readonly<Record<string, string>>;
}

export interface SigningTime {
  signedAt: Date;
  expiresSeconds: number;
}

export const REGION = 'eu-west-1';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 604_800;
const CLOCK_SKEW_MS = 15 * 60_000;

/** What is wrong with a signed URL, in S3's words. */
export interface SignatureFault {
  status: number;
  code: string;
  message: string;
  /** Further elements of S3's answer. */
  details?: Readonly<Record<string, string>>;
}

/** The URL with its signature: it allows this one request until it expires. The body is free. */
export function createPresignedUrl(
  key: StoreKey,
  request: SignedRequest,
  { signedAt, expiresSeconds }: SigningTime,
  region = REGION,
): URL {
  const date = signedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = renderScope(date, region);
  const names = Object.keys(request.headers).sort();
  const url = new URL(request.url);
  const fields = {
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${key.accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': `${expiresSeconds}`,
    'X-Amz-SignedHeaders': names.join(';'),
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  const signature = computeSignature(key, { ...request, url }, { date, scope, names });
  url.searchParams.set('X-Amz-Signature', signature);
  // URLSearchParams writes a blank as a plus sign, which S3 does not take for one.
  url.search = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return url;
}

/** Undefined where the request is the one that was signed, and is in time. */
export function findSignatureFault(key: StoreKey, request: SignedRequest, nowMs: number): SignatureFault | undefined {
  const query = request.url.searchParams;
  const parsed = parseQuery(query);
  if ('code' in parsed) return parsed;
  const { accessKeyId, scope, date, names, expiresSeconds } = parsed;
  if (accessKeyId !== key.accessKeyId) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return { status: 403, code: 'InvalidAccessKeyId', message };
  }
  if (scope !== renderScope(date, REGION)) {
    return malformed('Error parsing the X-Amz-Credential parameter; its scope is wrong');
  }
  const signedAtMs = parseDate(date);
  if (signedAtMs > nowMs + CLOCK_SKEW_MS) return denied('Request is not yet valid');
  if (nowMs > signedAtMs + expiresSeconds * 1000) {
    return denied('Request has expired', { 'X-Amz-Expires': `${expiresSeconds}` });
  }
  const unsigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !names.includes(name));
  if (unsigned.length > 0 || !names.includes('host')) {
    const message = 'There were headers present in the request which were not signed';
    return denied(message, { HeadersNotSigned: unsigned.join(', ') || 'host' });
  }
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '');
  const expected = Buffer.from(computeSignature(key, request, { date, scope, names }));
  if (given.length === expected.length && timingSafeEqual(given, expected)) return undefined;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return { status: 403, code: 'SignatureDoesNotMatch', message };
}

function parseQuery(query: URLSearchParams) {
  const field = (name: string) => query.get(name) ?? '';
  const given = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'].map((name) =>
    query.has(`X-Amz-${name}`),
  );
  if (!given.includes(true)) return denied('Access Denied');
  const expiresSeconds = Number(field('X-Amz-Expires'));
  const date = field('X-Amz-Date');
  if (given.includes(false) || field('X-Amz-Algorithm') !== ALGORITHM) {
    const message =
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.';
    return malformed(message);
  }
  if (!/^\d{8}T\d{6}Z$/.test(date)) return malformed('X-Amz-Date must be in the ISO8601 Long Format');
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 0) return malformed('X-Amz-Expires should be a number');
  if (expiresSeconds > MAX_EXPIRES_SECONDS) {
    return malformed('X-Amz-Expires must be less than a week (in seconds) that is 604800');
  }
  const [accessKeyId = '', ...scope] = field('X-Amz-Credential').split('/');
  return { accessKeyId, scope: scope.join('/'), date, expiresSeconds, names: field('X-Amz-SignedHeaders').split(';') };
}

interface Signing {
  /** As in `X-Amz-Date`. */
  date: string;
  scope: string;
  /** Of the signed headers. */
  names: readonly string[];
}

function renderScope(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/s3/aws4_request`;
}

/** The name is whatever the URL says. */
function readHeader({ headers }: SignedRequest, name: string): string {
  return (Object.hasOwn(headers, name) ? headers[name] : undefined) ?? '';
}

function computeSignature(
  { secretAccessKey }: StoreKey,
  request: SignedRequest,
  { date, scope, names }: Signing,
): string {
  const query = [...request.url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [other, otherValue]) => compare(name, other) || compare(value, otherValue));
  const canonicalRequest = [
    request.method,
    decodeURIComponent(request.url.pathname).split('/').map(encode).join('/'),
    query.map((pair) => pair.join('=')).join('&'),
    ...names.map((name) => `${name}:${readHeader(request, name).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hash = createHash('sha256').update(canonicalRequest).digest('hex');
  const text = [ALGORITHM, date, scope, hash].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** RFC 3986, as AWS wants it. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function parseDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function denied(message: string, details: Readonly<Record<string, string>> = {}): SignatureFault {
  return { status: 403, code: 'AccessDenied', message, details };
}

function malformed(message: string): SignatureFault {
  return { status: 400, code: 'AuthorizationQueryParametersError', message };
}
