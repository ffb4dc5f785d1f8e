import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** `sp` of a signature: create and write, or read. */
export type BlobPermission = 'cw' | 'r';

export interface BlobGrant {
  permission: BlobPermission;
  /** The blob's path, with account and container. */
  path: string;
  lifeSeconds: number;
  /** Whether plain http is allowed, as it is to an emulator. */
  allowsHttp: boolean;
  /** `rscd` and `rsct`: what the store answers as Content-Disposition and Content-Type. */
  contentDisposition?: string;
  contentType?: string;
}

const VERSION = '2025-11-05';

/** The fields that are signed, in this order, after `sp`, `st`, `se` and the resource. */
const SIGNED_FIELDS = [
  ...['skoid', 'sktid', 'skt', 'ske', 'sks', 'skv', 'saoid', 'suoid', 'scid', 'sip', 'spr', 'sv', 'sr'],
  ...['snapshot', 'ses', 'rscc', 'rscd', 'rsce', 'rscl', 'rsct'],
];

/**
 * Query of a URL with a user delegation SAS, the form that the artifact service hands out (Azure's documentation,
 * "Create a user delegation SAS"). The key is made up; only the store could notice.
 */
export function createBlobQuery(key: Buffer, grant: BlobGrant): URLSearchParams {
  const now = Date.now();
  const start = renderTime(now - 10_000);
  const expiry = renderTime(now + grant.lifeSeconds * 1000);
  const query = new URLSearchParams({
    ...(grant.contentDisposition !== undefined && { rscd: grant.contentDisposition }),
    ...(grant.contentType !== undefined && { rsct: grant.contentType }),
    se: expiry,
    ske: expiry,
    skoid: randomUUID(),
    sks: 'b',
    skt: start,
    sktid: randomUUID(),
    skv: VERSION,
    sp: grant.permission,
    spr: grant.allowsHttp ? 'https,http' : 'https',
    sr: 'b',
    st: start,
    sv: VERSION,
  });
  query.set('sig', computeSignature(key, grant.path, query));
  return query;
}

/** Why a signature does not open a blob, as Azure puts it; undefined if it is right, and in force now. */
export function findSignatureProblem(key: Buffer, path: string, query: URLSearchParams): string | undefined {
  const given = Buffer.from(query.get('sig') ?? '');
  const expected = Buffer.from(computeSignature(key, path, query));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return `Signature did not match. String to sign used was ${createStringToSign(path, query)}`;
  }
  const [start = 0, expiry = 0] = ['st', 'se'].map((name) => Date.parse(query.get(name) ?? ''));
  const now = Date.now();
  if (now >= start && now < expiry) return undefined;
  const [from, until, current] = [start, expiry, now].map((time) => new Date(time).toUTCString());
  return `Signature not valid in the specified time frame: Start [${from}] - Expiry [${until}] - Current [${current}]`;
}

/** A signature for writing opens nothing for reading, and vice versa. */
export function isPermitted(query: URLSearchParams, needed: 'w' | 'r'): boolean {
  return (query.get('sp') ?? '').includes(needed);
}

function computeSignature(key: Buffer, path: string, query: URLSearchParams): string {
  return createHmac('sha256', key).update(createStringToSign(path, query)).digest('base64');
}

function createStringToSign(path: string, query: URLSearchParams): string {
  const field = (name: string) => query.get(name) ?? '';
  return [...['sp', 'st', 'se'].map(field), `/blob${path}`, ...SIGNED_FIELDS.map(field)].join('\n');
}

function renderTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
