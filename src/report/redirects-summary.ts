import { targetText } from '../domain/redirects/redirect.ts';
import { renderCountedTables } from './counted-table.ts';
import { correlationFact, endFact, supportFold } from './facts.ts';
import { count, formatCount } from './format.ts';
import { fitFailure, fitText } from './limit-failure.ts';
import { limitLabel } from './limits.ts';
import { code, link, prose, text } from './markdown.ts';
import { factsLine, renderPage, type SummaryDetail } from './page.ts';
import { redirectsHeading } from './redirects-heading.ts';
import { limitPlace, renderPlanDiff, renderStaying } from './redirects-plan-diff.ts';
import type { RedirectsRecord } from './redirects-record.ts';
import {
  countRejected,
  matchingSentences,
  notRemovedSentences,
  stayingSentences,
  unchangedSentences,
  unsaidProgress,
} from './redirects-words.ts';
import { apiHostCell, phasesFold, warningsSection } from './run-sections.ts';
import { failureSection } from './sections.ts';

/** What each part may use of the 1,000 kB limit. The remainder is more than enough for the rest. */
const PLAN_BYTES = 200_000;
const REJECTED_BYTES = 300_000;
const ODDITY_BYTES = 100_000;
const FAILURE = { messageBytes: 20_000, detailBytes: 4000, detailsBytes: 100_000, details: 50 };
/** Of an explanation: an honest one has a few hundred characters. */
const MAX_TEXT_BYTES = 4000;
const MAX_WARNING_CHARS = 300;
const MAX_FACT_CHARS = 1000;
const MAX_JOBS = 20;

/** The step summary of `redirects`, as GitHub-flavoured Markdown. Pure; under 1,000 kB by its own limits. */
export function renderRedirectsSummary(record: RedirectsRecord, detail?: SummaryDetail): string {
  const diff = renderPlanDiff(record, PLAN_BYTES);
  const page = {
    heading: redirectsHeading(record),
    lead: [
      failureSection(fitFailure(record.failure, FAILURE)),
      sentences(unsaidProgress(record)),
      // Those of a plan say why `sync` would not start.
      warningsSection(record, MAX_WARNING_CHARS),
      rejectedList(record),
      diff.open,
      lastLine(record),
    ],
    more: [
      diff.more,
      renderStaying(record, PLAN_BYTES),
      oddityLists(record),
      ...(isNothing(record) ? [] : [phasesFold(record, MAX_WARNING_CHARS), detailsFold(record)]),
    ],
  };
  return renderPage(page, detail);
}

/** Nothing had to be done, which two lines say. */
function isNothing({ outcome }: RedirectsRecord): boolean {
  return outcome === 'unchanged' || outcome === 'skipped';
}

function sentences(all: readonly string[]): string | undefined {
  return all.length === 0 ? undefined : all.map((one) => prose(limitLabel(one, MAX_FACT_CHARS))).join(' ');
}

/** What the changes do not say by themselves, and the facts. */
function lastLine(record: RedirectsRecord): string | undefined {
  const parts = [sentences(resultSentences(record)), factsLine(factsOf(record))];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** What the changes do not say by themselves. */
function resultSentences(record: RedirectsRecord): string[] {
  const { outcome, command, note, skipped, failure } = record;
  if (skipped !== undefined) return [skipped.message];
  if (failure !== undefined) return [];
  const left = stayingSentences(record);
  if (outcome === 'planned') return ['Nothing was changed.', ...unchangedSentences(record), ...left];
  if (command === 'import' || command === 'export') return note?.split('\n') ?? [];
  if (outcome === 'unchanged') return [...matchingSentences(record), ...left];
  return [...notRemovedSentences(record), ...unchangedSentences(record), ...left];
}

function rejectedList(record: RedirectsRecord): string | undefined {
  const { rejected, failedRowsFile } = record;
  const total = countRejected(record);
  if (total === 0) return undefined;
  const rows = rejected.first.map(({ line, row, message }) => {
    const redirect = row === undefined ? '' : `: ${placeCode(row.fromPath)} → ${placeCode(targetText(row.target))}`;
    return [`Line ${line ?? '?'}${redirect}`, text(fitText(message, MAX_TEXT_BYTES, text))];
  });
  const heading = `${count(total, 'row')} ${total === 1 ? 'was' : 'were'} rejected by the platform`;
  const more =
    failedRowsFile === undefined ? {} : { more: ': the output <code>failed-rows-file</code> has all of them' };
  const note = unnamedNote(rejected.named, rejected.named === 0 ? total : rejected.unnamed);
  return renderCountedTables(
    [{ heading, ...more, ...note, rows, total: rejected.named, startsOpen: true }],
    REJECTED_BYTES,
  );
}

function unnamedNote(named: number, unnamed: number): { note?: string } {
  if (unnamed === 0) return {};
  const which = named === 0 ? 'they are' : `${formatCount(unnamed)} of them ${unnamed === 1 ? 'is' : 'are'}`;
  return { note: `The platform does not say which ${which}.` };
}

function factsOf(record: RedirectsRecord): (string | undefined)[] {
  const { file, note, comment, skipped } = record;
  if (skipped !== undefined) return [];
  return [
    // A note names it.
    file === undefined || note?.includes(file) === true ? undefined : code(limitLabel(file)),
    comment === undefined ? undefined : link('comment', comment.url),
    endFact(record),
    correlationFact(record),
  ];
}

function detailsFold(record: RedirectsRecord): string {
  const { command, siteId, backupFile, failedRowsFile } = record;
  const path = (value: string | undefined) =>
    value === undefined ? undefined : code(limitLabel(value, MAX_FACT_CHARS));
  const rows = [
    ['Command', command === undefined ? undefined : code(command)],
    ['Outcome', code(record.outcome)],
    ['Site', siteId === undefined ? undefined : code(String(siteId))],
    [record.jobs.length === 1 ? 'Job' : 'Jobs', jobsText(record)],
    ['Rejected rows', path(failedRowsFile)],
    ['Backup', path(backupFile)],
    ['API host', apiHostCell(record)],
  ] as const;
  return supportFold(record, rows, 'Files and ids for support');
}

function jobsText(record: RedirectsRecord): string | undefined {
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

function oddityLists({ oddities }: RedirectsRecord): string | undefined {
  if (oddities.length === 0) return undefined;
  const lists = oddities.map(({ title, meaning, count: total, first }) => ({
    ...(meaning === undefined ? {} : { note: prose(fitText(meaning, MAX_TEXT_BYTES)) }),
    heading: `⚠️ ${formatCount(total)} × ${text(limitLabel(title))}`,
    rows: first.map(({ line, message }) => [`Line ${line}: ${prose(fitText(message, MAX_TEXT_BYTES))}`]),
    total,
    startsClosed: true,
  }));
  return renderCountedTables(lists, ODDITY_BYTES);
}

function placeCode(place: string): string {
  return code(limitPlace(place));
}
