import { type BatchRecord, type RecordSums, sumRecords } from '../../report/batch-record.ts';
import { resendWarning, sourceWords } from '../../report/batch-words.ts';
import { count, formatCount } from '../../report/format.ts';

type Batches = readonly Readonly<BatchRecord>[];

/** In one sentence: nobody reads more. */
const MAX_NAMES = 8;

/** How far the batches of a run have come, with sums over the records of those with a verdict. */
export interface Progress extends Pick<RecordSums, 'accepted' | 'rejected' | 'unclear'> {
  total: number;
  done: Batches;
  /** Started, and without a verdict. */
  open: Readonly<BatchRecord> | undefined;
  notSent: Batches;
}

export function progressOf(batches: Batches): Progress {
  const { accepted, rejected, unclear } = sumRecords({ batches });
  const done = batches.filter(({ verdict }) => verdict !== undefined);
  const waiting = batches.filter(({ verdict }) => verdict === undefined);
  const isStartedBatch = ({ isStarted, ref }: BatchRecord) => isStarted === true || ref !== undefined;
  return {
    total: batches.length,
    done,
    open: waiting.find(isStartedBatch),
    notSent: waiting.filter((batch) => !isStartedBatch(batch)),
    accepted,
    rejected,
    unclear,
  };
}

/** Whether it is not known if the service has the file: the upload had no response, and the status does not show it. */
export function isInDoubt({ isUploaded, status }: Pick<BatchRecord, 'isUploaded' | 'status'>): boolean {
  return isUploaded !== true && (status === undefined || status === 'uploading');
}

/** `Batch 2 of 3 (guests.jsonl, part 1 of 2)`; `The batch` if it is the only one. */
export function batchName(batch: Readonly<BatchRecord>, total: number): string {
  return total === 1 ? 'The batch' : `Batch ${batch.number} of ${total} (${sourceWords(batch)})`;
}

/** Which batches have a verdict, and which were never sent: a sentence for each. */
export function progressTexts({ total, done, notSent, accepted, rejected, unclear }: Progress): string[] {
  const others = `${rejected === 0 ? '' : `, ${formatCount(rejected)} rejected`}${unclearText(unclear)}`;
  const verdicts = `${formatCount(done.length)} of ${formatCount(total)} batches ${done.length === 1 ? 'has' : 'have'} a verdict`;
  return [
    ...(done.length === 0 || total === 1 ? [] : [`${verdicts}: ${count(accepted, 'record')} accepted${others}.`]),
    ...(notSent.length === 0 ? [] : [`Not sent: ${listNames(notSent.map(sourceWords), '; ')}.`]),
  ];
}

/** Whether a batch has rejected records and its error log was not read. */
export function isUnclear({ verdict, succeeded, failed }: Readonly<BatchRecord>): boolean {
  return verdict === 'error' && succeeded === undefined && failed === undefined;
}

function unclearText(unclear: number): string {
  return unclear === 0 ? '' : `, unknown for ${formatCount(unclear)}`;
}

/** How to get the error log of a batch: resuming a batch that has a verdict downloads its log. */
export function readLogText({ ref, shownPath, parts }: Readonly<BatchRecord>): string {
  if (parts > 1) return `\`GET /v2/batches/${ref}\` returns the URL of the log.`;
  return `Run the job again with \`files: ${shownPath}\` and \`batch-ref: ${ref}\`: it then sends nothing and reads the log.`;
}

/** How to get a verdict on a batch that has none. @param batches all batches of the run */
export function resumeText(open: Readonly<BatchRecord>, batches: Batches): string {
  const { ref, shownPath, parts, number } = open;
  if (ref === undefined) return rerunText(number - 1, batches);
  if (parts > 1) {
    return `\`GET /v2/batches/${ref}\` shows its status. ${afterVerdictText(open, batches)}`;
  }
  const left = filesFrom(number, batches);
  const alone = batches.length === 1 ? '' : ` and \`files: ${shownPath}\` alone`;
  const others = left.length === 0 ? '' : ` Then run it for the remaining files: ${listNames(left)}.`;
  return `Run the job again with \`batch-ref: ${ref}\`${alone}: it then follows this batch to its verdict instead of creating another.${others}`;
}

/** What to do about a part that cannot be resumed: it may have a verdict by the time of the next run. */
function afterVerdictText(open: Readonly<BatchRecord>, batches: Batches): string {
  const once = resendWarning(open.unrepeatableModes);
  if (once === undefined) {
    return `${rerunText(open.number - 1, batches)} Sending a record twice has the same effect as sending it once.`;
  }
  const { shownPath, part, parts, number } = open;
  const left = listNames(filesFrom(number, batches));
  const first = batches[number - part]?.firstLine ?? open.firstLine;
  const lines = `lines ${formatCount(first)} to ${formatCount(open.lastLine)}`;
  const rerun = part === parts ? '' : `remove ${lines} from ${shownPath}, and `;
  const then = left === '' ? 'nothing is left to send' : `${rerun}run the job again for ${left}`;
  return `Wait for its verdict: if it is \`success\`, ${then}. Do not send it again before then: ${once}`;
}

/** @param from index of the first batch that was not accepted */
export function rerunText(from: number, batches: Batches): string {
  const left = filesFrom(from, batches);
  const isAll = filesFrom(0, batches).length === left.length;
  const again = `Run the job again${isAll ? '' : ` for the remaining files: ${listNames(left)}`}.`;
  return `${again}${withoutText(batches[from], batches)}`;
}

/** What to remove from a file whose first parts were accepted and may not be sent again. */
function withoutText(next: Readonly<BatchRecord> | undefined, batches: Batches): string {
  if (next === undefined || next.part === 1) return '';
  const once = resendWarning(next.unrepeatableModes);
  const first = batches[next.number - next.part];
  const last = batches[next.number - 2];
  if (once === undefined || first === undefined || last === undefined) return '';
  const lines = `${formatCount(first.firstLine)} to ${formatCount(last.lastLine)}`;
  return ` First remove lines ${lines} from ${next.shownPath}: they were sent, and ${once}`;
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
