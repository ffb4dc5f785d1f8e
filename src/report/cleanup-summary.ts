import type { CleanupRecord, PreviewFate } from './cleanup-record.ts';
import { count, formatDuration } from './format.ts';
import { code, link, prose, table, text } from './markdown.ts';
import { apiHostCell, phasesSection, warningsSection } from './run-sections.ts';
import { factList, failureSection, formatUtc } from './sections.ts';

/** A store has far fewer; the summary has to fit whatever comes. */
const MAX_PREVIEWS = 500;

const FATES: Readonly<Record<PreviewFate, string>> = {
  gone: '🧹 deleted',
  'would-go': '🧪 would be deleted',
  failed: '❌ not deleted',
  uncertain: '❓ may have been deleted',
  waiting: '⏸️ not processed',
  kept: '✋ kept',
};

/** What was done comes before what was not. */
const ORDER = Object.keys(FATES);

/** The step summary of `preview-cleanup`, as GitHub-flavoured Markdown. Pure. */
export function renderCleanupSummary(record: CleanupRecord): string {
  const sections = [
    `## ${heading(record)}`,
    record.note === undefined ? undefined : prose(record.note),
    record.skipped === undefined ? undefined : prose(record.skipped.message),
    failureSection(record.failure),
    previewsTable(record),
    factList([
      ['Outcome', code(record.outcome)],
      ['API host', apiHostCell(record)],
      ['Duration', formatDuration(record.durationMs)],
      ['Started', formatUtc(record.startedAt)],
      ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
    ]),
    warningsSection(record),
    phasesSection(record),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function heading({ outcome, failure, previews }: CleanupRecord): string {
  switch (outcome) {
    case 'deleted':
      return `🧹 Deleted ${count(countOf(previews, 'gone'), 'preview')}`;
    case 'dry-run':
      return `🧪 Dry run: ${wouldGo(countOf(previews, 'would-go'))} be deleted`;
    case 'nothing':
      return '🧹 Nothing to delete';
    case 'skipped':
      return '⏭️ Skipped';
    default:
      return `${outcome === 'cancelled' ? '🚫' : '❌'} ${text(failure?.title ?? outcome)}`;
  }
}

function wouldGo(previews: number): string {
  return `${previews === 0 ? 'nothing' : count(previews, 'preview')} would`;
}

function countOf(previews: CleanupRecord['previews'], wanted: PreviewFate): number {
  return previews.filter(({ fate }) => fate === wanted).length;
}

function previewsTable({ previews }: CleanupRecord): string | undefined {
  if (previews.length === 0) return undefined;
  const rows = previews
    .toSorted((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate))
    .slice(0, MAX_PREVIEWS)
    .map(({ project, pullRequest, pullRequestUrl, fate, why }) => [
      code(project),
      link(`#${pullRequest}`, pullRequestUrl),
      FATES[fate],
      text(why),
    ]);
  const rest = previews.length - rows.length;
  const more = rest === 0 ? '' : `\n\nand ${rest} more: see the job log`;
  return `${table(['Project', 'Pull request', 'What was done', 'Why'], rows)}${more}`;
}

/** The last lines of the log. */
export function lastCleanupLines({ outcome, previews, durationMs, failure }: CleanupRecord): string[] {
  const { inShort } = failure ?? {};
  const deleted = count(countOf(previews, 'gone'), 'preview');
  const texts: Readonly<Record<CleanupRecord['outcome'], string>> = {
    deleted: `deleted (${deleted})`,
    nothing: 'nothing (there was nothing to delete)',
    'dry-run': `dry-run (${wouldGo(countOf(previews, 'would-go'))} be deleted; nothing was changed)`,
    skipped: 'skipped (this run has no access token, and is not meant to)',
    cancelled: `cancelled${inShort === undefined ? '' : ` (${inShort})`}`,
    error: `error (deleted: ${deleted})`,
  };
  return [`Outcome: ${texts[outcome]}`, `Duration: ${formatDuration(durationMs)}`];
}
