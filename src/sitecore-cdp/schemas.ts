import * as z from 'zod/mini';
import { BATCH_STATUSES, type BatchState } from '../domain/batch/batch.ts';
import { mapped, nonNegativeInt, orMissing, someText } from '../schema.ts';
import { readCounts } from './counts.ts';

/**
 * Parses responses of the Batch API (API document, section 3). Unknown fields are ignored, and unexpected values count as
 * missing where nothing depends on them: the document gives few examples.
 */

/** A batch of a response, with URLs as strings. */
export interface ReadBatch extends BatchState {
  location: { href: string; expiresAt: Date | undefined } | undefined;
  log: string | undefined;
}

/** Up to this number a time is in seconds since 1970, above it in milliseconds: the year 5138 or March 1973. */
const MOST_SECONDS = 100_000_000_000;
/** 2001: an earlier time is something else, such as a duration. */
const EARLIEST_MS = 1_000_000_000_000;

/** A status, known to this version or not. */
const word = mapped(
  z.string().check(z.regex(/^[\w .-]{1,60}$/)),
  (text) => BATCH_STATUSES.find((known) => known === text.toLowerCase()) ?? text,
);
const href = orMissing(someText);

const status = z.union([
  mapped(word, (code) => ({ code, log: undefined })),
  z.object({ code: word, log: z.catch(z.union([href, z.object({ href })]), undefined) }),
]);

/** The format of times is not documented. */
const milliseconds = z
  .union([mapped(z.number(), millisecondsOf), mapped(z.string(), parseTime)])
  .check(z.refine((ms) => ms >= EARLIEST_MS));
const moment = orMissing(
  mapped(milliseconds, (ms) => new Date(ms)).check(z.refine((date) => !Number.isNaN(date.getTime()))),
);

const location = z.union([
  mapped(someText, (text) => ({ href: text, expiry: undefined })),
  z.object({ href: someText, expiry: moment }),
]);

const batch = z.object({
  ref: orMissing(z.string()),
  checksum: orMissing(mapped(z.string().check(z.regex(/^[0-9a-f]{32}$/i)), (hex) => hex.toLowerCase())),
  size: orMissing(nonNegativeInt),
  location: orMissing(location),
});

/** @param ref of the requested batch. @throws if the response has no batch, or another one */
export function parseBatch(value: unknown, ref: string): ReadBatch {
  const { status: state } = z.object({ status }).parse(value);
  return { ...readBatch(value, ref), status: state.code, log: logOf(state.log) };
}

/** The response to an allocation, which may lack the status: the batch is then `uploading`. */
export function parseAllocation(value: unknown, ref: string): ReadBatch {
  const { status: state } = z.object({ status: z.nullish(status) }).parse(value);
  return { ...readBatch(value, ref), status: state?.code ?? 'uploading', log: logOf(state?.log) };
}

function readBatch(value: unknown, ref: string): Omit<ReadBatch, 'status' | 'log'> {
  const answer = batch.parse(value);
  if (typeof answer.ref === 'string' && answer.ref.toLowerCase() !== ref.toLowerCase()) {
    throw new Error('the response is about another batch');
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

/** A time without a zone is UTC, not the zone of the runner. */
function parseTime(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return millisecondsOf(Number(text));
  return Date.parse(/^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text) ? `${text}Z` : text);
}

function millisecondsOf(time: number): number {
  return time > MOST_SECONDS ? time : time * 1000;
}
