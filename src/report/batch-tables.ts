import type { RejectedRecord } from '../files/batch/batch-file.ts';
import { type BatchRecord, type BatchUploadRecord, isAwaited, type ShownRow, sumRecords } from './batch-record.ts';
import { batchesWords, batchName } from './batch-words.ts';
import { renderCountedTables } from './counted-table.ts';
import { count, formatBytes, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { code, prose, text, unbroken } from './markdown.ts';

/** Longer names would make a table unreadable. */
const MAX_NAME_CHARS = 120;
const MAX_MESSAGE_CHARS = 300;
const MAX_ABANDONED = 3;

/**
 * Each batch is a line, since a table of so much would be cut off on a phone.
 * @param maxBytes of all lines, in UTF-8
 */
export function batchList(record: BatchUploadRecord, maxBytes: number): string | undefined {
  const { batches, dryRun, outcome } = record;
  if (batches.length === 0) return undefined;
  const one = {
    heading: `${batchesWords(batches)}${statesOf(record)}`,
    rows: batches.map((batch) => (dryRun ? plannedLine(batch, record) : sentLine(batch, record))),
    total: batches.length,
    more: dryRun ? '' : ': the output <code>batch-refs</code> has all that were sent',
    startsClosed: outcome === 'success' || dryRun,
  };
  return renderCountedTables([one], maxBytes);
}

function plannedLine(batch: BatchRecord, record: BatchUploadRecord): string[] {
  const { firstLine, lastLine, md5 } = batch;
  return [
    nameOf(batch, record),
    count(batch.records, 'record'),
    unbroken(formatBytes(batch.sizeBytes)),
    `lines ${formatCount(firstLine)} to ${formatCount(lastLine)}`,
    `MD5 ${code(md5)}`,
  ];
}

function sentLine(batch: BatchRecord, record: BatchUploadRecord): string[] {
  const { ref, abandonedRefs, records, sizeBytes } = batch;
  return [
    nameOf(batch, record),
    statusWords(batch, record),
    `${count(records, 'record')}${verdictWords(batch)}`,
    unbroken(formatBytes(sizeBytes)),
    ...(ref === undefined ? [] : [code(limitLabel(ref))]),
    ...abandonedRefs.slice(-MAX_ABANDONED).map((other) => `abandoned: ${code(limitLabel(other))}`),
  ];
}

/** `1: people.jsonl, part 1 of 3`; of the only batch, its file. */
function nameOf({ number, shownPath, part, parts }: BatchRecord, { batches }: BatchUploadRecord): string {
  const which = parts === 1 ? '' : `, part ${formatCount(part)} of ${formatCount(parts)}`;
  return `${batches.length === 1 ? '' : `<b>${formatCount(number)}</b> `}${nameCell(shownPath)}${which}`;
}

function verdictWords({ verdict, succeeded, failed }: BatchRecord): string {
  if (verdict !== 'success' && verdict !== 'error') return '';
  const known = (n: number | undefined) => (n === undefined ? '?' : formatCount(n));
  return `: ${known(succeeded)} accepted, ${known(failed)} rejected`;
}

/** In the order of the counts in a heading. */
const STATES = ['success', 'error', 'corrupted', 'without a verdict', 'not uploaded', 'not sent'] as const;
type DisplayState = (typeof STATES)[number];

function stateOf(batch: BatchRecord): DisplayState {
  if (batch.verdict !== undefined) return batch.verdict;
  if (isAwaited(batch)) return 'without a verdict';
  return batch.isStarted === true ? 'not uploaded' : 'not sent';
}

/** A long table is collapsed, so its heading sums it up. */
function statesOf({ batches, dryRun }: BatchUploadRecord): string {
  if (dryRun || batches.length === 1) return '';
  const parts = STATES.map((state) => [state, batches.filter((batch) => stateOf(batch) === state).length] as const)
    .filter(([, batchCount]) => batchCount > 0)
    .map(([state, batchCount]) => `${formatCount(batchCount)} ${state}`);
  return `: ${parts.join(', ')}`;
}

function statusWords(batch: BatchRecord, { failure }: BatchUploadRecord): string {
  const state = stateOf(batch);
  switch (state) {
    case 'success':
      return (batch.failed ?? 0) > 0 ? '⚠️&nbsp;success' : '✅&nbsp;success';
    case 'error':
      return failure === undefined ? '⚠️&nbsp;error' : '❌&nbsp;error';
    case 'without a verdict':
      return `❓&nbsp;${batch.status === undefined ? 'no verdict' : text(limitLabel(batch.status))}`;
    case 'not sent':
      return unbroken(state);
    default:
      return `❌&nbsp;${unbroken(state)}`;
  }
}

/** What was sent, and what the service received. */
export function corruptedList({ batches }: BatchUploadRecord): string | undefined {
  // The first one ends the run, so there is only one.
  const batch = batches.find(({ verdict }) => verdict === 'corrupted');
  if (batch === undefined) return undefined;
  const { md5, sizeBytes, seen } = batch;
  const received = (cell: string | undefined) => (cell === undefined ? 'not reported' : `received ${cell}`);
  const lines = [
    `- MD5: sent ${code(md5)}, ${received(seen?.md5 === undefined ? undefined : code(limitLabel(seen.md5)))}`,
    `- Size: sent ${count(sizeBytes, 'byte')}, ${received(seen?.sizeBytes === undefined ? undefined : count(seen.sizeBytes, 'byte'))}`,
    ...(seen?.etag === undefined ? [] : [`- ETag of storage: ${code(limitLabel(seen.etag))}`]),
  ];
  return `<b>What Sitecore CDP received of ${batchName(batch, batches)}</b>\n\n${lines.join('\n')}`;
}

/** Without values of the records, which are personal data. */
export function rejectedList(record: BatchUploadRecord, maxBytes: number): string | undefined {
  const { rejected, errorsFile } = record;
  const named = rejected.count + rejected.unmatched;
  const counted = sumRecords(record).rejected;
  const total = counted > 0 ? counted : named;
  if (total === 0) return undefined;
  const rows = rejected.first.map((one) => [
    placeCell(one),
    prose(limitLabel(one.message, MAX_MESSAGE_CHARS)),
    one.code === '' ? '' : code(limitLabel(one.code)),
    code(limitLabel(one.ref)),
  ]);
  const notes = [...unmatchedNote(rejected.unmatched), ...unnamedNote(named, total)];
  const one = {
    heading: `${count(total, 'record')} ${total === 1 ? 'was' : 'were'} rejected by Sitecore CDP`,
    ...(errorsFile === undefined ? {} : { more: ': the output <code>errors-file</code> has all of them' }),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    rows,
    total: named,
    startsOpen: true,
  } as const;
  return renderCountedTables([one], maxBytes);
}

function unmatchedNote(unmatched: number): string[] {
  if (unmatched === 0) return [];
  return [
    `${count(unmatched, 'ref')} of the error logs ${unmatched === 1 ? 'belongs' : 'belong'} to no record that was sent.`,
  ];
}

function unnamedNote(named: number, total: number): string[] {
  if (named >= total) return [];
  const which =
    named === 0 ? 'they are' : `${formatCount(total - named)} of them ${total - named === 1 ? 'is' : 'are'}`;
  return [`Sitecore CDP does not say which ${which}.`];
}

export function problemList({ problems }: BatchUploadRecord, maxBytes: number): string | undefined {
  const { count: total, first } = problems;
  if (total === 0) return undefined;
  const one = {
    heading: `${count(total, 'problem')} in the files`,
    rows: first.map(messageRow),
    total,
    startsOpen: true,
  } as const;
  return renderCountedTables([one], maxBytes);
}

export function duplicateList({ duplicates }: BatchUploadRecord, maxBytes: number): string | undefined {
  const { count: total, first } = duplicates;
  if (total === 0) return undefined;
  const heading = `${count(total, 'record')} with the <code>ref</code> or the guest of an earlier one`;
  return renderCountedTables([{ heading, rows: first.map(messageRow), total, startsClosed: true }], maxBytes);
}

function messageRow(row: ShownRow<{ line: number | undefined; message: string }>): string[] {
  return [placeCell(row), prose(limitLabel(row.message, MAX_MESSAGE_CHARS))];
}

/** `people.jsonl:12` */
function placeCell({ shownPath, line }: ShownRow<Pick<RejectedRecord, 'line'>>): string {
  if (shownPath === undefined) return '?';
  const name = limitLabel(shownPath, MAX_NAME_CHARS);
  return code(line === undefined ? name : `${name}:${line}`);
}

export function nameCell(name: string): string {
  return code(limitLabel(name, MAX_NAME_CHARS));
}
