import { ActionError } from '../errors.ts';
import type { HttpAnswer } from '../net/call.ts';
import { HttpError, NetworkError } from '../net/errors.ts';
import { namedWaitOf, parseHttpDate } from '../net/rate-limit.ts';
import { repeatAlways } from '../net/retry.ts';
import { secretsOfSignedUrl } from '../net/storage.ts';
import type { Allocation, BatchAnswer, BatchClient, PollAnswer, SentFile, UploadLocation } from './batches.ts';
import { askOnce, type BatchClientOptions, callEndpoint, type Endpoint } from './endpoint.ts';
import { downloadLog } from './log.ts';
import { parseAllocation, parseBatch, type ReadBatch } from './schemas.ts';
import { uploadBatch } from './upload.ts';

const NOT_FOUND = 404;
const CONFLICT = 409;
/** Statuses that may be about the ref. */
const BAD_REQUESTS: ReadonlySet<number> = new Set([400, 422]);
const EXISTS_WORDS = /\b(already|duplicate|in use|not unique|must be unique|exists)\b/i;

export function createBatchClient(given: BatchClientOptions): BatchClient {
  const options = { ...given, maskSecret: maskOnce(given.maskSecret) };
  return {
    allocate: (ref, file) => allocate(options, ref, file),
    find: (ref) => find(options, ref),
    poll: (ref) => poll(options, ref),
    upload: (location, file, progress) => uploadBatch(options, location, file, progress),
    downloadLog: (url, path) => downloadLog(options, url, path),
  };
}

/** `PUT /v2/batches/{ref}` */
async function allocate(options: BatchClientOptions, ref: string, file: SentFile): Promise<Allocation> {
  const endpoint: Endpoint<Allocation> = {
    what: 'Announcing the batch',
    method: 'PUT',
    path: batchPathOf(ref),
    body: { checksum: file.md5, size: file.sizeBytes },
    parse: (value, headers) => allocationOf(options, parseAllocation(value, ref), file, headers),
  };
  try {
    return await callEndpoint(options, endpoint, repeatAlways);
  } catch (error) {
    if (error instanceof HttpError && saysExists(error)) return { kind: 'exists', error };
    throw error;
  }
}

function saysExists({ status, serverWords }: HttpError): boolean {
  return status === CONFLICT || (BAD_REQUESTS.has(status) && EXISTS_WORDS.test(serverWords ?? ''));
}

/** A PUT may also return an existing batch with this ref: check that it is ours. */
function allocationOf(
  options: BatchClientOptions,
  read: ReadBatch,
  file: SentFile,
  headers: HttpAnswer['headers'],
): Allocation {
  const { location } = toAnswer(options, read, headers);
  const isOther =
    (read.md5 !== undefined && read.md5 !== file.md5) ||
    (read.sizeBytes !== undefined && read.sizeBytes !== file.sizeBytes);
  if (isOther) return { kind: 'exists', error: existsError(read.ref, 'for another file') };
  if (location !== undefined) return { kind: 'allocated', location };
  if (read.status === 'uploading') throw new Error('it names no location to upload to');
  return { kind: 'exists', error: existsError(read.ref, `with the status "${read.status}"`) };
}

function existsError(ref: string, what: string): ActionError {
  return new ActionError(`Announcing the batch: the service already has a batch ${ref}, ${what}.`, {
    topic: 'batch-not-uploaded',
    title: 'Batch already exists',
    fix: 'Leave `batch-ref` empty to use a new one.',
  });
}

/**
 * `GET /v2/batches/inspect/{ref}`, and `GET /v2/batches/{ref}` if the former lacks the file, the upload location or the
 * URL of the error log: which of the two has what is not documented.
 */
async function find(options: BatchClientOptions, ref: string): Promise<BatchAnswer | undefined> {
  const ask = async (endpoint: Endpoint<BatchAnswer>) => {
    try {
      return await callEndpoint(options, endpoint, repeatAlways);
    } catch (error) {
      if (error instanceof HttpError && error.status === NOT_FOUND) return undefined;
      throw error;
    }
  };
  const found = await ask(inspection(options, ref));
  if (found === undefined || isWhole(found)) return found;
  const other = await ask({ ...inspection(options, ref), path: batchPathOf(ref) }).catch((error: unknown) => {
    const isFault = error instanceof HttpError || error instanceof NetworkError;
    // Without a location there is no way to continue; anything else is optional.
    if (!isFault || found.status === 'uploading') throw error;
    return undefined;
  });
  return { ...other, ...found, location: found.location ?? other?.location, logUrl: found.logUrl ?? other?.logUrl };
}

function isWhole({ status, md5, sizeBytes, location, logUrl }: BatchAnswer): boolean {
  if (md5 === undefined || sizeBytes === undefined) return false;
  return (status !== 'uploading' || location !== undefined) && (status !== 'error' || logUrl !== undefined);
}

function batchPathOf(ref: string): string {
  return `v2/batches/${encodeURIComponent(ref)}`;
}

/** `GET /v2/batches/inspect/{ref}` */
function inspection(options: BatchClientOptions, ref: string): Endpoint<BatchAnswer> {
  return {
    what: 'Asking for the status of the batch',
    method: 'GET',
    path: `v2/batches/inspect/${encodeURIComponent(ref)}`,
    parse: (value, headers) => toAnswer(options, parseBatch(value, ref), headers),
  };
}

async function poll(options: BatchClientOptions, ref: string): Promise<PollAnswer> {
  try {
    return { kind: 'state', batch: await askOnce(options, inspection(options, ref)) };
  } catch (error) {
    if (error instanceof HttpError) {
      if (error.status === NOT_FOUND) return { kind: 'unknown-batch', error };
      const isPassing = error.transient || error.status >= 500;
      return isPassing ? troubleOf(error) : { kind: 'rejected', error };
    }
    if (error instanceof NetworkError) return error.transient ? troubleOf(error) : { kind: 'rejected', error };
    throw error;
  }
}

function troubleOf(error: ActionError): PollAnswer {
  return { kind: 'trouble', error, namedWaitMs: namedWaitOf(error) };
}

function toAnswer(
  options: BatchClientOptions,
  { location, log, ...state }: ReadBatch,
  headers: HttpAnswer['headers'],
): BatchAnswer {
  const url = location && urlOf(options, location.href);
  const expiresAtMs = inOwnTime(location?.expiresAt, headers);
  const place: UploadLocation | undefined = url && { url, expiresAtMs };
  return { ...state, location: place, logUrl: log === undefined ? undefined : urlOf(options, log) };
}

/** Converts a time of the service's clock, whose current time the response has, to the clock of this process. */
function inOwnTime(moment: Date | undefined, headers: HttpAnswer['headers']): number | undefined {
  const serviceMs = parseHttpDate(headers['date']);
  if (moment === undefined || serviceMs === undefined) return undefined;
  return performance.now() + moment.getTime() - serviceMs;
}

/** Not checked here but where it is used: an odd URL does not make a status unusable. */
function urlOf({ origin, maskSecret }: BatchClientOptions, text: string): URL | undefined {
  const url = URL.parse(text, origin);
  if (url === null) return undefined;
  // A relative URL may be any word.
  for (const secret of secretsOfSignedUrl(URL.canParse(text) ? text : url.href, url)) maskSecret(secret);
  return url;
}

/** Each poll returns the same URLs, and each mask is a line of output. */
function maskOnce(maskSecret: (value: string) => void): (value: string) => void {
  const masked = new Set<string>();
  return (value) => {
    if (masked.has(value)) return;
    masked.add(value);
    maskSecret(value);
  };
}
