import { problemText } from '../domain/worker-logs/problems.ts';
import { count, formatBytes, formatCount, formatDuration } from './format.ts';
import { limitFailure } from './limit-failure.ts';
import { limitLabel } from './limits.ts';
import type { LogsOutcome, LogsRecord } from './logs-record.ts';
import { entriesWords, filterWords, foundWords, windowWords } from './logs-words.ts';
import { code, prose, table, text } from './markdown.ts';
import { apiHostCell, phasesSection, warningsSection } from './run-sections.ts';
import { factList, failureSection, formatUtc } from './sections.ts';

const FAILURE = { messageChars: 1500, detailChars: 400, details: 10 };
const MAX_TEXT_CHARS = 300;
const MAX_FACT_CHARS = 1000;

/** The step summary of `logs`, as GitHub-flavoured Markdown. Pure. */
export function renderLogsSummary(record: LogsRecord): string {
  const sections = [
    `## ${heading(record)}`,
    record.skipped === undefined ? undefined : prose(record.skipped.message),
    failureSection(limitFailure(shortened(record), FAILURE)),
    problemsTable(record),
    facts(record),
    warningsSection(record),
    phasesSection(record),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}

function heading(record: LogsRecord): string {
  const { outcome, failure, entries } = record;
  switch (outcome) {
    case 'complete':
    case 'truncated': {
      const isClean = record.errors + record.exceptions === 0;
      const mark = isClean && outcome === 'complete' ? '📜' : '⚠️';
      return `${mark} ${entriesWords(entries)}${entries === 0 ? '' : `, ${foundWords(record)}`}`;
    }
    case 'failed':
      return `❌ ${foundWords(record)}, in ${entriesWords(entries)}`;
    case 'skipped':
      return '⏭️ Skipped';
    default:
      return `${outcome === 'cancelled' ? '🚫' : '❌'} ${text(limitLabel(failure?.title ?? outcome))}`;
  }
}

/** The kinds of errors have a table of their own. */
function shortened({ failure, outcome }: LogsRecord): LogsRecord['failure'] {
  if (failure === undefined || outcome !== 'failed') return failure;
  const [headline = failure.message] = failure.details;
  return { ...failure, message: headline, details: [] };
}

function problemsTable({ problems, moreProblems }: LogsRecord): string | undefined {
  if (problems.length === 0) return undefined;
  const rows = problems.map((problem) => [
    `${problem.level === 'exception' ? '💥' : '🔴'} ${text(limitLabel(problemText(problem), MAX_TEXT_CHARS))}`,
    formatCount(problem.count),
    problem.paths.map((path) => code(limitLabel(path))).join('<br>'),
  ]);
  const more = moreProblems === 0 ? '' : `\n\nand ${count(moreProblems, 'more kind')}: see the file`;
  return `${table(['🔴 Errors, 💥 exceptions', 'Times', 'Requests'], rows, [1])}${more}`;
}

function facts(record: LogsRecord): string {
  const { asked, project, file, connections } = record;
  const { opened, broken } = connections;
  const filters = asked === undefined ? '' : filterWords(asked.filter);
  return factList([
    ['Outcome', code(record.outcome)],
    ['Project', projectCell(project)],
    ['Read', asked === undefined ? undefined : text(windowWords(asked.task))],
    ['Filters', filters === '' ? undefined : code(limitLabel(filters, MAX_FACT_CHARS))],
    [
      'File',
      file === undefined
        ? undefined
        : `${code(limitLabel(file.shownPath, MAX_FACT_CHARS))} (${formatBytes(file.sizeBytes)})`,
    ],
    ['Connections', opened === 0 ? undefined : connectionsText(opened, broken)],
    ['API host', apiHostCell(record)],
    ['Duration', formatDuration(record.durationMs)],
    ['Started', formatUtc(record.startedAt)],
    ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
  ]);
}

function projectCell({ uuid, name }: LogsRecord['project']): string | undefined {
  if (uuid === undefined) return undefined;
  return name === undefined ? code(uuid) : `${text(limitLabel(name))} (${code(uuid)})`;
}

function connectionsText(opened: number, broken: number): string {
  return broken === 0 ? `${formatCount(opened)}` : `${formatCount(opened)}, of which ${formatCount(broken)} broke`;
}

/** The last lines of the log. */
export function lastLogsLines(record: LogsRecord): string[] {
  const { outcome, durationMs, failure } = record;
  const read = `${entriesWords(record.entries)}, ${foundWords(record)}`;
  const texts: Readonly<Record<LogsOutcome, string>> = {
    complete: `complete (${read})`,
    truncated: `truncated (${read}; some are missing)`,
    failed: `failed (${read})`,
    skipped: 'skipped (this run has no access token, and is not meant to)',
    cancelled: `cancelled${failure?.inShort === undefined ? '' : ` (${failure.inShort})`}`,
    error: 'error',
  };
  return [`Outcome: ${texts[outcome]}`, `Duration: ${formatDuration(durationMs)}`];
}
