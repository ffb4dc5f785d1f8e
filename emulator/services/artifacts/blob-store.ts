import { randomBytes } from 'node:crypto';
import type { Answer } from '../../answers.ts';
import type { Exchange } from '../../service.ts';
import { rejectBlobRequest } from './blob-answers.ts';
import type { BlobGrant } from './blob-signature.ts';
import { createBlobQuery, findSignatureProblem, isPermitted } from './blob-signature.ts';
import { Blobs } from './blobs.ts';

/** What is done with the blob at the path of a request. */
export type BlobOperation = (exchange: Exchange, blobs: Blobs) => Answer | Promise<Answer>;

/** The part of Azure Blob Storage that is behind signed URLs of artifacts (Azure's documentation, "Blob service REST API"). */
export class BlobStore {
  readonly blobs: Blobs;
  readonly #key = randomBytes(32);

  constructor(directory: string) {
    this.blobs = new Blobs(directory);
  }

  /** A URL that opens one blob, for a time, to whoever has it. */
  createUrl(origin: string, grant: Omit<BlobGrant, 'allowsHttp'>): string {
    const query = createBlobQuery(this.#key, { ...grant, allowsHttp: origin.startsWith('http:') });
    return `${origin}${grant.path}?${query}`;
  }

  /** Does it if the signature of the request's URL permits it. */
  async answer(exchange: Exchange, operation: BlobOperation): Promise<Answer> {
    const { request, url } = exchange;
    const problem = findSignatureProblem(this.#key, url.pathname, url.searchParams);
    if (problem !== undefined) return rejectBlobRequest(exchange, 'AuthenticationFailed', problem);
    // A signature and a token are one authentication too many.
    if (request.headers.authorization !== undefined) return rejectBlobRequest(exchange, 'AuthenticationFailed');
    const needed = request.method === 'PUT' ? 'w' : 'r';
    if (!isPermitted(url.searchParams, needed)) return rejectBlobRequest(exchange, 'AuthorizationPermissionMismatch');
    return operation(exchange, this.blobs);
  }
}
