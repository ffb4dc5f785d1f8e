import type { BodyAnswer } from '../../answers.ts';
import type { Endpoint, Exchange } from '../../service.ts';
import { BUCKET_PATH } from './batch-store.ts';
import type { Sitecore } from './sitecore.ts';

export interface SitecoreEndpoint extends Endpoint {
  /** Whether it belongs to the store, which no credentials may ever reach. */
  readonly isStore: boolean;
  answer(sitecore: Sitecore, exchange: Exchange, isBodyInvalid: boolean): BodyAnswer | Promise<BodyAnswer>;
}

/** The calls of the API document, section 3, and what goes through the signed URLs that they give. */
export const SITECORE_ENDPOINTS = [
  {
    call: 'allocateBatch',
    method: 'PUT',
    path: '/v2/batches/:ref',
    isStore: false,
    answer: (sitecore, exchange, isBodyInvalid) => sitecore.answerAllocate(exchange, isBodyInvalid),
  },
  {
    call: 'listBatches',
    method: 'GET',
    path: '/v2/batches/inspect',
    isStore: false,
    answer: (sitecore, { url }) => sitecore.answerList(url),
  },
  {
    call: 'inspectBatch',
    method: 'GET',
    path: '/v2/batches/inspect/:ref',
    isStore: false,
    answer: (sitecore, exchange) => sitecore.answerBatch(exchange, (status) => status),
  },
  {
    call: 'batch',
    method: 'GET',
    path: '/v2/batches/:ref',
    isStore: false,
    // "GET /v2/batches/{ref} (or /v2/batches/inspect/{ref}, which also knows file_uploaded)".
    answer: (sitecore, exchange) =>
      sitecore.answerBatch(exchange, (status) => (status === 'file_uploaded' ? 'uploading' : status)),
  },
  {
    call: 'uploadBatch',
    method: 'PUT',
    path: `${BUCKET_PATH}/:tenant/:ref/*`,
    isStore: true,
    answer: (sitecore, exchange) => sitecore.answerUpload(exchange),
  },
  {
    call: 'batchLog',
    method: 'GET',
    path: `${BUCKET_PATH}/:tenant/:ref/*`,
    isStore: true,
    answer: (sitecore, exchange) => sitecore.answerLog(exchange),
  },
] as const satisfies readonly SitecoreEndpoint[];

export type SitecoreCall = (typeof SITECORE_ENDPOINTS)[number]['call'];
