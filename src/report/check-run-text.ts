import type { CheckConclusion } from '../github/github.ts';
import type { DeployOutcome, DeployRecord } from './deploy-record.ts';
import { formatDuration, limitChars } from './format.ts';
import { link, prose } from './markdown.ts';
import type { FailureRecord } from './run-record.ts';
import { addressLinks, deployedDoubt, failureSection, NO_ADDRESS, requestFold } from './sections.ts';
import { rehearsalWords, verificationWords } from './verification-words.ts';

/** The conclusions, of those that GitHub has, that a run may end with. */
export const CHECK_CONCLUSIONS = ['success', 'failure', 'cancelled'] as const satisfies readonly CheckConclusion[];

/** What a check run says of a run that has ended. */
export interface CheckRunText {
  conclusion: CheckConclusion;
  /** Plain text. */
  title: string;
  /** Markdown. */
  summary: string;
}

/**
 * Only `deployed` is a success: a check that is green without a deployment would lie. `neutral` and `skipped` would do for
 * a required one, too (GitHub's documentation, "About status checks").
 */
const CONCLUSIONS: Readonly<Record<DeployOutcome, CheckConclusion>> = {
  deployed: 'success',
  'dry-run': 'cancelled',
  skipped: 'cancelled',
  cancelled: 'cancelled',
  failed: 'failure',
  conflict: 'failure',
  unknown: 'failure',
  unhealthy: 'failure',
  'rolled-back': 'failure',
  rejected: 'failure',
  error: 'failure',
};
const MAX_TITLE_CHARS = 200;
const MAX_MESSAGE_CHARS = 1000;

/** The text of a check run about a run that has ended. The record's texts have passed the redactor. Pure. */
export function renderCheckRun(record: DeployRecord, runUrl: string | undefined): CheckRunText {
  const { outcome, failure, skipped, verification, rehearsal, bundle } = record;
  const shown = limitFailure(failure);
  const sections = [
    outcome === 'deployed' || outcome === 'unhealthy' || outcome === 'rolled-back' ? addresses(record) : undefined,
    // A failure says what was found, and of which build.
    verification === undefined || failure !== undefined
      ? undefined
      : prose(limit(verificationWords(verification, bundle?.buildId))),
    rehearsal === undefined ? undefined : prose(limit(`Rehearsal ${rehearsalWords(rehearsal)}`)),
    skipped === undefined ? undefined : prose(skipped.message),
    failureSection(shown),
    runUrl === undefined ? undefined : link('Log of the run', runUrl),
    requestFold(shown),
  ];
  const title = titleOf(record).replace(/\s+/g, ' ').slice(0, MAX_TITLE_CHARS).toWellFormed();
  // GitHub refuses an empty summary.
  const summary = sections.filter((section) => section !== undefined).join('\n\n') || title;
  const isFailed = outcome === 'deployed' && failure !== undefined;
  return { conclusion: isFailed ? 'failure' : CONCLUSIONS[outcome], title, summary };
}

/** Outcomes whose failures do not all say that nothing was deployed. */
const NOT_DEPLOYED: readonly DeployOutcome[] = ['error', 'conflict', 'rejected'];

/** As the headline of the summary, without its mark. */
function titleOf({ outcome, failure, durationMs, verification, environment }: DeployRecord): string {
  const to = environment === undefined ? '' : ` to ${environment}`;
  if (outcome === 'deployed')
    return `Deployed${to} in ${formatDuration(durationMs)}${deployedDoubt({ verification, failure })}`;
  if (outcome === 'dry-run') return 'Dry run: nothing was deployed';
  if (outcome === 'skipped') return 'Skipped: nothing was deployed';
  const title = failure?.title || '';
  return title === '' || NOT_DEPLOYED.includes(outcome) ? `Not deployed${to}: ${title || outcome}` : title;
}

/** The state of a step, in which this travels to its `post` step, is no place for long texts. */
function limitFailure(failure: FailureRecord | undefined): FailureRecord | undefined {
  if (failure === undefined) return undefined;
  const { message, fix } = failure;
  return { ...failure, message: limit(message), fix: fix === undefined ? undefined : limit(fix), details: [] };
}

function limit(value: string): string {
  const start = limitChars(value, MAX_MESSAGE_CHARS);
  return start === value ? value : `${start}… (the job log has all of it)`;
}

function addresses({ urls }: DeployRecord): string {
  const { links, more } = addressLinks(urls);
  return links.length === 0 ? NO_ADDRESS : [...links, ...more].join(' · ');
}
