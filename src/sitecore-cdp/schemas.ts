import { z } from 'zod';
import { BATCH_STATUSES, type BatchState } from '../domain/batch/batch.ts';
import { readCounts } from './counts.ts';

/**
 * Answers of the Batch API, from unknown to typed (API document, section 3). Unknown fields are let through, and what is
 * odd where nothing depends on it is as good as missing: the document gives few examples.
 */

/** A batch as the answers have it; its URLs are texts yet. */
export interface ReadBatch extends BatchState {
  location: { href: string; expiresAt: Date | undefined } | undefined;
  log: string | undefined;
}

/** Up to this number a time is in seconds since 1970, above it in milliseconds: the year 5138, and March of 1973. */
const MOST_SECONDS = 100_000_000_000;
/** 2001: what is before is no time of these days, but something else, such as a duration. */
const EARLIEST_MS = 1_000_000_000_000;

/** A word of the service's own, known to this version or not. */
const word = z
  .string()
  .regex(/^[\w .-]{1,60}$/)
  .transform((text) => BATCH_STATUSES.find((known) => known === text.toLowerCase()) ?? text);
const href = z.string().min(1).nullish().catch(undefined);

const status = z.union([
  word.transform((code) => ({ code, log: undefined })),
  z.object({ code: word, log: z.union([href, z.object({ href })]).catch(undefined) }),
]);

/** In which form the service gives times is not documented. */
const moment = z
  .union([z.number().transform(millisecondsOf), z.string().transform(parseTime)])
  .refine((ms) => ms >= EARLIEST_MS)
  .transform((ms) => new Date(ms))
  .refine((date) => !Number.isNaN(date.getTime()))
  .nullish()
  .catch(undefined);

const location = z.union([
  z
    .string()
    .min(1)
    .transform((text) => ({ href: text, expiry: undefined })),
  z.object({ href: z.string().min(1), expiry: moment }),
]);

const batch = z.object({
  ref: z.string().nullish().catch(undefined),
  checksum: z
    .string()
    .regex(/^[0-9a-f]{32}$/i)
    .transform((hex) => hex.toLowerCase())
    .nullish()
    .catch(undefined),
  size: z.int().min(0).nullish().catch(undefined),
  location: location.nullish().catch(undefined),
});

/** @param ref of the batch that was asked for. @throws where the answer is of none, or of another one */
export function parseBatch(value: unknown, ref: string): ReadBatch {
  const { status: state } = z.object({ status }).parse(value);
  return { ...readBatch(value, ref), status: state.code, log: logOf(state.log) };
}

/** The answer to an allocation: what it is there for is the location. Without a status, it is being uploaded. */
export function parseAllocation(value: unknown, ref: string): ReadBatch {
  const { status: state } = z.object({ status: status.nullish() }).parse(value);
  return { ...readBatch(value, ref), status: state?.code ?? 'uploading', log: logOf(state?.log) };
}

function readBatch(value: unknown, ref: string): Omit<ReadBatch, 'status' | 'log'> {
  const answer = batch.parse(value);
  if (typeof answer.ref === 'string' && answer.ref.toLowerCase() !== ref.toLowerCase()) {
    throw new Error('the answer is about another batch');
  }
  const { checksum, size, location: place } = answer;
  return {
    ref: ref.toLowerCase(),
    ...(checksum ? { md5: checksum } : {}),
    ...(typeof size === 'number' ? { sizeBytes: size } : {}),
    counts: readCounts(value),
    location: place ? { href: place.href, expiresAt: place.expiry ?? undefined } : undefined,
  };
}

function logOf(log: string | { href?: string | null | undefined } | null | undefined): string | undefined {
  return (typeof log === 'object' ? log?.href : log) ?? undefined;
}

/** A time without a zone is UTC, as JSON has it, and not that of the runner. */
function parseTime(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return millisecondsOf(Number(text));
  return Date.parse(/^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text) ? `${text}Z` : text);
}

function millisecondsOf(time: number): number {
  return time > MOST_SECONDS ? time : time * 1000;
}
