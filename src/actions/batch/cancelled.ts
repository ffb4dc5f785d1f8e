import { CancelledError } from '../../errors.ts';
import type { BatchRecord, BatchUploadRecord } from '../../report/batch-record.ts';
import { count, formatCount } from '../../report/format.ts';
import { limitLabel } from '../../report/limits.ts';
import {
  batchName,
  isInDoubt,
  isUnclear,
  type PullRequestStatus,
  readLogText,
  rerunText,
  resumeText,
  standingOf,
  standingTexts,
} from './standing.ts';

/** The end of a run that was cancelled: which batches have a verdict, which goes on, and which were never sent. */
export function cancelledBatches({ batches }: BatchUploadRecord, reason: CancelledError): CancelledError {
  const standing = standingOf(batches);
  const { open, untouched, done, taken, refused, unclear, total } = standing;
  if (open === undefined && done.length === 0) {
    return new CancelledError(`${reason.message} Nothing was sent.`, {
      title: 'Batch upload cancelled',
      inShort: 'nothing was sent',
      fix: 'Run the job again when you want to upload.',
      cause: reason,
    });
  }
  const alone =
    total === 1 && done.length === 1
      ? [`The batch has its verdict: ${done[0]?.verdict}${unclear === 0 ? '' : ', and its error log was not read'}.`]
      : [];
  const sentences = [
    ...alone,
    ...(open === undefined ? [] : [openText(open, batches.length)]),
    ...standingTexts(standing),
  ];
  const inShort = [
    ...(done.length === 0 ? [] : [`${count(taken, 'record')} taken`]),
    ...(refused === 0 ? [] : [`${formatCount(refused)} refused`]),
    ...(unclear === 0 ? [] : [`not known of ${formatCount(unclear)}`]),
    ...(open === undefined ? [] : [openInShort(open)]),
    ...(untouched.length === 0 ? [] : [`${formatCount(untouched.length)} of ${formatCount(total)} batches not sent`]),
  ].join(', ');
  return new CancelledError([reason.message, ...sentences].join(' '), {
    title: 'Batch upload cancelled',
    fix: fixOf(standing, batches),
    inShort,
    cause: reason,
  });
}

function openInShort(open: Readonly<BatchRecord>): string {
  if (!open.isUploaded) return 'a batch was being sent';
  return isInDoubt(open) ? 'a batch may go on remotely' : 'a batch goes on remotely';
}

function openText(open: Readonly<BatchRecord>, total: number): string {
  const name = batchName(open, total);
  const { ref } = open;
  if (ref === undefined) return `${name} was about to be made: nothing of it was uploaded.`;
  if (!open.isUploaded) {
    return `${name} was being uploaded as ${ref}: an upload that is cut off is not stored, unless all of it had arrived.`;
  }
  if (isInDoubt(open))
    return `${name}, ${ref}: whether its upload has arrived is not known. If it has, it goes on remotely.`;
  const status = open.status === undefined ? '' : ` (last seen: ${limitLabel(open.status)})`;
  return `${name}, ${ref}${status}, goes on remotely: the service has no way to end it.`;
}

function fixOf({ open, untouched, done }: PullRequestStatus, batches: readonly BatchRecord[]): string {
  if (open !== undefined) return resumeText(open, batches);
  const [next] = untouched;
  const unread = done.find(isUnclear);
  const texts = [
    ...(unread === undefined ? [] : [readLogText(unread)]),
    ...(next === undefined ? [] : [rerunText(next.number - 1, batches)]),
  ];
  return texts.length === 0 ? 'All batches have a verdict: nothing is left to send.' : texts.join(' ');
}
