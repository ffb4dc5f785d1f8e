import {
  describeBroken,
  describePage,
  type PageResult,
  type VerificationRecord,
} from '../domain/verification/checks.ts';
import { count, formatDuration } from './format.ts';
import { shortSha } from './sections.ts';
import type { RehearsalRecord, RestoredRecord } from './verification-record.ts';

/** What the log, the summary, the comment and the check run say of a verification. Plain text. */

/** `Works: 2 pages, first byte after up to 640 ms, then 38 ms; build abc123 answers` */
export function verificationWords(verification: VerificationRecord, buildId?: string): string {
  const { state, reason, pages } = verification;
  switch (state) {
    case 'healthy':
      return `Works: ${[count(pages.length, 'page'), timesWords(pages)].filter((part) => part !== '').join(', ')}${buildWords(verification, buildId)}`;
    case 'unhealthy':
      return `Does not work: ${describeBroken(verification)}`;
    case 'inconclusive':
      return `Not known whether it works: ${reason === undefined ? doubtfulWords(pages) : withoutStop(reason)}`;
    case 'skipped':
      return `Not verified${reason === undefined ? '' : `. ${withoutStop(reason)}`}`;
  }
}

function doubtfulWords(pages: readonly PageResult[]): string {
  const doubtful = pages.filter(({ state }) => state === 'inconclusive');
  const [first] = doubtful;
  if (first === undefined) return 'no page could be judged';
  return `${describePage(first)}${doubtful.length === 1 ? '' : `, and ${doubtful.length - 1} more`}`;
}

/** To the first byte of the slowest page, cold and warm; '' where no time is known. */
function timesWords(pages: readonly PageResult[]): string {
  const slowest = (key: 'firstByteMs' | 'warmFirstByteMs') =>
    Math.max(...pages.map((page) => page[key]).filter((ms) => ms !== undefined));
  const [first, warm] = [slowest('firstByteMs'), slowest('warmFirstByteMs')];
  if (!Number.isFinite(first)) return '';
  const upTo = pages.length === 1 ? '' : 'up to ';
  return `first byte after ${upTo}${formatMs(first)}${Number.isFinite(warm) ? `, then ${formatMs(warm)}` : ''}`;
}

function buildWords({ build }: VerificationRecord, buildId: string | undefined): string {
  if (build === 'matched') return `; ${buildId === undefined ? 'its build' : `build ${buildId}`} answers`;
  return build === 'unknown' ? '; which build answers is not known' : '';
}

/** `640 ms, then 38 ms`; '' where no time is known. */
export function pageTimes({ firstByteMs, warmFirstByteMs }: PageResult): string {
  if (firstByteMs === undefined) return '';
  return `${formatMs(firstByteMs)}${warmFirstByteMs === undefined ? '' : `, then ${formatMs(warmFirstByteMs)}`}`;
}

function formatMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : formatDuration(ms);
}

/** `the build of commit abc1234 (GitHub deployment 12)` */
export function restoredBuild({ commit, githubDeployment }: RestoredRecord): string {
  return `the build of commit ${shortSha(commit.sha)} (GitHub deployment ${githubDeployment.id})`;
}

const REHEARSAL_STATES: Readonly<Record<RehearsalRecord['state'], string>> = {
  running: 'was cut off',
  passed: 'passed',
  rejected: 'rejected the build',
  failed: 'failed',
};

/** `passed in the project "shop-rehearsal"` */
export function rehearsalWords(rehearsal: RehearsalRecord): string {
  const { state, project } = rehearsal;
  const words = state === 'passed' && !hasPassed(rehearsal) ? 'gave no verdict' : REHEARSAL_STATES[state];
  return `${words} in the project "${project}"`;
}

/** It was seen to work there: an inconclusive rehearsal may be enough, and shows nothing. */
export function hasPassed({ state, verification }: RehearsalRecord): boolean {
  return state === 'passed' && verification?.state === 'healthy';
}

function withoutStop(sentence: string): string {
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence;
}
