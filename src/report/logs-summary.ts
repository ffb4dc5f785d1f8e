import { problemText } from '../domain/worker-logs/problems.ts';
import { correlationFact, endFact, supportFold } from './facts.ts';
import { count, formatBytes, formatCount, formatDuration } from './format.ts';
import { limitFailure } from './limit-failure.ts';
import { limitLabel } from './limits.ts';
import type { LogsOutcome, LogsRecord } from './logs-record.ts';
import { entriesWords, filterWords, foundWords, windowWords } from './logs-words.ts';
import { code, prose, text } from './markdown.ts';
import { factsLine, fold, renderPage, type SummaryDetail } from './page.ts';
import { apiHostFact, phasesFold, warningsSection } from './run-sections.ts';
import { failureSection } from './sections.ts';

const FAILURE = { messageChars: 1500, detailChars: 400, details: 10 };
const MAX_TEXT_CHARS = 300;
const MAX_FACT_CHARS = 1000;
/** More kinds of errors than these have to be opened. */
const OPEN_PROBLEMS = 5;

/** The step summary of `logs`, as GitHub-flavoured Markdown. Pure. */
export function renderLogsSummary(record: LogsRecord, detail?: SummaryDetail): string {
  const { skipped, failure } = record;
  const page = {
    heading: headingOf(record),
    lead: [
      skipped === undefined ? undefined : prose(skipped.message),
      failure === undefined ? undefined : readSentence(record),
      failureSection(limitFailure(shortened(record), FAILURE)),
      skipped === undefined ? factsLine(factsOf(record)) : undefined,
      problemLines(record.problems.slice(0, OPEN_PROBLEMS)),
      warningsSection(record),
    ],
    more: [moreProblems(record), ...(skipped === undefined ? [phasesFold(record), detailsFold(record)] : [])],
  };
  return renderPage(page, detail);
}

function headingOf(record: LogsRecord): string {
  const { outcome, failure, entries } = record;
  switch (outcome) {
    case 'complete':
    case 'truncated': {
      const isClean = record.errors + record.exceptions === 0;
      const mark = isClean && outcome === 'complete' ? '📜' : '⚠️';
      return `${mark} Worker log: ${entries === 0 ? 'no entries' : `${entriesWords(entries)}, ${foundWords(record)}`}`;
    }
    case 'failed':
      return `❌ Worker log: ${foundWords(record)} in ${entriesWords(entries)}`;
    case 'skipped':
      return '⏭️ Skipped: log not read';
    default: {
      const title = failure?.title ?? outcome;
      const isSaid = outcome === 'cancelled' || /\bnot (?:read|opened)\b/i.test(title);
      const start = isSaid ? '' : `Worker log not read${entries === 0 ? '' : ' to its end'}: `;
      return `${outcome === 'cancelled' ? '🚫' : '❌'} ${start}${text(limitLabel(title))}`;
    }
  }
}

/** Of a run that broke off: what it had read. */
function readSentence({ outcome, entries }: LogsRecord): string | undefined {
  if (outcome === 'failed' || entries === 0) return undefined;
  return `${entriesWords(entries)} ${entries === 1 ? 'was' : 'were'} read before.`;
}

/** Heading and list have the numbers and the kinds of errors already. */
function shortened({ failure, outcome }: LogsRecord): LogsRecord['failure'] {
  return failure === undefined || outcome !== 'failed' ? failure : { ...failure, message: '', details: [] };
}

function factsOf(record: LogsRecord): (string | undefined)[] {
  const { asked, project, outcome } = record;
  return [
    projectFact(project),
    asked === undefined ? undefined : text(windowWords(asked.task)),
    asked === undefined || outcome !== 'failed' ? undefined : `fail-on ${code(asked.failOn)}`,
    apiHostFact(record),
    endFact(record),
    correlationFact(record),
  ];
}

function projectFact({ uuid, name }: LogsRecord['project']): string | undefined {
  const shown = name ?? uuid;
  return shown === undefined ? undefined : code(limitLabel(shown));
}

/** Lines and no table, which would be cut off on a phone. */
function problemLines(problems: LogsRecord['problems']): string {
  return problems
    .map((problem) => {
      const mark = problem.level === 'exception' ? '💥' : '🔴';
      const words = text(limitLabel(problemText(problem), MAX_TEXT_CHARS));
      const paths = problem.paths.map((path) => code(limitLabel(path))).join(', ');
      return `- ${mark} ${formatCount(problem.count)} × ${words}${paths === '' ? '' : ` · ${paths}`}`;
    })
    .join('\n');
}

function moreProblems({ problems, moreProblems: others }: LogsRecord): string | undefined {
  const rest = problems.slice(OPEN_PROBLEMS);
  const last = others === 0 ? '' : `and ${count(others, 'more kind')}: see the file`;
  if (rest.length === 0) return last;
  return fold(`${count(rest.length, 'more kind')} of errors`, [problemLines(rest), last].join('\n\n').trimEnd());
}

function detailsFold(record: LogsRecord): string {
  const { asked, project, file, connections } = record;
  const { opened, broken } = connections;
  const filters = asked === undefined ? '' : filterWords(asked.filter);
  const rows = [
    ['Outcome', code(record.outcome)],
    ['Project', projectCell(project)],
    ['Filters', filters === '' ? undefined : code(limitLabel(filters, MAX_FACT_CHARS))],
    [
      'File',
      file === undefined
        ? undefined
        : `${code(limitLabel(file.shownPath, MAX_FACT_CHARS))} (${formatBytes(file.sizeBytes)})`,
    ],
    ['Connections', opened === 0 ? undefined : connectionsText(opened, broken)],
  ] as const;
  return supportFold(record, rows, 'Details and ids for support');
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
    error: `error (${record.entries === 0 ? 'the log was not read' : `${read}; the rest was not read`})`,
  };
  return [`Outcome: ${texts[outcome]}`, `Duration: ${formatDuration(durationMs)}`];
}
