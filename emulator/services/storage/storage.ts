import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createEmptyAnswer, createXmlErrorAnswer } from '../../answers.ts';
import { dropOldest } from '../../kept-records.ts';
import { ConnectionGone, drain } from '../../request-body.ts';
import type { UploadRecord } from './records.ts';
import { createSignedQuery, isSignatureValid } from './signature.ts';

const BUCKET_PATH = '/storage/catalyst-emulator-bundles';
const CONTENT_TYPE = 'application/zip';

export interface StorageSettings {
  signatureLifeSeconds: number;
  /** Where uploads are stored. */
  directory: string;
  /** How many uploads are remembered; older ones are gone. */
  kept: number;
}

/** The store behind the signed upload URLs (API document, section 1, "The upload URL"). */
export class Storage {
  readonly uploads: UploadRecord[] = [];
  readonly #key = randomBytes(32);
  readonly #options: StorageSettings;

  constructor(options: StorageSettings) {
    this.#options = options;
  }

  find(uploadUuid: string): UploadRecord | undefined {
    return this.uploads.find((upload) => upload.uploadUuid === uploadUuid.toLowerCase());
  }

  /** `POST /infrastructure/deployments/uploads`. */
  async answerSign(origin: string): Promise<BodyAnswer> {
    const uploadUuid = randomUUID();
    const path = `${BUCKET_PATH}/${uploadUuid}/bundle.zip`;
    const signedAt = new Date();
    const query = createSignedQuery(
      this.#key,
      { method: 'PUT', host: new URL(origin).host, path, contentType: CONTENT_TYPE },
      signedAt,
      // The field holds whole seconds; the fraction of a shortened life is known here only.
      Math.ceil(this.#options.signatureLifeSeconds),
    );
    const uploadUrl = `${origin}${path}?${query}`;
    this.uploads.push({
      uploadUuid,
      uploadUrl,
      signedAtMs: signedAt.getTime(),
      state: 'signed',
      attempts: 0,
      path: undefined,
      sizeBytes: undefined,
      sha256: undefined,
      contentType: undefined,
      contentLength: undefined,
      transferEncoding: undefined,
    });
    await this.#dropOldest();
    return createDataAnswer({ upload_url: uploadUrl, upload_uuid: uploadUuid });
  }

  /** `PUT {upload_url}`: verified as the real store does, then streamed to disk. */
  async answerUpload(request: IncomingMessage, url: URL, chunks: AsyncIterable<Buffer>): Promise<BodyAnswer> {
    const upload = this.find(url.pathname.split('/').at(-2) ?? '');
    const problem = this.#findProblem(request, url, upload);
    if (problem !== undefined || upload === undefined) {
      await drain(chunks);
      return problem ?? createXmlErrorAnswer(404, 'NoSuchKey', 'The specified key does not exist.');
    }
    upload.attempts += 1;
    upload.contentType = request.headers['content-type'];
    upload.contentLength = request.headers['content-length'];
    upload.transferEncoding = request.headers['transfer-encoding'];
    await this.#store(upload, chunks);
    return createEmptyAnswer(200);
  }

  /** Removes the stored object, as the store does after its time limit. */
  async remove(uploadUuid: string): Promise<void> {
    const upload = this.find(uploadUuid);
    if (upload === undefined) return;
    upload.state = 'gone';
    if (upload.path !== undefined) await rm(upload.path, { force: true });
    upload.path = undefined;
  }

  async #dropOldest(): Promise<void> {
    const gone = dropOldest(this.uploads, this.#options.kept, () => true);
    await Promise.all(gone.map(({ path }) => path !== undefined && rm(path, { force: true })));
  }

  #findProblem(request: IncomingMessage, url: URL, upload: UploadRecord | undefined): BodyAnswer | undefined {
    if (request.headers['x-auth-token'] !== undefined) {
      return createXmlErrorAnswer(400, 'InvalidArgument', 'X-Auth-Token must not be sent to storage.');
    }
    const signed = {
      method: request.method ?? '',
      host: request.headers.host ?? '',
      path: url.pathname,
      contentType: request.headers['content-type'] ?? '',
    };
    if (upload === undefined || !isSignatureValid(this.#key, signed, url.searchParams)) {
      const message = 'Access denied. The request signature we calculated does not match the one you provided.';
      return createXmlErrorAnswer(403, 'SignatureDoesNotMatch', message);
    }
    if (Date.now() > upload.signedAtMs + this.#options.signatureLifeSeconds * 1000) {
      return createXmlErrorAnswer(400, 'ExpiredToken', 'The provided token has expired.');
    }
    if (request.headers['content-length'] === undefined) {
      return createXmlErrorAnswer(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
    }
    return undefined;
  }

  async #store(upload: UploadRecord, chunks: AsyncIterable<Buffer>): Promise<void> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const path = join(this.#options.directory, `${upload.uploadUuid}.zip`);
    // Two uploads to one URL may overlap; what is not complete must never be seen.
    const partPath = `${path}.${randomUUID()}.part`;
    try {
      await pipeline(
        chunks,
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            hash.update(chunk);
            sizeBytes += chunk.length;
            yield chunk;
          }
        },
        createWriteStream(partPath),
      );
      await rename(partPath, path);
    } catch (error) {
      await rm(partPath, { force: true });
      throw error instanceof ConnectionGone ? error : new ConnectionGone({ cause: error });
    }
    Object.assign(upload, { state: 'uploaded', path, sizeBytes, sha256: hash.digest('hex') });
  }
}
