import { createHash } from 'node:crypto';
import { count, formatCount } from './format.ts';
import { fitFailure, fitText } from './limit-failure.ts';
import { limitedLink, limitLabel } from './limits.ts';
import { code, limitBytes, prose } from './markdown.ts';
import { factsLine } from './page.ts';
import { redirectsHeading } from './redirects-heading.ts';
import { renderPlanDiff, renderStaying } from './redirects-plan-diff.ts';
import type { RedirectsRecord } from './redirects-record.ts';
import {
  matchingSentences,
  notRemovedSentences,
  stayingSentences,
  unchangedSentences,
  unsaidProgress,
} from './redirects-words.ts';
import { failureSection, formatUtc, requestFold } from './sections.ts';

/**
 * GitHub rejects a comment of more than 65,536 characters (API document, section 4); the rest is for the hidden lines.
 */
const MAX_COMMENT_BYTES = 60_000;
/** These parts fit together, whatever they say. */
const MAX_PLAN_BYTES = 20_000;
const MAX_STAYING_BYTES = 5000;
const FAILURE = { messageBytes: 6000, detailBytes: 3000, detailsBytes: 8000, details: 10 };
const MAX_WARNINGS = 3;
const MAX_WARNING_BYTES = 2500;

export interface RedirectsCommentOptions {
  /** The workflow run: where its log is. */
  runUrl: string | undefined;
  /** The pull request, where its files are. */
  pullRequestUrl?: string | undefined;
  updatedAt: Date;
}

/**
 * The comment on a pull request about what `plan` would change or `sync` changed, as GitHub-flavoured Markdown of at
 * most 60,000 characters. For a run that has ended. Pure.
 */
export function renderRedirectsComment(record: RedirectsRecord, options: RedirectsCommentOptions): string {
  const diff = renderPlanDiff(record, MAX_PLAN_BYTES);
  const failure = fitFailure(record.failure, FAILURE);
  const sections = [
    `### ${redirectsHeading(record)}`,
    failureSection(failure),
    warnings(record),
    diff.open,
    diff.more,
    lastLine(record, options),
    renderStaying(record, MAX_STAYING_BYTES),
    requestFold(failure),
  ];
  const comment = `${sections.filter((section) => section !== undefined && section !== '').join('\n\n')}\n`;
  // A path may contain half a character, which GitHub does not accept.
  return limitBytes(comment.toWellFormed(), MAX_COMMENT_BYTES);
}

function sentencesOf(record: RedirectsRecord): string[] {
  const left = [...unchangedSentences(record), ...stayingSentences(record)];
  switch (record.outcome) {
    case 'planned':
      return ['Nothing is changed until this is merged.', ...left];
    case 'unchanged':
      return [...matchingSentences(record), ...stayingSentences(record)];
    case 'complete':
      return [...notRemovedSentences(record), ...left];
    default:
      return unsaidProgress(record);
  }
}

function warnings({ warnings, oddities }: RedirectsRecord): string | undefined {
  const all = [...warnings, ...oddities.flatMap(oddLines)];
  if (all.length === 0) return undefined;
  const shown = all.slice(0, MAX_WARNINGS).map((warning) => `- ⚠️ ${prose(fitText(warning, MAX_WARNING_BYTES))}`);
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

/** What is to be said of the changes, and where they come from. */
function lastLine(record: RedirectsRecord, { runUrl, pullRequestUrl, updatedAt }: RedirectsCommentOptions): string {
  const facts = factsLine([
    fileFact(record.file, pullRequestUrl),
    runUrl === undefined ? undefined : limitedLink('Log', runUrl),
    `<sub>${formatUtc(updatedAt)}</sub>`,
  ]);
  return [...sentencesOf(record).map(prose), facts].join(' ');
}

/** Leads to the file among those that the pull request changes: GitHub's anchor is the hash of its path. */
function fileFact(file: string | undefined, pullRequestUrl: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  if (pullRequestUrl === undefined) return code(limitLabel(file));
  const anchor = createHash('sha256').update(file).digest('hex');
  return limitedLink(file, `${pullRequestUrl}/files#diff-${anchor}`);
}
