import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BodyAnswer } from '../../answers.ts';
import { ConnectionGone, drain } from '../../request-body.ts';
import type { SitecoreSettings } from './options.ts';
import type { BatchRecord, ReceivedFile } from './records.ts';
import { createStoreAnswer, createStoreError } from './store-answers.ts';
import type { SignatureFault } from './v4-signature.ts';
import { createPresignedUrl, findSignatureFault } from './v4-signature.ts';

/** Path of the bucket in which the store has files and error logs. */
export const BUCKET_PATH = '/sitecore-batches';

const TENANT = 'emulated';
/** Of a URL that was signed too long ago. */
const STALE_MS = 1000;

/** "A presigned URL over `content-md5;host;x-amz-server-side-encryption`": API document, section 3. */
const ENCRYPTION = { 'x-amz-server-side-encryption': 'AES256' };

type StoreSettings = Pick<SitecoreSettings, 'storeKey' | 'locationLifeSeconds' | 'logLifeSeconds'>;

/** The store behind the locations and the error logs: verifies what S3 verifies, in its words. */
export class BatchStore {
  readonly #settings: StoreSettings;
  readonly #directory: string;
  /** When a shortened life of a URL is over, by its signature: its own field holds whole seconds. */
  readonly #endsAtMs = new Map<string, number>();

  /** @param directory where files are stored */
  constructor(settings: StoreSettings, directory: string) {
    this.#settings = settings;
    this.#directory = directory;
  }

  /** @param isStale whether it has expired already */
  signLocation(origin: string, { ref, md5 }: Pick<BatchRecord, 'ref' | 'md5'>, isStale: boolean): string {
    const headers = { 'content-md5': Buffer.from(md5, 'hex').toString('base64'), ...ENCRYPTION };
    const url = `${origin}${BUCKET_PATH}/${TENANT}/${ref}/import.gz`;
    return this.#sign('PUT', url, headers, isStale, this.#settings.locationLifeSeconds);
  }

  signLog(origin: string, ref: string, isStale: boolean): string {
    const url = `${origin}${BUCKET_PATH}/${TENANT}/${ref}/errors.gz`;
    return this.#sign('GET', url, {}, isStale, this.#settings.logLifeSeconds);
  }

  /** `PUT {location.href}`: what is stored is given to `onStored` before the answer. */
  async answerUpload(
    request: IncomingMessage,
    url: URL,
    chunks: AsyncIterable<Buffer>,
    batch: BatchRecord | undefined,
    onStored: (file: ReceivedFile) => void,
  ): Promise<BodyAnswer> {
    const fault = this.#findFault(request, url) ?? findLengthFault(request);
    if (fault !== undefined || batch === undefined) {
      await drain(chunks);
      return createStoreError(fault ?? { status: 404, code: 'NoSuchKey', message: 'The key does not exist.' });
    }
    const { 'content-type': contentType, 'content-md5': md5 } = request.headers;
    const file = await this.receive(chunks, batch.ref, contentType, `${md5}`);
    if (file === 'bad-digest') {
      const message = 'The Content-MD5 you specified did not match what we received.';
      return createStoreError({ status: 400, code: 'BadDigest', message });
    }
    onStored(file);
    return createStoreAnswer({ etag: `"${file.md5}"`, ...ENCRYPTION });
  }

  /** `GET {status.log}`. */
  async answerLog(request: IncomingMessage, url: URL, batch: BatchRecord | undefined): Promise<BodyAnswer> {
    const fault = this.#findFault(request, url);
    if (fault !== undefined) return createStoreError(fault);
    if (batch?.logPath === undefined) {
      return createStoreError({ status: 404, code: 'NoSuchKey', message: 'The specified key does not exist.' });
    }
    return createStoreAnswer({ 'content-type': 'application/gzip', ...ENCRYPTION }, await readFile(batch.logPath));
  }

  /** Puts a file on disk. What breaks off, or has another digest than it should, leaves nothing behind. */
  async receive(
    chunks: AsyncIterable<Buffer>,
    ref: string,
    contentType?: string,
    md5Base64?: string,
  ): Promise<ReceivedFile | 'bad-digest'> {
    const hash = createHash('md5');
    let sizeBytes = 0;
    const path = join(this.#directory, `batch-${ref}.gz`);
    // Two uploads to one URL may overlap; what is not complete must never be seen.
    const partPath = `${path}.${randomUUID()}.part`;
    const count = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    };
    try {
      await pipeline(chunks, count, createWriteStream(partPath));
    } catch (error) {
      await rm(partPath, { force: true });
      throw error instanceof ConnectionGone ? error : new ConnectionGone({ cause: error });
    }
    const digest = hash.digest();
    if (md5Base64 !== undefined && digest.toString('base64') !== md5Base64) {
      await rm(partPath, { force: true });
      return 'bad-digest';
    }
    await rename(partPath, path);
    return { path, md5: digest.toString('hex'), sizeBytes, contentType };
  }

  #sign(method: string, href: string, headers: Record<string, string>, isStale: boolean, lifeSeconds: number): string {
    const url = new URL(href);
    const nowMs = Date.now();
    const expiresSeconds = Math.max(Math.ceil(lifeSeconds), 1);
    const signedAt = new Date(isStale ? nowMs - expiresSeconds * 1000 - STALE_MS : nowMs);
    const request = { method, url, headers: { ...headers, host: url.host } };
    const signed = createPresignedUrl(this.#settings.storeKey, request, { signedAt, expiresSeconds });
    this.#endsAtMs.set(signed.searchParams.get('X-Amz-Signature') ?? '', nowMs + lifeSeconds * 1000);
    return signed.href;
  }

  #findFault(request: IncomingMessage, url: URL): SignatureFault | undefined {
    if (request.headers.authorization !== undefined) {
      const message =
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';
      return { status: 400, code: 'InvalidArgument', message, details: { ArgumentName: 'Authorization' } };
    }
    const md5 = request.headers['content-md5'];
    if (md5 !== undefined && !/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(`${md5}`)) {
      return { status: 400, code: 'InvalidDigest', message: 'The Content-MD5 you specified was invalid.' };
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, `${value}`]));
    const signed = { method: request.method ?? '', url, headers };
    const fault = findSignatureFault(this.#settings.storeKey, signed, Date.now());
    const endsAtMs = this.#endsAtMs.get(url.searchParams.get('X-Amz-Signature') ?? '') ?? Number.POSITIVE_INFINITY;
    if (fault !== undefined || Date.now() <= endsAtMs) return fault;
    return { status: 403, code: 'AccessDenied', message: 'Request has expired' };
  }
}

function findLengthFault({ headers }: IncomingMessage): SignatureFault | undefined {
  if (headers['transfer-encoding'] !== undefined) {
    const message = 'A header you provided implies functionality that is not implemented';
    return { status: 501, code: 'NotImplemented', message, details: { Header: 'Transfer-Encoding' } };
  }
  if (headers['content-length'] !== undefined) return undefined;
  const message = 'You must provide the Content-Length HTTP header.';
  return { status: 411, code: 'MissingContentLength', message };
}
