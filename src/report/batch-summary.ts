import { type BatchOutcome, type BatchUploadRecord, isAwaited } from './batch-record.ts';
import { batchList, corruptedList, duplicateList, nameCell, problemList, rejectedList } from './batch-tables.ts';
import { progressSentences, resendWarning, resultWords } from './batch-words.ts';
import { correlationFact, endFact, supportFold } from './facts.ts';
import { count, formatBytes, formatCount } from './format.ts';
import { limitFailure } from './limit-failure.ts';
import { limitLabel } from './limits.ts';
import { code, prose, text } from './markdown.ts';
import { factsLine, renderPage, type SummaryDetail } from './page.ts';
import { phasesFold, warningsSection } from './run-sections.ts';
import { failureSection } from './sections.ts';

/**
 * Limits of the largest parts, of 1,000 kB for the whole summary; a character of a text takes at most 13 bytes. What
 * remains is more than enough for the rest.
 */
const REJECTED_BYTES = 250_000;
const BATCH_BYTES = 150_000;
const PROBLEM_BYTES = 100_000;
const DUPLICATE_BYTES = 50_000;
const FAILURE = { messageChars: 1500, detailChars: 300, details: 10 };
const MAX_TEXT_CHARS = 200;
const MAX_FACT_CHARS = 1000;
const MAX_FILES = 10;

/** The first character of a heading. */
const MARKS: Readonly<Record<BatchOutcome, string>> = {
  success: '✅',
  partial: '❌',
  failed: '❌',
  corrupted: '❌',
  unknown: '❓',
  'dry-run': '📋',
  cancelled: '🚫',
  error: '❌',
};

/** The step summary of `batch-upload`, as GitHub-flavoured Markdown. Pure; under 1,000 kB by its own limits. */
export function renderBatchSummary(record: BatchUploadRecord, detail?: SummaryDetail): string {
  const page = {
    heading: headingOf(record),
    lead: [
      ...leadOf(record).map(prose),
      failureSection(limitFailure(record.failure, FAILURE)),
      factsLine(factsOf(record)),
      warningsSection(record, MAX_TEXT_CHARS),
    ],
    more: [
      corruptedList(record),
      problemList(record, PROBLEM_BYTES),
      rejectedList(record, REJECTED_BYTES),
      batchList(record, BATCH_BYTES),
      duplicateList(record, DUPLICATE_BYTES),
      phasesFold(record, MAX_TEXT_CHARS),
      detailsFold(record),
    ],
  };
  return renderPage(page, detail);
}

function headingOf(record: BatchUploadRecord): string {
  const { outcome, failure } = record;
  // A green run with rejected records still deserves attention.
  const isAllowed = failure === undefined && (outcome === 'partial' || outcome === 'failed');
  const mark = isAllowed ? '⚠️' : MARKS[outcome];
  const words = resultWords(record);
  if (words !== undefined) return `${mark} ${words}`;
  const title = text(limitLabel(failure?.title ?? outcome));
  return `${mark} ${outcome === 'error' ? `Nothing uploaded: ${title}` : title}`;
}

/** What a reader must know first, besides the failure. */
function leadOf(record: BatchUploadRecord): string[] {
  if (record.outcome === 'dry-run') return ['Nothing was sent, and the credentials were not checked.'];
  return [...progressSentences(record), ...resendSentences(record)];
}

/** What to know before the job is run again. */
function resendSentences({ files, batches }: BatchUploadRecord): string[] {
  const once = resendWarning(files.flatMap(({ modes }) => modes));
  if (once === undefined || !batches.some(({ isStarted }) => isStarted)) return [];
  return [`Before you run this job again, note: ${once}`];
}

function factsOf(record: BatchUploadRecord): (string | undefined)[] {
  const { host, files, allowFailedRecords } = record;
  const [file] = files;
  const bytes = files.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
  return [
    files.length === 1 && file !== undefined ? nameCell(file.shownPath) : undefined,
    files.length > 1 ? count(files.length, 'file') : undefined,
    files.length === 0 ? undefined : formatBytes(bytes),
    host === undefined ? undefined : `host ${code(limitLabel(host))}`,
    allowFailedRecords === 0 ? undefined : `${count(allowFailedRecords, 'record')} may be rejected`,
    endFact(record),
    correlationFact(record),
  ];
}

function detailsFold(record: BatchUploadRecord): string {
  const { errorsFile } = record;
  const rows = [
    ['Outcome', code(record.outcome)],
    [record.files.length === 1 ? 'File' : 'Files', filesCell(record)],
    ['Without a verdict', awaitedCell(record)],
    ['Errors file', errorsFile === undefined ? undefined : code(limitLabel(errorsFile, MAX_FACT_CHARS))],
  ] as const;
  return supportFold(record, rows, 'Details and ids for support');
}

/** To copy into `batch-ref` or a support request: the table of a long run is collapsed. */
function awaitedCell({ batches }: BatchUploadRecord): string | undefined {
  const { ref } = batches.find(isAwaited) ?? {};
  return ref === undefined ? undefined : code(limitLabel(ref));
}

function filesCell({ files }: BatchUploadRecord): string | undefined {
  if (files.length === 0) return undefined;
  const lines = files.slice(0, MAX_FILES).map(({ shownPath, records, sizeBytes, isGzipped }) => {
    const size = `${formatBytes(sizeBytes)}${isGzipped ? ' gzipped' : ''}`;
    return `${nameCell(shownPath)} (${count(records, 'record')}, ${size})`;
  });
  const rest = files.length - lines.length;
  if (rest > 0) lines.push(`and ${formatCount(rest)} more`);
  return lines.join('<br>');
}
