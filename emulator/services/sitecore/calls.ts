/** The calls of the API document, section 3, and what comes and goes by the signed URLs that they give. */
export const BATCH_CALLS = [
  'allocateBatch',
  'batch',
  'inspectBatch',
  'listBatches',
  'uploadBatch',
  'batchLog',
] as const;

export type BatchCall = (typeof BATCH_CALLS)[number];

/** Path of the bucket in which the store keeps files and error logs. */
export const BUCKET_PATH = '/sitecore-batches';

interface Pattern {
  call: BatchCall;
  method: string;
  path: RegExp;
}

const PATTERNS: readonly Pattern[] = [
  { call: 'allocateBatch', method: 'PUT', path: /^\/v2\/batches\/([^/]+)$/ },
  { call: 'listBatches', method: 'GET', path: /^\/v2\/batches\/inspect$/ },
  { call: 'inspectBatch', method: 'GET', path: /^\/v2\/batches\/inspect\/([^/]+)$/ },
  { call: 'batch', method: 'GET', path: /^\/v2\/batches\/([^/]+)$/ },
  { call: 'uploadBatch', method: 'PUT', path: /^\/sitecore-batches\/[^/]+\/([^/]+)\// },
  { call: 'batchLog', method: 'GET', path: /^\/sitecore-batches\/[^/]+\/([^/]+)\// },
];

/** Which call of batches a request is, with the ref in its path as it was sent; undefined: none. */
export function matchBatchCall(method: string, path: string): { call: BatchCall; uuid: string } | undefined {
  for (const pattern of PATTERNS) {
    const match = pattern.method === method ? pattern.path.exec(path) : null;
    if (match !== null) return { call: pattern.call, uuid: match[1] ?? '' };
  }
  return undefined;
}

export function isBatchCall(call: string): call is BatchCall {
  return BATCH_CALLS.some((known) => known === call);
}

/** Whether a call goes to the store, which no credentials may ever reach. */
export function isStoreCall(call: string): boolean {
  return call === 'uploadBatch' || call === 'batchLog';
}
