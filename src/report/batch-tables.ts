import type { RejectedRecord } from '../files/batch/batch-file.ts';
import { type BatchRecord, type BatchUploadRecord, isAwaited, type ShownRow, sumRecords } from './batch-record.ts';
import { batchName } from './batch-words.ts';
import { renderCountedTables } from './counted-table.ts';
import { count, formatBytes, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { code, prose, table, text } from './markdown.ts';

/** Longer names would make a table unreadable. */
const MAX_NAME_CHARS = 120;
const MAX_MESSAGE_CHARS = 300;
const MAX_ABANDONED = 3;

type Cell = readonly [header: string, cell: string];
type Cells = readonly Cell[];
type SourceCells = readonly [number: Cell, file: Cell, records: Cell, size: Cell];

/** @param maxBytes of all rows, in UTF-8 */
export function batchTable(record: BatchUploadRecord, maxBytes: number): string | undefined {
  const { batches } = record;
  if (batches.length === 0) return undefined;
  const isAlone = batches.length === 1;
  const cells = batches
    .map((batch) => (record.dryRun ? plannedCells(batch) : sentCells(batch, record)))
    .map((row) => (isAlone ? row.slice(1) : row));
  const header = cells[0]?.map(([name]) => name) ?? [];
  const numbers = ['#', 'Records', 'Size', 'Accepted', 'Rejected'];
  const one = {
    heading: `${isAlone ? '1 batch' : `${formatCount(batches.length)} batches`}${statesOf(record)}`,
    header,
    alignRight: header.flatMap((name, column) => (numbers.includes(name) ? [column] : [])),
    rows: cells.map((row) => row.map(([, cell]) => cell)),
    total: batches.length,
    more: record.dryRun ? '' : ': the output <code>batch-refs</code> has all that were sent',
  };
  return renderCountedTables([one], maxBytes);
}

function plannedCells(batch: BatchRecord): Cells {
  const { firstLine, lastLine, md5 } = batch;
  const lines = `${formatCount(firstLine)} to ${formatCount(lastLine)}`;
  return [...sourceCells(batch), ['Lines', unbroken(lines)], ['MD5', code(md5)]];
}

function sentCells(batch: BatchRecord, record: BatchUploadRecord): Cells {
  const { ref, abandonedRefs, verdict } = batch;
  const known = (n: number | undefined) => (n === undefined ? '?' : formatCount(n));
  const isJudged = verdict === 'success' || verdict === 'error';
  const refs = [
    ...(ref === undefined ? [] : [code(limitLabel(ref))]),
    ...abandonedRefs.slice(-MAX_ABANDONED).map((other) => `abandoned: ${code(limitLabel(other))}`),
  ];
  const [number, file, ...amounts] = sourceCells(batch);
  return [
    number,
    file,
    // The columns that matter less are on the right, where a narrow screen cuts them off.
    ['Status', statusCell(batch, record)],
    ['Accepted', isJudged ? known(batch.succeeded) : ''],
    ['Rejected', isJudged ? known(batch.failed) : ''],
    ...amounts,
    ['Ref', refs.join('<br>')],
  ];
}

function sourceCells({ number, shownPath, part, parts, records, sizeBytes }: BatchRecord): SourceCells {
  const which = parts === 1 ? '' : `<br>part ${formatCount(part)} of ${formatCount(parts)}`;
  return [
    ['#', formatCount(number)],
    ['File', `${nameCell(shownPath)}${which}`],
    ['Records', formatCount(records)],
    ['Size', unbroken(formatBytes(sizeBytes))],
  ];
}

/** Prevents line breaks: many columns are narrow. */
function unbroken(words: string): string {
  return words.replaceAll(' ', '&nbsp;');
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

function statusCell(batch: BatchRecord, { failure }: BatchUploadRecord): string {
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
export function corruptedTables({ batches }: BatchUploadRecord): string | undefined {
  const tables = batches
    .filter(({ verdict }) => verdict === 'corrupted')
    .map((batch) => {
      const { md5, sizeBytes, seen } = batch;
      const said = (cell: string | undefined) => cell ?? 'not reported';
      const bytes = (n: number | undefined) => (n === undefined ? undefined : count(n, 'byte'));
      const rows = [
        ['MD5', code(md5), said(seen?.md5 === undefined ? undefined : code(limitLabel(seen.md5)))],
        ['Size', count(sizeBytes, 'byte'), said(bytes(seen?.sizeBytes))],
        ...(seen?.etag === undefined ? [] : [['ETag of storage', '', code(limitLabel(seen.etag))]]),
      ];
      return `<b>What arrived of ${batchName(batch, batches)}</b>\n\n${table(['', 'What was sent', 'What Sitecore CDP received'], rows)}`;
    });
  // The first one ends the run, so there is only one.
  return tables[0];
}

/** Without values of the records, which are personal data. */
export function rejectedTable(record: BatchUploadRecord, maxBytes: number): string | undefined {
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
    header: ['Where', 'What Sitecore CDP says', 'Code', 'Ref'],
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

export function problemTable({ problems }: BatchUploadRecord, maxBytes: number): string | undefined {
  const { count: total, first } = problems;
  if (total === 0) return undefined;
  const one = {
    heading: `${count(total, 'problem')} in the files`,
    header: ['Where', 'What is wrong'],
    rows: first.map(messageRow),
    total,
    startsOpen: true,
  } as const;
  return renderCountedTables([one], maxBytes);
}

export function duplicateTable({ duplicates }: BatchUploadRecord, maxBytes: number): string | undefined {
  const { count: total, first } = duplicates;
  if (total === 0) return undefined;
  const heading = `${count(total, 'record')} with the <code>ref</code> or the guest of an earlier one`;
  return renderCountedTables(
    [{ heading, header: ['Where', 'What was found'], rows: first.map(messageRow), total }],
    maxBytes,
  );
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
