import { CancelledError } from '../../errors.ts';
import type { BatchRecord, BatchUploadRecord } from '../../report/batch-record.ts';
import { count, formatCount } from '../../report/format.ts';
import { limitLabel } from '../../report/limits.ts';
import {
  batchName,
  isInDoubt,
  isUnclear,
  type Progress,
  progressOf,
  progressTexts,
  readLogText,
  rerunText,
  resumeText,
} from './progress.ts';

/** The end of a run that was cancelled: which batches have a verdict, which goes on, and which were never sent. */
export function cancelledBatches({ batches }: BatchUploadRecord, reason: CancelledError): CancelledError {
  const progress = progressOf(batches);
  const { open, notSent, done, accepted, rejected, unclear, total } = progress;
  if (open === undefined && done.length === 0) {
    return new CancelledError(`${reason.message} Nothing was sent.`, {
      topic: 'cancelled',
      title: 'Batch upload cancelled',
      inShort: 'nothing was sent',
      fix: 'Run the job again when you want to upload.',
      cause: reason,
    });
  }
  const alone =
    total === 1 && done.length === 1
      ? [`The batch has a verdict: ${done[0]?.verdict}${unclear === 0 ? '' : ', but its error log was not read'}.`]
      : [];
  const sentences = [
    ...alone,
    ...(open === undefined ? [] : [openText(open, batches.length)]),
    ...progressTexts(progress),
  ];
  const inShort = [
    ...(done.length === 0 ? [] : [`${count(accepted, 'record')} accepted`]),
    ...(rejected === 0 ? [] : [`${formatCount(rejected)} rejected`]),
    ...(unclear === 0 ? [] : [`unknown for ${formatCount(unclear)}`]),
    ...(open === undefined ? [] : [openInShort(open)]),
    ...(notSent.length === 0 ? [] : [`${formatCount(notSent.length)} of ${formatCount(total)} batches not sent`]),
  ].join(', ');
  return new CancelledError([reason.message, ...sentences].join(' '), {
    topic: 'cancelled',
    title: 'Batch upload cancelled',
    fix: fixOf(progress, batches),
    inShort,
    cause: reason,
  });
}

function openInShort(open: Readonly<BatchRecord>): string {
  if (!open.isUploaded) return 'a batch was being sent';
  return isInDoubt(open) ? 'a batch may continue remotely' : 'a batch continues remotely';
}

function openText(open: Readonly<BatchRecord>, total: number): string {
  const name = batchName(open, total);
  const { ref } = open;
  if (ref === undefined) return `${name} was about to be created: none of it was uploaded.`;
  if (!open.isUploaded) {
    return `${name} was being uploaded as ${ref}: an interrupted upload is not stored, unless all of it had arrived.`;
  }
  if (isInDoubt(open))
    return `${name}, ${ref}: it is not known whether its upload arrived. If it did, the batch continues remotely.`;
  const status = open.status === undefined ? '' : ` (last seen: ${limitLabel(open.status)})`;
  return `${name}, ${ref}${status}, continues remotely: the service cannot cancel it.`;
}

function fixOf({ open, notSent, done }: Progress, batches: readonly BatchRecord[]): string {
  if (open !== undefined) return resumeText(open, batches);
  const [next] = notSent;
  const unread = done.find(isUnclear);
  const texts = [
    ...(unread === undefined ? [] : [readLogText(unread)]),
    ...(next === undefined ? [] : [rerunText(next.number - 1, batches)]),
  ];
  return texts.length === 0 ? 'All batches have a verdict: nothing is left to send.' : texts.join(' ');
}
