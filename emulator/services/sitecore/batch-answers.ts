import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';
import { createBatchError } from './api-answers.ts';
import type { SitecoreSettings } from './options.ts';
import type { BatchRecord } from './records.ts';
import { BATCH_STATUSES, isOver } from './records.ts';

const LISTED_MS = 30 * 24 * 3_600_000;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

export interface RenderParts {
  origin: string;
  /** `status.code`. */
  status: string;
  logUrl: string | undefined;
  hasLocation: boolean;
  counts: Partial<Record<'read' | 'processed' | 'failed', number>> | undefined;
  settings: Pick<SitecoreSettings, 'renderCounts'>;
}

/** A batch in the service's words (API document, section 3). Counts are there once it is being processed. */
export function renderBatch(
  batch: BatchRecord,
  { origin, status, logUrl, hasLocation, counts, settings }: RenderParts,
) {
  const { ref, md5: checksum, sizeBytes: size, href, expiry, recordCount, rejectedCount, createdAtMs } = batch;
  const isCounted = isOver(batch) || status === 'processing';
  const durationMs = (batch.endedAtMs ?? Date.now()) - createdAtMs;
  const real = { durationMs, read: recordCount, processed: recordCount - rejectedCount, failed: rejectedCount };
  return {
    href: `${origin}/v2/batches/${ref}`,
    ref,
    checksum,
    size,
    ...(hasLocation && { location: { href, expiry } }),
    status: { code: status, ...(logUrl !== undefined && { log: logUrl }) },
    ...(isCounted && settings.renderCounts({ ...real, ...counts })),
    createdAt: new Date(createdAtMs).toISOString(),
    modifiedAt: new Date(batch.modifiedAtMs).toISOString(),
  };
}

/** `GET /v2/batches/inspect`: "the batches of the last 30 days", here the newest first. */
export function answerListBatches(
  url: URL,
  batches: readonly BatchRecord[],
  render: (batch: BatchRecord) => object,
): BodyAnswer {
  const query = url.searchParams;
  const limit = readInteger(query, 'limit', DEFAULT_LIMIT);
  const offset = readInteger(query, 'offset', 0);
  if (limit === undefined || limit < 1) return createBatchError(400, 'limit must be a whole number of 1 or more');
  if (offset === undefined) return createBatchError(400, 'offset must be a whole number of 0 or more');
  const statuses = query.getAll('status').flatMap((text) => text.split(','));
  const wrong = statuses.find((status) => !BATCH_STATUSES.some((known) => known === status));
  if (wrong !== undefined) return createBatchError(400, `status must be of ${BATCH_STATUSES.join(', ')}`);
  const found = batches
    .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    .filter(({ createdAtMs }) => createdAtMs > Date.now() - LISTED_MS)
    .reverse();
  const perPage = Math.min(limit, MAX_LIMIT);
  const items = found.slice(offset, offset + perPage).map(render);
  return createJsonAnswer(200, {
    href: `${url.origin}${url.pathname}`,
    offset,
    limit: perPage,
    total: found.length,
    items,
  });
}

function readInteger(query: URLSearchParams, name: string, fallback: number): number | undefined {
  const text = query.get(name);
  if (text === null) return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
