import type { BatchRecord } from '../../report/batch-record.ts';
import { onceWords, type RecordSums, sourceWords, sumRecords } from '../../report/batch-words.ts';
import { count, formatCount } from '../../report/format.ts';

type Batches = readonly Readonly<BatchRecord>[];

/** Names in one sentence; more than these nobody reads there. */
const MAX_NAMES = 8;

/** Where the batches of a run stand, with sums over the records of those that have a verdict. */
export interface PullRequestStatus extends Pick<RecordSums, 'taken' | 'refused' | 'unclear'> {
  total: number;
  done: Batches;
  /** Begun, and without a verdict. */
  open: Readonly<BatchRecord> | undefined;
  untouched: Batches;
}

export function standingOf(batches: Batches): PullRequestStatus {
  const { taken, refused, unclear } = sumRecords({ batches });
  const done = batches.filter(({ verdict }) => verdict !== undefined);
  const waiting = batches.filter(({ verdict }) => verdict === undefined);
  const isBegun = ({ isStarted, ref }: BatchRecord) => isStarted === true || ref !== undefined;
  return {
    total: batches.length,
    done,
    open: waiting.find(isBegun),
    untouched: waiting.filter((batch) => !isBegun(batch)),
    taken,
    refused,
    unclear,
  };
}

/** Whether nobody knows that the service has the file: no answer came to the upload, and the status says no more. */
export function isInDoubt({ isUploaded, status }: Pick<BatchRecord, 'isUploaded' | 'status'>): boolean {
  return isUploaded !== true && (status === undefined || status === 'uploading');
}

/** `Batch 2 of 3 (guests.jsonl, part 1 of 2)`; `The batch` where there is no other. */
export function batchName(batch: Readonly<BatchRecord>, total: number): string {
  return total === 1 ? 'The batch' : `Batch ${batch.number} of ${total} (${sourceWords(batch)})`;
}

/** What has a verdict, and what was never sent, a sentence each. */
export function standingTexts({ total, done, untouched, taken, refused, unclear }: PullRequestStatus): string[] {
  const others = `${refused === 0 ? '' : `, ${formatCount(refused)} refused`}${unclearText(unclear)}`;
  const verdicts = `${formatCount(done.length)} of ${formatCount(total)} batches ${done.length === 1 ? 'has' : 'have'} a verdict`;
  return [
    ...(done.length === 0 || total === 1 ? [] : [`${verdicts}: ${count(taken, 'record')} taken${others}.`]),
    ...(untouched.length === 0 ? [] : [`Not sent: ${listNames(untouched.map(sourceWords), '; ')}.`]),
  ];
}

/** A batch with refused records whose error log was not read. */
export function isUnclear({ verdict, succeeded, failed }: Readonly<BatchRecord>): boolean {
  return verdict === 'error' && succeeded === undefined && failed === undefined;
}

/** After the numbers of those that are known. */
function unclearText(unclear: number): string {
  return unclear === 0 ? '' : `, not known of ${formatCount(unclear)}`;
}

/** How to have the error log of a batch: one that is resumed has its verdict at once, and its log is asked for. */
export function readLogText({ ref, shownPath, parts }: Readonly<BatchRecord>): string {
  if (parts > 1) return `\`GET /v2/batches/${ref}\` gives the URL of the log.`;
  return `Run the job again with \`files: ${shownPath}\` and \`batch-ref: ${ref}\`: it sends nothing, and reads the log.`;
}

/** How to come to a verdict on a batch that has none. @param batches all of the run */
export function resumeText(open: Readonly<BatchRecord>, batches: Batches): string {
  const { ref, shownPath, parts, number } = open;
  if (ref === undefined) return rerunText(number - 1, batches);
  if (parts > 1) {
    return `What becomes of it, \`GET /v2/batches/${ref}\` says. ${afterVerdictText(open, batches)}`;
  }
  const left = filesFrom(number, batches);
  const alone = batches.length === 1 ? '' : ` and \`files: ${shownPath}\` alone`;
  const others = left.length === 0 ? '' : ` Then run it for the files that are left: ${listNames(left)}.`;
  return `Run the job again with \`batch-ref: ${ref}\`${alone}: it then follows this batch to its verdict instead of making another.${others}`;
}

/** Of a part whose verdict nobody waits for: it may be in by the time of the next run. */
function afterVerdictText(open: Readonly<BatchRecord>, batches: Batches): string {
  const once = onceWords(open.onceModes);
  if (once === undefined) {
    return `${rerunText(open.number - 1, batches)} To send a record twice gives the same as once.`;
  }
  const { shownPath, part, parts, number } = open;
  const left = listNames(filesFrom(number, batches));
  const first = batches[number - part]?.firstLine ?? open.firstLine;
  const lines = `lines ${formatCount(first)} to ${formatCount(open.lastLine)}`;
  const rerun = part === parts ? '' : `take ${lines} out of ${shownPath}, and `;
  const then = left === '' ? 'nothing is left to send' : `${rerun}run the job again for ${left}`;
  return `Wait for its verdict: if it is a success, ${then}. Do not send it again before: ${once}`;
}

/** @param from index of the first batch that is not in */
export function rerunText(from: number, batches: Batches): string {
  const left = filesFrom(from, batches);
  const isAll = filesFrom(0, batches).length === left.length;
  const again = `Run the job again${isAll ? '' : ` for the files that are left: ${listNames(left)}`}.`;
  return `${again}${withoutText(batches[from], batches)}`;
}

/** Where the first parts of a file are in, and may not be sent again. */
function withoutText(next: Readonly<BatchRecord> | undefined, batches: Batches): string {
  if (next === undefined || next.part === 1) return '';
  const once = onceWords(next.onceModes);
  const first = batches[next.number - next.part];
  const last = batches[next.number - 2];
  if (once === undefined || first === undefined || last === undefined) return '';
  const lines = `${formatCount(first.firstLine)} to ${formatCount(last.lastLine)}`;
  return ` Take lines ${lines} out of ${next.shownPath} before: they were sent, and ${once}`;
}

function filesFrom(index: number, batches: Batches): string[] {
  return [...new Set(batches.slice(index).map(({ shownPath }) => shownPath))];
}

/** `a.jsonl, b.jsonl, and 12 more` */
export function listNames(names: readonly string[], separator = ', '): string {
  const rest = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).join(separator);
  return rest > 0 ? `${shown}${separator}and ${formatCount(rest)} more` : shown;
}
