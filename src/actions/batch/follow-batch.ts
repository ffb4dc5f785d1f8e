import { BATCH_STATUSES, batchVerdictOf } from '../../domain/batch/batch.ts';
import { ActionError } from '../../errors.ts';
import { formatDuration } from '../../report/format.ts';
import { limitLabel } from '../../report/limits.ts';
import type { BatchAnswer } from '../../sitecore-cdp/batches.ts';
import { DeadlineError } from '../deadline.ts';
import { isInDoubt } from './standing.ts';
import { refOf, type SendContext, type Track, takeAnswer } from './track.ts';

const GROWTH = 1.5;
/** Unless `poll-interval-seconds` is longer. */
const LONGEST_PAUSE_MS = 60_000;
/** Where a pause would last beyond the end of the run, the last look is taken so long before it. */
const LAST_LOOK_MS = 2000;
/** In a row: an allocation may take a moment to be seen. */
const MAX_NOT_FOUND = 5;
/** In a row, after an upload that may not have arrived. */
const MAX_STILL_UPLOADING = 3;

/** How following a batch has ended; `not-arrived`: the file that was sent is not there. */
export type Followed = { kind: 'verdict'; answer: BatchAnswer } | { kind: 'not-arrived' };

/**
 * Asks for the status of a batch until there is a verdict, which may be a bad one.
 * @param options.isDoubtful nobody knows whether the upload has arrived: the status tells
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
    await waitToLook(Math.max(namedWaitMs, pauses.nextMs()), namedWaitMs, track, watch, context);
    namedWaitMs = 0;
    const answer = await client.poll(ref).catch((error: unknown) => {
      throw error instanceof DeadlineError ? lateVerdict(track, error, watch.trouble()) : error;
    });
    if (answer.kind === 'refused') throw noVerdict(track, answer.error);
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

/** Longer each time; short again where something happens. */
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

async function waitToLook(
  waitMs: number,
  namedWaitMs: number,
  track: Track,
  watch: Watch,
  { deadline }: SendContext,
): Promise<void> {
  const leftMs = deadline.leftMs();
  // Where nothing is left, and nothing asked for, the deadline's own end is what there is to tell.
  if (namedWaitMs > 0 && namedWaitMs >= leftMs) {
    const asked = `The service asks to wait ${formatDuration(namedWaitMs)} before the next question, which is more than is left of the run's time`;
    throw noVerdict(track, new ActionError(`${asked}.`), ' Raise `timeout-minutes` where batches take this long.');
  }
  const lastLookMs = Math.max(namedWaitMs, leftMs - LAST_LOOK_MS);
  const isTooLong = waitMs >= leftMs && leftMs > LAST_LOOK_MS;
  await deadline.wait(isTooLong ? lastLookMs : waitMs).catch((error: unknown) => {
    throw error instanceof DeadlineError ? lateVerdict(track, error, watch.trouble()) : error;
  });
}

interface Watch {
  /** @returns whether the status is another one */
  see(answer: BatchAnswer): boolean;
  fail(error: ActionError): void;
  /** What the last question came to, where that was no answer. */
  trouble(): ActionError | undefined;
}

/** Says each change once. */
function createWatch(track: Track, { phase, reporter }: SendContext): Watch {
  const startMs = performance.now();
  const odd = new Set<string>();
  let trouble: ActionError | undefined;
  const say = (text: string) => phase.info(`${formatDuration(performance.now() - startMs).padStart(7)}  ${text}`);
  return {
    see: (answer) => {
      const { status } = answer;
      const isNews = status !== track.record.status;
      if (trouble !== undefined) say('the service answers again');
      trouble = undefined;
      takeAnswer(track, answer);
      phase.status(`the batch is ${limitLabel(status)}`);
      if (isNews) say(limitLabel(status));
      const isKnown = BATCH_STATUSES.some((known) => known === status);
      if (!isKnown && !odd.has(status)) {
        odd.add(status);
        reporter.warn(
          `The service calls the batch "${limitLabel(status)}", which this action does not know: it is no verdict.`,
        );
      }
      return isNews;
    },
    fail: (error) => {
      reporter.debug(error.message);
      if (trouble === undefined) say(`Trouble while asking, which goes on: ${error.message}`);
      trouble = error;
    },
    trouble: () => trouble,
  };
}

/** @param trouble of the last question, where that was no answer */
export function lateVerdict(track: Track, cause: DeadlineError, trouble?: ActionError): ActionError {
  const last = trouble === undefined ? '' : ` The last question failed: ${trouble.message}`;
  const why = new ActionError(`${cause.message}${last}`, { cause });
  return noVerdict(track, why, ' Raise `timeout-minutes` where batches take this long.');
}

/**
 * What is sent is sent: nobody knows what comes of it. How to resume it says who knows all batches.
 * @param advice a sentence, after a space
 */
export function noVerdict({ record }: Track, why: ActionError, advice = ''): ActionError {
  const seen = record.status === undefined ? '' : ` Last seen: ${limitLabel(record.status)}.`;
  const now = isInDoubt(record) ? 'Whether the upload has arrived is not known.' : 'It goes on remotely.';
  return new ActionError(`No verdict on batch ${record.ref}: ${why.message}${seen} ${now}`, {
    title: 'No verdict on a batch',
    outcome: 'unknown',
    fix: `${why.fix ?? ''}${advice}`.trim(),
    cause: why,
  });
}
