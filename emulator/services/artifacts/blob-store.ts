import { randomBytes } from 'node:crypto';
import type { Answer } from '../../answers.ts';
import { answerRead } from './blob-reads.ts';
import type { BlobGrant } from './blob-signature.ts';
import { createBlobQuery, findSignatureFault, isPermitted } from './blob-signature.ts';
import { answerPutBlob, answerPutBlock, answerPutBlockList, refuse } from './blob-writes.ts';
import { Blobs } from './blobs.ts';
import type { ArtifactExchange } from './exchange.ts';

/** The part of Azure Blob Storage that lies behind signed URLs of artifacts (Azure's documentation, "Blob service REST API"). */
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

  async answer(exchange: ArtifactExchange): Promise<Answer> {
    const { call, request, url } = exchange;
    const fault = findSignatureFault(this.#key, url.pathname, url.searchParams);
    if (fault !== undefined) return refuse(exchange, 'AuthenticationFailed', fault.detail);
    // Two ways to say who one is are one too many.
    if (request.headers.authorization !== undefined) return refuse(exchange, 'AuthenticationFailed');
    const needed = request.method === 'PUT' ? 'w' : 'r';
    if (!isPermitted(url.searchParams, needed)) return refuse(exchange, 'AuthorizationPermissionMismatch');
    switch (call) {
      case 'artifacts.putBlock':
        return answerPutBlock(exchange, this.blobs);
      case 'artifacts.putBlockList':
        return answerPutBlockList(exchange, this.blobs);
      case 'artifacts.putBlob':
        return answerPutBlob(exchange, this.blobs);
      case 'artifacts.getBlob':
      case 'artifacts.getBlobProperties':
        return answerRead(exchange, this.blobs.find(url.pathname));
      default:
        return refuse(exchange, 'UnsupportedHttpVerb');
    }
  }
}
