import { renderCountedTables } from './counted-table.ts';
import { count, formatCount, formatDuration } from './format.ts';
import { limitFailure } from './limit-failure.ts';
import { limitLabel } from './limits.ts';
import { code, link, prose, text } from './markdown.ts';
import { pathCell, renderPlanTables, targetCell } from './redirects-plan-table.ts';
import type { RedirectsOutcome, RedirectsRecord } from './redirects-record.ts';
import {
  countRejected,
  planWords,
  progressSentences,
  resultWords,
  stayingSentences,
  unchangedSentences,
} from './redirects-words.ts';
import { apiHostCell, phasesSection, warningsSection } from './run-sections.ts';
import { factList, failureSection, formatUtc } from './sections.ts';

/**
 * What each part may use of the 1,000 kB limit; a character of a text takes 13 bytes at most. The remainder is more
 * than enough for the rest.
 */
const TABLE_BYTES = 400_000;
const ODDITY_BYTES = 100_000;
const FAILURE = { messageChars: 1500, detailChars: 300, details: 50 };
const MAX_TEXT_CHARS = 300;
const MAX_FACT_CHARS = 1000;
const MAX_JOBS = 20;

/** How a heading begins. */
const MARKS: Readonly<Record<RedirectsOutcome, string>> = {
  complete: '✅',
  partial: '❌',
  failed: '❌',
  unknown: '❓',
  planned: '📋',
  unchanged: '✅',
  skipped: '⏭️',
  cancelled: '🚫',
  error: '❌',
};

/** The step summary of `redirects`, as GitHub-flavoured Markdown. Pure; under 1,000 kB by its own limits. */
export function renderRedirectsSummary(record: RedirectsRecord): string {
  const warnings = warningsSection(record, MAX_TEXT_CHARS);
  // Those of a plan say why `sync` would not start.
  const isPlanned = record.outcome === 'planned';
  const sections = [
    `## ${headingOf(record)}`,
    ...leadOf(record).map((sentence) => prose(limitLabel(sentence, MAX_FACT_CHARS))),
    failureSection(limitFailure(record.failure, FAILURE)),
    ...(isPlanned ? [warnings] : []),
    rejectedTable(record),
    renderPlanTables(record, TABLE_BYTES),
    facts(record),
    oddityTables(record),
    ...(isPlanned ? [] : [warnings]),
    phasesSection(record, MAX_TEXT_CHARS),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}

/** A green run with rejected rows still needs attention. */
export function markOf({ outcome, failure }: Pick<RedirectsRecord, 'outcome' | 'failure'>): string {
  return outcome === 'partial' && failure === undefined ? '⚠️' : MARKS[outcome];
}

function headingOf(record: RedirectsRecord): string {
  const words = resultWords(record) ?? text(limitLabel(record.failure?.title ?? record.outcome, MAX_TEXT_CHARS));
  return `${markOf(record)} ${words}`;
}

/** What a reader must know first, besides the failure. */
function leadOf(record: RedirectsRecord): string[] {
  const { note, skipped, outcome } = record;
  return [
    ...(skipped === undefined ? [] : [skipped.message]),
    ...(note === undefined ? [] : note.split('\n')),
    ...(outcome === 'unchanged' ? unchangedSentences(record) : []),
    ...stayingSentences(record),
    ...progressSentences(record),
  ];
}

function rejectedTable(record: RedirectsRecord): string | undefined {
  const { rejected, failedRowsFile } = record;
  const total = countRejected(record);
  if (total === 0) return undefined;
  const rows = rejected.first.map(({ line, row, message }) => [
    line === undefined ? '?' : `${line}`,
    row === undefined ? '' : pathCell(row.fromPath),
    row === undefined ? '' : targetCell(row.target),
    text(limitLabel(message, MAX_TEXT_CHARS)),
  ]);
  const header = ['Line', 'Old path', 'Leads to', 'What the platform says'];
  const heading = `${count(total, 'row')} ${total === 1 ? 'was' : 'were'} rejected by the platform`;
  const more =
    failedRowsFile === undefined ? {} : { more: ': the output <code>failed-rows-file</code> has all of them' };
  const note = unnamedNote(rejected.named, rejected.named === 0 ? total : rejected.unnamed);
  return renderCountedTables(
    [{ heading, ...more, ...note, header, rows, total: rejected.named, startsOpen: true }],
    TABLE_BYTES,
  );
}

function unnamedNote(named: number, unnamed: number): { note?: string } {
  if (unnamed === 0) return {};
  const which = named === 0 ? 'they are' : `${formatCount(unnamed)} of them ${unnamed === 1 ? 'is' : 'are'}`;
  return { note: `The platform does not say which ${which}.` };
}

function facts(record: RedirectsRecord): string {
  const { command, siteId, file, backupFile, failedRowsFile, comment, plan } = record;
  const path = (value: string | undefined) =>
    value === undefined ? undefined : code(limitLabel(value, MAX_FACT_CHARS));
  return factList([
    ['Outcome', code(record.outcome)],
    ['Command', command === undefined ? undefined : code(command)],
    ['Site', siteId === undefined ? undefined : code(String(siteId))],
    ['File', path(file)],
    ['Plan', plan === undefined ? undefined : `${planWords(record)}; ${formatCount(plan.unchanged)} unchanged`],
    [record.jobs.length === 1 ? 'Job' : 'Jobs', jobsCell(record)],
    ['Rejected rows', path(failedRowsFile)],
    ['Backup', path(backupFile)],
    ['API host', apiHostCell(record)],
    ['Comment', comment === undefined ? undefined : link('on the pull request', comment.url)],
    ['Duration', formatDuration(record.durationMs)],
    ['Started', formatUtc(record.startedAt)],
    ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
  ]);
}

function jobsCell(record: RedirectsRecord): string | undefined {
  const { jobs } = record;
  if (jobs.length === 0) return undefined;
  const lines = jobs.slice(-MAX_JOBS).map(({ jobId, status, completed, failed, total, part, parts }) => {
    const which = parts === 1 ? '' : `part ${part} of ${parts}: `;
    const counts = `${formatCount(completed)} of ${formatCount(total)} done, ${formatCount(failed)} rejected`;
    return `${which}${code(limitLabel(jobId))} ${text(limitLabel(status))}, ${counts}`;
  });
  const earlier = jobs.length - lines.length;
  if (earlier > 0) lines.unshift(`${formatCount(earlier)} earlier, then`);
  return lines.join('<br>');
}

function oddityTables({ oddities }: RedirectsRecord): string | undefined {
  if (oddities.length === 0) return undefined;
  const tables = oddities.map(({ title, meaning, count: total, first }) => ({
    ...(meaning === undefined ? {} : { note: prose(limitLabel(meaning, MAX_TEXT_CHARS)) }),
    heading: `${formatCount(total)} × ${text(limitLabel(title))}`,
    header: ['Line', 'What is odd'],
    rows: first.map(({ line, message }) => [`${line}`, prose(limitLabel(message, MAX_TEXT_CHARS))]),
    total,
  }));
  return `### Odd rows\n\n${renderCountedTables(tables, ODDITY_BYTES)}`;
}
