import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import { ActionError } from '../errors.ts';
import { HttpError, NetworkError } from '../net/errors.ts';
import { TIME_INPUT } from '../net/retry.ts';
import { pause } from '../pause.ts';
import type { ApiOptions } from './endpoint.ts';
import { createOpenStream, followEvents } from './events.ts';
import type { FollowOptions } from './hosting.ts';
import { parseJobEvent } from './job-schemas.ts';
import { eventsPathOf, findJob } from './redirect-jobs.ts';

/** One event may have 200,000 rejected rows, with a reason each. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024;
/** After this many connections in a row without an event, the list of jobs is asked instead. */
const MAX_BARREN_CONNECTIONS = 4;
const FIRST_POLL_MS = 1000;
const LONGEST_POLL_MS = 10_000;
/** A job that was just started may not be in the list yet. */
const MAX_UNKNOWN = 4;

class StreamOfNoUse extends Error {}

/**
 * A job's states, from its stream of events; where that fails permanently, or brings nothing, from the list of jobs, which
 * also has the state of a job whose events are too large for a connection. Never ends by itself.
 * @throws the signal's reason, or ActionError
 */
export async function* followJob(
  api: ApiOptions,
  kind: RedirectJobKind,
  jobId: string,
  options: FollowOptions,
): AsyncGenerator<JobState> {
  try {
    yield* followStream(api, kind, jobId, options);
  } catch (error) {
    if (options.signal.aborted || !isGivenUp(error)) throw error;
    options.onReconnect({ isFault: true, reason: `${error.message} Polling the list of jobs from here on.` });
    yield* pollJob(api, kind, jobId, { ...options, cause: error });
  }
}

function isGivenUp(error: unknown): error is Error {
  return error instanceof StreamOfNoUse || error instanceof HttpError || error instanceof NetworkError;
}

async function* followStream(
  api: ApiOptions,
  kind: RedirectJobKind,
  jobId: string,
  options: FollowOptions,
): AsyncGenerator<JobState> {
  const open = createOpenStream(api, {
    what: `Following the ${kind}`,
    path: eventsPathOf(kind, jobId),
    scope: 'content-read',
  });
  const reading = {
    parse: (data: string) => parseJobEvent(data, jobId),
    subjectOf: (state: JobState) => state.jobId,
    subject: jobId,
    subjectWord: 'job',
    maxEventChars: MAX_EVENT_CHARS,
  };
  let barren = 0;
  const giveUp = new AbortController();
  const states = followEvents(open, reading, {
    ...options,
    signal: AbortSignal.any([options.signal, giveUp.signal]),
    onReconnect: (reconnect) => {
      barren += 1;
      options.onReconnect(reconnect);
      if (barren < MAX_BARREN_CONNECTIONS) return;
      giveUp.abort(new StreamOfNoUse(`Following the ${kind}: ${barren} connections in a row brought no event.`));
    },
  });
  for await (const state of states) {
    // The end of this connection does not count.
    barren = -1;
    yield state;
  }
}

async function* pollJob(
  api: ApiOptions,
  kind: RedirectJobKind,
  jobId: string,
  options: FollowOptions & { cause: Error },
): AsyncGenerator<JobState> {
  const { signal } = options;
  let unknown = 0;
  for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * 2)) {
    try {
      const state = await findJob({ ...api, signal }, kind, jobId);
      unknown = state === undefined ? unknown + 1 : 0;
      if (state !== undefined) yield { ...state, jobId };
    } catch (error) {
      signal.throwIfAborted();
      // Until the caller's deadline, as with a stream.
      if (!((error instanceof HttpError || error instanceof NetworkError) && error.transient)) throw error;
      if (
        error instanceof HttpError &&
        error.asksTooLong(options.timeLeftMs?.() ?? Number.POSITIVE_INFINITY, TIME_INPUT)
      )
        throw error;
      options.onReconnect({ isFault: true, reason: error.message });
    }
    if (unknown >= MAX_UNKNOWN) throw unknownJob(kind, jobId, options.cause);
    await pause(pauseMs * (0.75 + Math.random() / 2), signal);
  }
}

function unknownJob(kind: RedirectJobKind, jobId: string, cause: Error): ActionError {
  return new ActionError(
    `The ${kind} ${jobId} was started, but the platform no longer knows it: it is not in the list of jobs, either. ${cause.message}`,
    {
      topic: 'no-verdict',
      title: `The ${kind} is no longer known`,
      fix: `It is unknown whether it was carried out: check the redirects in the control panel${kind === 'import' ? ', and run the job again: importing the same rows twice does no harm' : ', and run the job again'}.`,
      outcome: 'unknown',
      cause,
    },
  );
}
