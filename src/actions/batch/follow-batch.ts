import { BATCH_STATUSES, batchVerdictOf } from '../../domain/batch/batch.ts';
import { ActionError } from '../../errors.ts';
import { formatDuration } from '../../report/format.ts';
import { limitLabel } from '../../report/limits.ts';
import type { BatchAnswer } from '../../sitecore-cdp/batches.ts';
import { DeadlineError } from '../deadline.ts';
import { isInDoubt } from './progress.ts';
import { applyAnswer, refOf, type SendContext, type Track } from './track.ts';

const GROWTH = 1.5;
/** Unless `poll-interval-seconds` is longer. */
const LONGEST_PAUSE_MS = 60_000;
/** If a pause would last beyond the deadline, the last poll happens this long before it. */
const LAST_POLL_MS = 2000;
/** In a row: a new batch may take a moment to become visible. */
const MAX_NOT_FOUND = 5;
/** In a row, after an upload that may not have arrived. */
const MAX_STILL_UPLOADING = 3;

/** The result of following a batch; `not-arrived`: the service does not have the file. */
export type Followed = { kind: 'verdict'; answer: BatchAnswer } | { kind: 'not-arrived' };

/**
 * Polls the status of a batch until there is a verdict, good or bad.
 * @param options.isDoubtful it is not known whether the upload arrived: the status will show
 * @throws ActionError with the outcome `unknown` when no verdict came in time
 */
export async function followBatch(
  track: Track,
  { isDoubtful }: { isDoubtful: boolean },
  context: SendContext,
): Promise<Followed> {
  const { client, phase } = context;
  const ref = refOf(track);
  const pauses = createPauses(context.pollIntervalMs);
  const watch = createWatch(track, context);
  let notFound = 0;
  let stillUploading = 0;
  let namedWaitMs = 0;
  for (;;) {
    await waitForNextPoll(Math.max(namedWaitMs, pauses.nextMs()), namedWaitMs, track, watch, context);
    namedWaitMs = 0;
    const answer = await client.poll(ref).catch((error: unknown) => {
      throw error instanceof DeadlineError ? lateVerdict(track, error, watch.trouble()) : error;
    });
    if (answer.kind === 'rejected') throw noVerdict(track, answer.error);
    if (answer.kind !== 'unknown-batch') notFound = 0;
    if (answer.kind === 'state') {
      if (watch.see(answer.batch)) pauses.reset();
      if (batchVerdictOf(answer.batch.status) !== undefined) return { kind: 'verdict', answer: answer.batch };
      stillUploading = answer.batch.status === 'uploading' ? stillUploading + 1 : 0;
      if (isDoubtful && stillUploading >= MAX_STILL_UPLOADING) return { kind: 'not-arrived' };
      continue;
    }
    if (answer.kind === 'unknown-batch') {
      notFound += 1;
      if (notFound > MAX_NOT_FOUND) throw noVerdict(track, answer.error);
      phase.info(`The service does not know the batch yet: ${answer.error.message}`);
    } else {
      namedWaitMs = answer.namedWaitMs;
      watch.fail(answer.error);
    }
  }
}

/** Each pause is longer than the last; they are reset when something changes. */
function createPauses(firstMs: number): { nextMs: () => number; reset: () => void } {
  const longestMs = Math.max(LONGEST_PAUSE_MS, firstMs);
  let pauseMs = firstMs;
  return {
    nextMs: () => {
      const nowMs = pauseMs;
      pauseMs = Math.min(longestMs, pauseMs * GROWTH);
      return nowMs;
    },
    reset: () => {
      pauseMs = firstMs;
    },
  };
}

async function waitForNextPoll(
  waitMs: number,
  namedWaitMs: number,
  track: Track,
  watch: Watch,
  { deadline }: SendContext,
): Promise<void> {
  const leftMs = deadline.leftMs();
  // With no time left and no wait requested, the error of the deadline itself is reported.
  if (namedWaitMs > 0 && namedWaitMs >= leftMs) {
    const asked = `The service asks to wait ${formatDuration(namedWaitMs)} before the next request, which is longer than the time that the run has left`;
    throw noVerdict(track, new ActionError(`${asked}.`), ' Raise `timeout-minutes` if batches take this long.');
  }
  const lastPollMs = Math.max(namedWaitMs, leftMs - LAST_POLL_MS);
  const isTooLong = waitMs >= leftMs && leftMs > LAST_POLL_MS;
  await deadline.wait(isTooLong ? lastPollMs : waitMs).catch((error: unknown) => {
    throw error instanceof DeadlineError ? lateVerdict(track, error, watch.trouble()) : error;
  });
}

interface Watch {
  /** @returns whether the status has changed */
  see(answer: BatchAnswer): boolean;
  fail(error: ActionError): void;
  /** The error of the last poll, if it failed. */
  trouble(): ActionError | undefined;
}

/** Logs each change once. */
function createWatch(track: Track, { phase, run }: SendContext): Watch {
  const startMs = performance.now();
  const odd = new Set<string>();
  let trouble: ActionError | undefined;
  const say = (text: string) => phase.info(`${formatDuration(performance.now() - startMs).padStart(7)}  ${text}`);
  return {
    see: (answer) => {
      const { status } = answer;
      const isChanged = status !== track.record.status;
      if (trouble !== undefined) say('the service responds again');
      trouble = undefined;
      applyAnswer(track, answer);
      phase.status(`the batch is ${limitLabel(status)}`);
      if (isChanged) say(limitLabel(status));
      const isKnown = BATCH_STATUSES.some((known) => known === status);
      if (!isKnown && !odd.has(status)) {
        odd.add(status);
        run.warn(
          `The service reports the status "${limitLabel(status)}", which this action does not know. It does not count as a verdict.`,
          'Unknown status of a batch',
        );
      }
      return isChanged;
    },
    fail: (error) => {
      run.debug(error.message);
      if (trouble === undefined) say(`Status request failed, still polling: ${error.message}`);
      trouble = error;
    },
    trouble: () => trouble,
  };
}

/** @param trouble the error of the last poll, if it failed */
export function lateVerdict(track: Track, cause: DeadlineError, trouble?: ActionError): ActionError {
  const last = trouble === undefined ? '' : ` The last status request failed: ${trouble.message}`;
  const why = new ActionError(`${cause.message}${last}`, { cause });
  return noVerdict(track, why, ' Raise `timeout-minutes` if batches take this long.');
}

/**
 * The batch was sent, and its result is not known. The caller, who knows all batches, adds how to resume.
 * @param advice a sentence, with a leading space
 */
export function noVerdict({ record }: Track, why: ActionError, advice = ''): ActionError {
  const seen = record.status === undefined ? '' : ` Last seen: ${limitLabel(record.status)}.`;
  const now = isInDoubt(record) ? 'It is not known whether the upload arrived.' : 'It continues remotely.';
  return new ActionError(`No verdict on batch ${record.ref}: ${why.message}${seen} ${now}`, {
    topic: 'no-verdict',
    title: 'No verdict on a batch',
    outcome: 'unknown',
    fix: `${why.fix ?? ''}${advice}`.trim(),
    cause: why,
  });
}
