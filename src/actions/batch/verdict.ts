import { type BatchCounts, batchVerdictOf } from '../../domain/batch/batch.ts';
import { ActionError } from '../../errors.ts';
import type { ErrorLog } from '../../files/batch/batch-file.ts';
import type { BatchRecord } from '../../report/batch-record.ts';
import { count, formatCount } from '../../report/format.ts';
import type { BatchAnswer } from '../../sitecore-cdp/batches.ts';
import { readLogText } from './progress.ts';
import { refOf, type SendContext, type Track } from './track.ts';

/**
 * Turns a verdict into results: counts, the rejected records, the errors file.
 * @throws ActionError where no later batch may be sent: this one is corrupted, or it is not known what was rejected
 */
export async function settleBatch(track: Track, answer: BatchAnswer, context: SendContext): Promise<void> {
  const verdict = batchVerdictOf(answer.status);
  switch (verdict) {
    case 'success':
      return settleSuccess(track, answer.counts, context);
    case 'corrupted':
      track.change({ verdict, succeeded: 0 });
      context.phase.result('corrupted');
      throw corrupted(track);
    case 'error':
      return await settleError(track, answer, context);
    default:
      throw new Error('Bug: no verdict to settle.');
  }
}

function settleSuccess(track: Track, counts: BatchCounts, { phase, run }: SendContext): void {
  const { records } = track.part;
  const failed = Math.min(records, counts.failed ?? 0);
  track.change({ verdict: 'success', succeeded: records - failed, failed });
  phase.result(`success, ${recordsText(records, failed)}`, failed > 0);
  const odd = oddCounts(records, counts);
  if (odd.length === 0) return;
  const counted = failed === 0 ? '' : ' Those count as rejected here, and the service does not say which they are.';
  run.warn(
    `The service reports batch ${refOf(track)} as a success, but of the ${count(records, 'record')} that were sent it counts ${odd.join(', ')}.${counted}`,
    'Counts do not match',
  );
}

/** Counts of the service that contradict its verdict. Whether `processed` includes failed records is not documented. */
function oddCounts(records: number, { read, processed, failed = 0 }: BatchCounts): string[] {
  return [
    ...(read === undefined || read === records ? [] : [`${formatCount(read)} read`]),
    ...(processed === undefined || processed === records ? [] : [`${formatCount(processed)} processed`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ];
}

function recordsText(records: number, failed: number): string {
  return failed === 0 ? count(records, 'record') : `${formatCount(failed)} of ${count(records, 'record')} rejected`;
}

function corrupted({ part, record }: Track): ActionError {
  return new ActionError(
    `Sitecore CDP reports batch ${record.ref} as corrupted: the file that it received is not the one that was announced. Sent: MD5 ${part.md5}, ${part.sizeBytes} bytes; ${seenText(part, record.seen)}. None of its records was accepted.`,
    {
      topic: 'batch-not-uploaded',
      title: 'A batch arrived corrupted',
      outcome: 'corrupted',
      fix: 'The batch is lost: leave `batch-ref` empty, so that the file gets a new one.',
    },
  );
}

function seenText(part: Track['part'], { md5, sizeBytes, etag }: NonNullable<BatchRecord['seen']> = {}): string {
  const isKnown = md5 !== undefined || sizeBytes !== undefined;
  const isSame = isKnown && (md5 ?? part.md5) === part.md5 && (sizeBytes ?? part.sizeBytes) === part.sizeBytes;
  const seen = [
    ...(md5 === undefined || isSame ? [] : [`MD5 ${md5}`]),
    ...(sizeBytes === undefined || isSame ? [] : [`${sizeBytes} bytes`]),
    ...(isSame ? ['the same, which does not explain what is wrong'] : []),
    ...(etag === undefined ? [] : [`and storage has the ETag ${etag}`]),
  ];
  return seen.length === 0 ? 'the service does not say what it received' : `the service reports ${seen.join(', ')}`;
}

async function settleError(track: Track, answer: BatchAnswer, context: SendContext): Promise<void> {
  const { disk, run, phase } = context;
  const { records } = track.part;
  track.change({ verdict: 'error' });
  const found = await readLog(track, answer, context);
  const errorsFile = disk.errorsFile();
  if (errorsFile !== undefined) run.emit({ type: 'errors-file-written', path: errorsFile });
  if (found.kind !== 'log') {
    track.change(countsWithoutLog(records, found, answer.counts));
    phase.result('error, without a log of the rejected records');
    throw withoutLog(track, found);
  }
  const failed = countRejected(found.log, records, answer.counts);
  track.change({ succeeded: records - failed, failed });
  run.emit({ type: 'records-rejected', log: found.log });
  warnOfLog(track, found.log, failed, context);
  phase.result(`error, ${recordsText(records, failed)}`, true);
}

/**
 * The number of records that were not accepted. At least one was rejected, or the verdict would be a different one; an
 * entry whose record is not found, or that cannot be read, still counts as one record.
 */
function countRejected(log: ErrorLog, records: number, counts: BatchCounts): number {
  const named = log.records + log.unmatched + log.unreadable;
  return Math.min(records, Math.max(named, counts.failed ?? 0, 1));
}

function warnOfLog(track: Track, log: ErrorLog, failed: number, { run }: SendContext): void {
  const odd = [
    ...(log.unmatched === 0 ? [] : [`${count(log.unmatched, 'ref')} that no record of the batch has`]),
    ...(log.unreadable === 0 ? [] : [`${count(log.unreadable, 'line')} that could not be read`]),
  ];
  const unnamed = failed - log.records;
  if (odd.length === 0 && unnamed <= 0) return;
  const has = odd.length === 0 ? '' : ` has ${odd.join(' and ')}, and`;
  const which =
    unnamed > 0
      ? `does not name ${formatCount(unnamed)} of the ${formatCount(failed)} rejected records`
      : 'otherwise names all rejected records';
  run.warn(`The error log of batch ${refOf(track)}${has} ${which}.`, 'Error log not complete');
}

/** `missing`: the service provides none. `lost`: it could not be downloaded or read. `empty`: it has no entries. */
type NoLog = { kind: 'missing' | 'empty' } | { kind: 'lost'; why: ActionError };
type LogResult = { kind: 'log'; log: ErrorLog } | NoLog;

/** The error log, joined to the records. Throws only if the run is cancelled: the verdict is known, with or without a log. */
async function readLog(track: Track, answer: BatchAnswer, context: SendContext): Promise<LogResult> {
  const { client, disk, phase, deadline, signal } = context;
  phase.status('reading the error log');
  const path = disk.logPathOf(refOf(track));
  try {
    const url = answer.logUrl ?? (await client.find(refOf(track)))?.logUrl;
    if (url === undefined) return { kind: 'missing' };
    const fault = await download(track, url, path, context);
    if (fault !== undefined) return { kind: 'lost', why: fault };
    const log = await disk.readErrorLog(path, track.source, track.part, deadline.signal);
    const isEmpty = log.records + log.unmatched + log.unreadable === 0;
    return isEmpty ? { kind: 'empty' } : { kind: 'log', log };
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError)) throw error;
    return { kind: 'lost', why: error };
  }
}

/** @returns the reason if there is no log: its URL was rejected, and so was a new one */
async function download(
  track: Track,
  url: URL,
  path: string,
  { client, phase }: SendContext,
): Promise<ActionError | undefined> {
  const first = await client.downloadLog(url, path);
  if (first.kind === 'file') return undefined;
  phase.info(`The URL of the error log was rejected, requesting a new one: ${first.error.message}`);
  const found = await client.find(refOf(track));
  if (found?.logUrl === undefined) return first.error;
  const second = await client.downloadLog(found.logUrl, path);
  return second.kind === 'file' ? undefined : second.error;
}

/** With neither a log nor counts, the service most likely could not read the file at all. */
function countsWithoutLog(
  records: number,
  { kind }: NoLog,
  { failed: counted }: BatchCounts,
): Pick<BatchRecord, 'succeeded' | 'failed'> {
  if (counted === undefined) return kind === 'missing' ? { succeeded: 0, failed: records } : {};
  const failed = Math.min(records, Math.max(1, counted));
  return { succeeded: records - failed, failed };
}

function withoutLog({ part, record }: Track, found: NoLog): ActionError {
  const { failed } = record;
  const isAll = failed === part.records;
  const rejected =
    failed === undefined ? 'it is not known how many' : `${formatCount(failed)} of ${count(part.records, 'record')}`;
  return new ActionError(`Sitecore CDP rejected records of batch ${record.ref}: ${rejected}. ${noLogText(found)}`, {
    topic: 'records-rejected',
    title: 'Records rejected, without a log',
    outcome: isAll ? 'failed' : 'partial',
    fix:
      found.kind === 'lost'
        ? readLogText(record)
        : `Check the batch: \`GET /v2/batches/${record.ref}\`. If that gives no details, give Sitecore support its ref.`,
    ...(found.kind === 'lost' ? { cause: found.why } : {}),
  });
}

function noLogText(found: NoLog): string {
  if (found.kind === 'lost') return `Its error log is not available. ${found.why.message}`;
  if (found.kind === 'empty') return 'Its error log is empty: it names none of them.';
  return 'It provides no error log, as it does for a file that it does not recognize as gzip; this one is gzip.';
}
