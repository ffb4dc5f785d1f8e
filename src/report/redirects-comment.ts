import { count, formatCount } from './format.ts';
import { limitFailure } from './limit-failure.ts';
import { limitedLink, limitLabel } from './limits.ts';
import { code, limitBytes, prose, text } from './markdown.ts';
import { withinLine } from './phrases.ts';
import { renderPlanTables } from './redirects-plan-table.ts';
import type { RedirectsRecord } from './redirects-record.ts';
import { markOf } from './redirects-summary.ts';
import {
  countToDo,
  planWords,
  progressSentences,
  resultWords,
  siteWords,
  stayingSentences,
  unchangedSentences,
} from './redirects-words.ts';
import { failureSection, formatUtc, requestFold } from './sections.ts';

/**
 * GitHub rejects a comment of more than 65,536 characters (API document, section 4); the rest is for the hidden lines.
 */
const MAX_COMMENT_BYTES = 60_000;
const MAX_TABLE_BYTES = 30_000;
/** A character of a text takes 13 bytes at most: these and the tables fit together, whatever they say. */
const FAILURE = { messageChars: 500, detailChars: 100, details: 5 };
const MAX_WARNINGS = 3;
const MAX_WARNING_CHARS = 200;

export interface RedirectsCommentOptions {
  /** The workflow run: where its log is. */
  runUrl: string | undefined;
  updatedAt: Date;
}

/**
 * The comment on a pull request about what `plan` would change or `sync` changed, as GitHub-flavoured Markdown of at
 * most 60,000 characters. For a run that has ended. Pure.
 */
export function renderRedirectsComment(record: RedirectsRecord, options: RedirectsCommentOptions): string {
  const failure = limitFailure(record.failure, FAILURE);
  const sections = [
    `### ${headingOf(record)}`,
    leadOf(record),
    failureSection(failure),
    warnings(record),
    renderPlanTables(record, MAX_TABLE_BYTES),
    footer(record, options),
    requestFold(failure),
  ];
  const comment = `${sections.filter((section) => section !== undefined && section !== '').join('\n\n')}\n`;
  // A path may contain half a character, which GitHub does not accept.
  return limitBytes(comment.toWellFormed(), MAX_COMMENT_BYTES);
}

/** Names the site, since a pull request has a comment for each. */
function headingOf(record: RedirectsRecord): string {
  const words = resultWords(record);
  if (words !== undefined) return `${markOf(record)} Redirects: ${withinLine(words)}`;
  const title = text(limitLabel(record.failure?.title ?? record.outcome));
  return `${markOf(record)} ${title} ·&nbsp;redirects of ${siteWords(record)}`;
}

/** What a reviewer must know before the tables: the result, and what is not done. */
function leadOf(record: RedirectsRecord): string {
  const sentences = [...planSentences(record), ...stayingSentences(record), ...progressSentences(record)];
  return sentences.map(prose).join(' ');
}

function planSentences(record: RedirectsRecord): string[] {
  switch (record.outcome) {
    case 'planned': {
      const changes = countToDo(record);
      const these = changes === 1 ? 'this change' : `these ${formatCount(changes)} changes`;
      return [
        `Nothing has been changed yet: for this file, \`sync\` would make ${these}.`,
        ...unchangedSentences(record),
      ];
    }
    case 'complete':
    case 'unchanged':
      return unchangedSentences(record);
    default:
      return record.plan === undefined ? [] : [`The plan was: ${planWords(record)}.`];
  }
}

function warnings({ warnings, oddities }: RedirectsRecord): string | undefined {
  const all = [...warnings, ...oddities.flatMap(oddLines)];
  if (all.length === 0) return undefined;
  const shown = all.slice(0, MAX_WARNINGS).map((warning) => `- ⚠️ ${prose(limitLabel(warning, MAX_WARNING_CHARS))}`);
  const rest = all.length - shown.length;
  if (rest > 0) shown.push(`- and ${count(rest, 'more warning')}: see the log of the run`);
  return shown.join('\n');
}

/** Of each kind the first; with the count, where there are more of it. */
function oddLines({ title, count: rows, first }: RedirectsRecord['oddities'][number]): string[] {
  const [row] = first;
  if (row === undefined) return [];
  return [`${title}${rows === 1 ? '' : `, ${formatCount(rows)} ×`}. Line ${row.line}: ${row.message}`];
}

function footer({ file }: RedirectsRecord, { runUrl, updatedAt }: RedirectsCommentOptions): string {
  const parts = [
    ...(file === undefined ? [] : [`From ${code(limitLabel(file))}`]),
    ...(runUrl === undefined ? [] : [limitedLink('Log of the run', runUrl)]),
  ];
  const updated = `<sub>Updated ${formatUtc(updatedAt)}</sub>`;
  return parts.length === 0 ? updated : `${parts.join(' · ')}<br>${updated}`;
}
