import { type BatchCounts, batchVerdictOf } from '../../domain/batch/batch.ts';
import { ActionError } from '../../errors.ts';
import type { ErrorLog } from '../../files/batch/batch-file.ts';
import type { BatchRecord } from '../../report/batch-record.ts';
import { count, formatCount } from '../../report/format.ts';
import type { BatchAnswer } from '../../sitecore-cdp/batches.ts';
import { readLogText } from './standing.ts';
import { refOf, type SendContext, type Track } from './track.ts';

/**
 * Makes of a verdict what became of the records: counts, the refused ones, the errors file.
 * @throws ActionError where no later batch is to be sent: it is corrupted, or nobody says what was refused
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

function settleSuccess(track: Track, counts: BatchCounts, { phase, reporter }: SendContext): void {
  const { records } = track.part;
  const failed = Math.min(records, counts.failed ?? 0);
  track.change({ verdict: 'success', succeeded: records - failed, failed });
  phase.result(`success, ${recordsText(records, failed)}`, failed > 0);
  const odd = oddCounts(records, counts);
  if (odd.length === 0) return;
  const counted = failed === 0 ? '' : ' Those count as refused here, and nobody says which they are.';
  reporter.warn(
    `The service calls batch ${refOf(track)} a success, and of the ${count(records, 'record')} that were sent it counts ${odd.join(', ')}.${counted}`,
  );
}

/** What the service's own counts say otherwise than its verdict. Whether `processed` has the failed ones in it is not known. */
function oddCounts(records: number, { read, processed, failed = 0 }: BatchCounts): string[] {
  return [
    ...(read === undefined || read === records ? [] : [`${formatCount(read)} read`]),
    ...(processed === undefined || processed === records ? [] : [`${formatCount(processed)} processed`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ];
}

function recordsText(records: number, failed: number): string {
  return failed === 0 ? count(records, 'record') : `${formatCount(failed)} of ${count(records, 'record')} refused`;
}

function corrupted({ part, record }: Track): ActionError {
  return new ActionError(
    `Sitecore CDP calls batch ${record.ref} corrupted: the file that it got is not the one that was announced. Sent were MD5 ${part.md5}, ${part.sizeBytes} bytes; ${seenText(part, record.seen)}. Nothing of the batch is in.`,
    {
      title: 'A batch arrived corrupted',
      outcome: 'corrupted',
      fix: 'The batch is lost: leave `batch-ref` empty, so that the file gets another.',
    },
  );
}

function seenText(part: Track['part'], { md5, sizeBytes, etag }: NonNullable<BatchRecord['seen']> = {}): string {
  const isKnown = md5 !== undefined || sizeBytes !== undefined;
  const isSame = isKnown && (md5 ?? part.md5) === part.md5 && (sizeBytes ?? part.sizeBytes) === part.sizeBytes;
  const seen = [
    ...(md5 === undefined || isSame ? [] : [`MD5 ${md5}`]),
    ...(sizeBytes === undefined || isSame ? [] : [`${sizeBytes} bytes`]),
    ...(isSame ? ['the same, which does not tell what is wrong'] : []),
    ...(etag === undefined ? [] : [`and storage has the ETag ${etag}`]),
  ];
  return seen.length === 0 ? 'the service does not say what it has' : `the service gives ${seen.join(', ')}`;
}

async function settleError(track: Track, answer: BatchAnswer, context: SendContext): Promise<void> {
  const { disk, reporter, phase } = context;
  const { records } = track.part;
  track.change({ verdict: 'error' });
  const had = await readLog(track, answer, context);
  const errorsFile = disk.errorsFile();
  if (errorsFile !== undefined) reporter.errorsWritten(errorsFile);
  if (had.kind !== 'log') {
    track.change(countsWithoutLog(records, had, answer.counts));
    phase.result('error, without a log that says which records');
    throw withoutLog(track, had);
  }
  const failed = countRejected(had.log, records, answer.counts);
  track.change({ succeeded: records - failed, failed });
  reporter.refused(had.log);
  warnOfLog(track, had.log, failed, context);
  phase.result(`error, ${recordsText(records, failed)}`, true);
}

/**
 * Records of the part that were not taken. At least one was refused, or the verdict would be another; an entry whose
 * record is not found, or that can't be read, is about some record all the same.
 */
function countRejected(log: ErrorLog, records: number, counts: BatchCounts): number {
  const named = log.records + log.strangers + log.unreadable;
  return Math.min(records, Math.max(named, counts.failed ?? 0, 1));
}

function warnOfLog(track: Track, log: ErrorLog, failed: number, { reporter }: SendContext): void {
  const odd = [
    ...(log.strangers === 0 ? [] : [`${count(log.strangers, 'ref')} that no record of the batch has`]),
    ...(log.unreadable === 0 ? [] : [`${count(log.unreadable, 'line')} that could not be read`]),
  ];
  const unnamed = failed - log.records;
  if (odd.length === 0 && unnamed <= 0) return;
  const has = odd.length === 0 ? '' : ` has ${odd.join(' and ')}, and`;
  const which =
    unnamed > 0
      ? `does not name ${formatCount(unnamed)} of the ${formatCount(failed)} refused records`
      : 'names all refused records besides';
  reporter.warn(`The error log of batch ${refOf(track)}${has} ${which}.`);
}

/** `missing`: the service gives none. `lost`: it could not be had. `empty`: it says nothing. */
type NoLog = { kind: 'missing' | 'empty' } | { kind: 'lost'; why: ActionError };
type HadLog = { kind: 'log'; log: ErrorLog } | NoLog;

/** The error log, joined to the records. Only a cancelled run throws here: the verdict is known, whatever becomes of it. */
async function readLog(track: Track, answer: BatchAnswer, context: SendContext): Promise<HadLog> {
  const { client, disk, phase, deadline, signal } = context;
  phase.status('reading the error log');
  const path = disk.logPathOf(refOf(track));
  try {
    const url = answer.logUrl ?? (await client.find(refOf(track)))?.logUrl;
    if (url === undefined) return { kind: 'missing' };
    const fault = await download(track, url, path, context);
    if (fault !== undefined) return { kind: 'lost', why: fault };
    const log = await disk.readErrorLog(path, track.source, track.part, deadline.signal);
    const isEmpty = log.records + log.strangers + log.unreadable === 0;
    return isEmpty ? { kind: 'empty' } : { kind: 'log', log };
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError)) throw error;
    return { kind: 'lost', why: error };
  }
}

/** @returns why there is none: its URL is refused, and a fresh one too */
async function download(
  track: Track,
  url: URL,
  path: string,
  { client, phase }: SendContext,
): Promise<ActionError | undefined> {
  const first = await client.downloadLog(url, path);
  if (first.kind === 'file') return undefined;
  phase.info(`The URL of the error log is refused, a fresh one is asked for: ${first.error.message}`);
  const found = await client.find(refOf(track));
  if (found?.logUrl === undefined) return first.error;
  const second = await client.downloadLog(found.logUrl, path);
  return second.kind === 'file' ? undefined : second.error;
}

/** Without a log and counts the service most likely could not read the file at all. */
function countsWithoutLog(
  records: number,
  { kind }: NoLog,
  { failed: counted }: BatchCounts,
): Pick<BatchRecord, 'succeeded' | 'failed'> {
  if (counted === undefined) return kind === 'missing' ? { succeeded: 0, failed: records } : {};
  const failed = Math.min(records, Math.max(1, counted));
  return { succeeded: records - failed, failed };
}

function withoutLog({ part, record }: Track, had: NoLog): ActionError {
  const { failed } = record;
  const isAll = failed === part.records;
  const refused =
    failed === undefined ? 'how many, is not known' : `${formatCount(failed)} of ${count(part.records, 'record')}`;
  return new ActionError(`Sitecore CDP refused records of batch ${record.ref}: ${refused}. ${noLogText(had)}`, {
    title: 'Records refused, without a log',
    outcome: isAll ? 'failed' : 'partial',
    fix:
      had.kind === 'lost'
        ? readLogText(record)
        : `Look at the batch: \`GET /v2/batches/${record.ref}\`. If it says no more, give Sitecore support its ref.`,
    ...(had.kind === 'lost' ? { cause: had.why } : {}),
  });
}

function noLogText(had: NoLog): string {
  if (had.kind === 'lost') return `Its error log could not be had. ${had.why.message}`;
  if (had.kind === 'empty') return 'Its error log is empty: it names none of them.';
  return 'It gives no error log, as for a file that it does not take for gzip; this one is gzip.';
}
