import type { Live } from '../domain/run-step.ts';
import {
  countBroken,
  describePage,
  type PageResult,
  type PageState,
  type VerificationRecord,
} from '../domain/verification/checks.ts';
import { loggedDetail } from '../domain/worker-logs/worker-logs-record.ts';
import type { DeployOutcome } from './deploy-record.ts';
import { limitLabel, limitUrl } from './limits.ts';
import { breakable, breakableCode, link, prose, table, text } from './markdown.ts';
import { fold } from './page.ts';
import type { FailureRecord } from './run-record.ts';
import { shortSha } from './sections.ts';
import type { RestoredRecord, Verified } from './verification-record.ts';
import { hasPassed, pageTimes, rehearsalWords, verificationWords } from './verification-words.ts';
import { workerLogsSection } from './worker-logs-section.ts';

/** What a summary and a comment show of verification, rehearsal and rollback, as Markdown: a line, or a small table. */

export interface VerificationView extends Omit<Verified, 'isVerifying'> {
  outcome: DeployOutcome;
  live: Live;
  /** Of what this run deployed. */
  buildId?: string | undefined;
}

export interface VerificationLimits {
  pages: number;
  /** Of each problem and advice. */
  textChars: number;
  /** The pages of a storefront that works unfold below its line; otherwise they are not shown. */
  foldsHealthy?: boolean;
}

const MARKS: Readonly<Record<VerificationRecord['state'], string>> = {
  healthy: '✅',
  unhealthy: '❌',
  inconclusive: '⚠️',
  skipped: '⏭️',
};
const ORDER: Readonly<Record<PageState, number>> = { unhealthy: 0, inconclusive: 1, healthy: 2 };

/** Whether the storefront works, and which build is live; undefined where nothing is known of it. */
export function verificationSection(view: VerificationView, limits: VerificationLimits): string | undefined {
  const { verification, rehearsal, restored, buildId, live } = view;
  const parts: (string | undefined)[] = [liveLine(view)];
  if (rehearsal !== undefined) {
    const { state, verification: found } = rehearsal;
    const words = text(limitLabel(rehearsalWords(rehearsal), limits.textChars));
    // One that passed is no news beside what the storefront itself shows.
    const isShown = found !== undefined && (found.state !== 'healthy' || verification === undefined);
    const mark = state !== 'passed' ? '⛔' : hasPassed(rehearsal) ? '🎭' : '⚠️';
    parts.push(`${mark} Rehearsal ${words}${isShown ? '' : '.'}`);
    if (isShown) parts.push(...verdict(found, { buildId, limits, isElsewhere: true }));
  }
  if (restored !== undefined && live !== 'unknown') parts.push(...restoredParts(restored, limits));
  if (verification !== undefined)
    parts.push(
      ...verdict(verification, { buildId, limits, isPast: live === 'restored', isFolded: limits.foldsHealthy }),
    );
  const shown = parts.filter((part) => part !== undefined);
  return shown.length === 0 ? undefined : shown.join('\n\n');
}

/** What is live now, where that is not what a reader expects of the outcome. */
function liveLine({ outcome, live, restored, rehearsal }: VerificationView): string | undefined {
  switch (live) {
    case 'restored':
      return restored && `**${commitOf(restored)} is live again,** by the bundle of ${source(restored)}.`;
    case 'this':
      if (outcome === 'deployed') return undefined;
      return outcome === 'unhealthy' ? '**This build is live, and does not work.**' : '**This build is live.**';
    case 'unknown':
      return restored && `**Either this build is live, or ${commitOf(restored)} again:** the rollback has no verdict.`;
    case 'as-before':
      // A cancelled run's message says so.
      return rehearsal && outcome !== 'cancelled' ? '**The storefront is unchanged.**' : undefined;
  }
}

function restoredParts(restored: RestoredRecord, limits: VerificationLimits): string[] {
  const { state, verification } = restored;
  if (state !== 'live')
    return [`↩️ Going back to ${commitOf(restored)} (${source(restored)}) was tried, and did not succeed.`];
  if (verification === undefined) return ['↩️ Whether it works again was not verified.'];
  return verdict(verification, { limits });
}

function commitOf({ commit }: RestoredRecord): string {
  return link(shortSha(commit.sha), limitUrl(commit.url));
}

function source({ githubDeployment: { id, url } }: RestoredRecord): string {
  return link(`GitHub deployment ${id}`, limitUrl(url));
}

interface Rendering {
  buildId?: string | undefined;
  limits: VerificationLimits;
  /** It is not live any more. */
  isPast?: boolean;
  /** In the rehearsal's project. */
  isElsewhere?: boolean;
  /** Its pages unfold if they all work. */
  isFolded?: boolean | undefined;
}

/** A line; where not all is well, a table and what helps. */
function verdict(verification: VerificationRecord, rendering: Rendering): string[] {
  const { state, pages, reason } = verification;
  const { buildId, limits } = rendering;
  const hasTable = pages.length > 0 && (state === 'unhealthy' || state === 'inconclusive');
  const isFolded = rendering.isFolded === true && state === 'healthy';
  const words = hasTable
    ? tableTitle(verification, rendering)
    : // With the pages folded, all ids are.
      verificationWords(verification, isFolded ? undefined : buildId);
  const stop = state === 'skipped' && reason !== undefined ? '.' : '';
  const line = `${MARKS[state]} ${prose(limitLabel(words, limits.textChars))}${stop}`;
  const logged =
    verification.workerLogs &&
    workerLogsSection(verification.workerLogs, state === 'unhealthy', {
      problems: limits.pages,
      textChars: limits.textChars,
    });
  const logs = logged === undefined ? [] : [logged];
  if (isFolded) return [fold(line, pagesTable(pages, limits)), ...logs];
  if (!hasTable) return [line, ...logs];
  const advice = [...new Set(pages.map((page) => page.advice).filter((one) => one !== undefined))];
  const says = reason === undefined ? advice : [reason, ...advice];
  return [
    line,
    pagesTable(pages, limits),
    ...says.slice(0, limits.pages).map((one) => prose(limitLabel(one, limits.textChars))),
    ...logs,
  ];
}

function tableTitle(verification: VerificationRecord, { isPast, isElsewhere }: Rendering): string {
  const there = isElsewhere === true ? ' there' : '';
  if (verification.state === 'inconclusive') return `Not known whether it works${there}`;
  return `${isPast === true ? 'What this run deployed did not work' : `Does not work${there}`}: ${countBroken(verification)}`;
}

/** What is wrong comes first. */
function pagesTable(pages: readonly PageResult[], { pages: maxPages, textChars }: VerificationLimits): string {
  const shown = pages.toSorted((one, other) => ORDER[one.state] - ORDER[other.state]).slice(0, maxPages);
  const rows = shown.map((page) => [
    breakableCode(limitLabel(page.path)),
    answerCell(page, textChars),
    // A unit stays with its number.
    text(pageTimes(page)).replaceAll(' ms', '&nbsp;ms'),
  ]);
  const rest = pages.length - shown.length;
  return `${table(['Page', 'Answer', 'First byte'], rows)}${rest === 0 ? '' : `\n\nand ${rest} more`}`;
}

function answerCell({ state, problem, status, hasFailedBefore }: PageResult, textChars: number): string {
  const words = breakable(limitLabel(problem ?? `answers ${status ?? 'as it should'}`, textChars));
  return `${MARKS[state]} ${words}${hasFailedBefore === true ? '<br>failed before, too' : ''}`;
}

/** The failure without what the section says: of what is broken, what is left to say is why it was not rolled back. */
export function withoutPages(
  failure: FailureRecord | undefined,
  { outcome, verification, rehearsal, restored }: VerificationView,
): FailureRecord | undefined {
  const { pages = [], workerLogs } = verification ?? rehearsal?.verification ?? {};
  // A `post` step has the message only.
  if (failure === undefined || failure.details.length === 0 || pages.length === 0) return failure;
  if (outcome !== 'unhealthy' && outcome !== 'rolled-back' && outcome !== 'rejected') return failure;
  const logged = (workerLogs?.problems ?? []).map(loggedDetail);
  const said = new Set([...pages.map((page) => `${describePage(page)}.`), ...logged]);
  const rest =
    outcome === 'unhealthy' || restored?.state === 'failed' ? failure.details.filter((one) => !said.has(one)) : [];
  return { ...failure, details: [], message: rest.join(' ') };
}
