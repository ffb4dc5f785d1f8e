import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed URL fixes; everything else about the request is free. */
export interface SignedRequest {
  method: string;
  host: string;
  path: string;
  contentType: string;
}

const ALGORITHM = 'GOOG4-RSA-SHA256';
const SIGNED_HEADERS = 'content-type;host';
const SERVICE_ACCOUNT = 'emulator@catalyst-emulator.iam.gserviceaccount.com';

/**
 * Query of a signed URL in the form of Google Cloud Storage V4 (API document, section 1, "The upload URL"). The signature
 * is an HMAC and not an RSA signature: no client can see the difference, since none has the key to check it.
 */
export function createSignedQuery(
  key: Buffer,
  request: SignedRequest,
  signedAt: Date,
  expiresSeconds: number,
): URLSearchParams {
  const date = signedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    'X-Goog-Algorithm': ALGORITHM,
    'X-Goog-Credential': `${SERVICE_ACCOUNT}/${date.slice(0, 8)}/auto/storage/goog4_request`,
    'X-Goog-Date': date,
    'X-Goog-Expires': `${expiresSeconds}`,
    'X-Goog-SignedHeaders': SIGNED_HEADERS,
  });
  query.set('X-Goog-Signature', computeSignature(key, request, query));
  return query;
}

/** True where the signature was made over this very request: method, host, path, content type, and the query itself. */
export function isSignatureValid(key: Buffer, request: SignedRequest, query: URLSearchParams): boolean {
  const given = Buffer.from(query.get('X-Goog-Signature') ?? '');
  const expected = Buffer.from(computeSignature(key, request, query));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function computeSignature(key: Buffer, request: SignedRequest, query: URLSearchParams): string {
  const signedQuery = [...query]
    .filter(([name]) => name !== 'X-Goog-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  const canonicalRequest = [
    request.method,
    request.path,
    signedQuery.join('&'),
    `content-type:${request.contentType}`,
    `host:${request.host}`,
    SIGNED_HEADERS,
  ].join('\n');
  return createHmac('sha256', key).update(canonicalRequest).digest('hex');
}
