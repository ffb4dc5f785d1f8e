import { DAMAGES } from '../../../emulator/faults/answer-faults.ts';
import type { CallRule } from '../rules.ts';

/** The run cannot go on: red, and nothing is deployed, deleted or changed. */
export const ESSENTIAL: CallRule = { ends: ['red: error'] };
/** What is shown, stored or looked at: the run goes on, with a warning. */
export const BEST_EFFORT: CallRule = {
  ends: ['warned'],
  // GitHub's package for artifacts does not try again after a 408 or a 425.
  refusedOnce: ['same', 'warned'],
  unreadable: { html: ['same', 'warned'] },
};
/** Nice to have: only the log says that it is missing. */
export const EXTRA: CallRule = {
  ends: ['same'],
  // What comes after it on the same host may be essential.
  down: ['same', 'warned', 'red: error', 'red: unknown', 'red: deployed'],
};

/** What is not GitHub's is final; its client decompresses an answer, and an answer that is cut off is asked for again. */
function onGitHub(ends: CallRule['ends']): CallRule {
  const all = ['html', 'gzip', 'wrong-types', 'null', 'array', 'huge'].map((how) => [how, ends]);
  return { ends, unreadable: { ...Object.fromEntries(all), 'gzip-encoded': ['same'] } };
}

export const ESSENTIAL_ON_GITHUB: CallRule = onGitHub(['red: error']);
/** Where the first try was early, it is tried again at the end of the run. */
export const ON_GITHUB: CallRule = { ...onGitHub(['warned', 'same']), ends: ['warned'] };
/** Found again where its answer was lost: it was made, and nothing is missing. */
export const MADE_ON_GITHUB: CallRule = { ...ON_GITHUB, lost: ['same', 'warned'], refusedOnce: ['same', 'warned'] };

/** Shown by GitHub all the same where only the answers were lost: what is looked at again shows it. */
export const SETS_STATUS: CallRule = { ...ON_GITHUB, lost: ['same', 'warned'] };
/** Looked for where its answer was lost, and not sent again: a check that nobody closes blocks a merge for good. */
export const MADE_ONCE_ON_GITHUB: CallRule = { ...MADE_ON_GITHUB, lostOnce: ['same', 'warned'] };
/** Where GitHub is down from then on, the bundle cannot be had, either. */
export const BEFORE_DOWNLOAD = { down: ['warned', 'red: error'] } as const;

export const UNTIL_VERDICT: CallRule = { ends: ['red: unknown'], waited: ['red: unknown'] };
/**
 * Sent once more after a lost answer, with a warning; after two, nobody knows (docs/outputs.md, `outcome`). Nor where the first one
 * is under way: then the second one gets a 409.
 */
export const CREATES_DEPLOYMENT: CallRule = {
  ends: ['red: error'],
  lost: ['red: unknown'],
  lostOnce: ['warned', 'red: unknown'],
  refusedOnce: ['warned'],
  down: ['red: unknown', 'red: error'],
  statuses: { 408: ['red: error', 'same'], 425: ['red: error', 'same'], 409: ['red: conflict'] },
};

/** A lost answer to the last call is looked up. */
export const STORED: CallRule = { ...BEST_EFFORT, lost: ['same', 'warned'] };
/**
 * Looked for where its answer was lost, and not sent again: 502 is seen where the name is taken (API document, table of
 * calls), and a request that is carried out late would make a second one.
 */
export const CREATES_PROJECT: CallRule = {
  ...ESSENTIAL,
  lost: ['same', 'red: error'],
  lostOnce: ['same', 'red: error'],
  refusedOnce: ['red: error'],
};
/** Somebody may have deleted it since (404): another one is written. */
export const UPDATES_COMMENT: CallRule = {
  ...ON_GITHUB,
  // Listed as it was written.
  lost: ['same', 'warned'],
  statuses: { 404: ['same'], 410: ['same'] },
};
/** The storefront is live, and the job is red all the same (docs/site-url.md). */
export const SITE: CallRule = { ends: ['red: deployed'] };
/** Set to the same again, it is harmless; where no answer comes, it is read. */
export const SETS_SITE: CallRule = { ends: ['red: deployed'], lost: ['same', 'red: deployed'] };
/** It must not be started twice. */
export const STARTS_JOB: CallRule = {
  ends: ['red: error'],
  lost: ['red: unknown'],
  lostOnce: ['warned'],
  refusedOnce: ['warned'],
  down: ['red: unknown', 'red: error'],
  waited: ['red: unknown'],
};
/** Without events, the list of jobs tells the verdict; it is asked when four connections have brought nothing. */
export const JOB_EVENTS: CallRule = { ...EXTRA, waited: ['red: unknown'] };
/** A change of a site: what was done of it before is a part. */
export const CHANGES_SITE: CallRule = {
  ends: ['red: error', 'red: partial'],
  lost: ['red: partial', 'red: error', 'warned'],
  lostOnce: ['same', 'warned'],
  refusedOnce: ['same', 'warned'],
};
/** Deleting what is gone already is looked up. */
export const DELETES_PROJECT: CallRule = { ...ESSENTIAL, lost: ['same', 'red: error'] };
/** The batch's status shows whether the file has arrived. */
export const UPLOADS_BATCH: CallRule = {
  ends: ['red: error', 'red: unknown'],
  lost: ['warned', 'red: unknown'],
  down: ['red: unknown'],
  waited: ['red: unknown'],
};
/** The client chose its name, by which it is found where its answer was lost (API document, section 3). */
export const ANNOUNCES_BATCH: CallRule = { ...ESSENTIAL, lost: ['same', 'red: error'] };
/** Records were rejected, and nobody can say which: red, whatever is allowed. */
export const ERROR_LOG: CallRule = {
  ends: ['red: partial'],
  unreadable: Object.fromEntries(DAMAGES.map((how) => [how, ['red: partial', 'same']])),
};
/** An entry is shown as far as it can be read (README of `logs`, "What happens when"). */
export const READS_LOG: CallRule = { ...ESSENTIAL, unreadable: { 'wrong-types': ['same'] } };
/** What is cut off or empty is a stream that has ended; one that breaks leaves a gap (README of `logs`). */
export const TAIL: CallRule = {
  ...ESSENTIAL,
  stream: ['same', 'warned', 'green: truncated'],
  unreadable: { truncated: ['same'], empty: ['same'], gzip: ['green: truncated'], huge: ['same', 'red: error'] },
};
