import { limitLabel } from './limits.ts';
import { text, unbroken } from './markdown.ts';
import type { RedirectsOutcome, RedirectsRecord } from './redirects-record.ts';
import { changeSigns, resultWords, siteWords } from './redirects-words.ts';

const MAX_TITLE_CHARS = 300;

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

/** `📋 Redirects of store.example.com: +2 ~1 −1`, as Markdown: what summary and comment begin with. */
export function redirectsHeading(record: RedirectsRecord): string {
  return `${markOf(record)} ${headingWords(record)}`;
}

/** A green run with rejected rows still needs attention. */
function markOf({ outcome, failure }: Pick<RedirectsRecord, 'outcome' | 'failure'>): string {
  return outcome === 'partial' && failure === undefined ? '⚠️' : MARKS[outcome];
}

function headingWords(record: RedirectsRecord): string {
  const { command, outcome, failure, siteId, domain } = record;
  const isOfSite = siteId !== undefined || domain !== undefined;
  const redirects = isOfSite ? `Redirects of ${text(siteWords(record))}` : 'Redirects';
  const result = resultWords(record);
  if (result === undefined) return `${redirects}: ${text(limitLabel(failure?.title ?? outcome, MAX_TITLE_CHARS))}`;
  if (command === 'import' || command === 'export' || outcome === 'skipped') return result;
  // A phone breaks the line before them all.
  const signs = unbroken(changeSigns(record));
  return `${redirects}: ${outcome === 'unchanged' ? 'nothing to change' : signs || 'nothing changed'}`;
}
