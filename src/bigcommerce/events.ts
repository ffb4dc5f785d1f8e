import { HttpError, type NetworkError } from '../net/errors.ts';
import { followEventStream, type Reconnect } from '../net/event-stream.ts';
import { ATTEMPT_TIMEOUT_MS } from '../net/json-call.ts';
import { BIGCOMMERCE } from '../net/services.ts';
import { type ApiOptions, urlOf } from './endpoint.ts';
import type { FollowOptions } from './hosting.ts';
import { explainRefusal, type Scope } from './refusals.ts';

/** The server ends each stream after 30 s (API document, section 1); one that is quiet beyond that is broken. */
const SILENCE_MS = 35_000;
/** A newly created resource may not be visible everywhere yet. */
const MAX_NOT_FOUND = 6;

export type OpenStream = (lastEventId: string | undefined, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

export interface EventSource {
  /** "Following the deployment" */
  what: string;
  /** Path below the store's API. */
  path: string;
  scope: Scope;
}

/** How the events' data is parsed. */
export interface EventReading<T> {
  /** @returns for anything else the reason, never a piece of the data, which may hold anything */
  parse: (data: string) => T | { unreadable: string };
  /** Undefined: the event names none. */
  subjectOf: (event: T) => string | undefined;
  /** The id that an event must name, if it names one. */
  subject: string;
  /** "deployment" */
  subjectWord: string;
  maxEventChars?: number;
  /** What the server does at the end of a connection, after "the server ". */
  endWords?: string;
  /** How many 404s in a row may be answered with another connection. */
  maxNotFound?: number;
}

/** Opens connections to one stream of events. */
export function createOpenStream(options: ApiOptions, { what, path, scope }: EventSource): OpenStream {
  return async (lastEventId, signal) => {
    const stream = await options.http.open({
      what,
      method: 'GET',
      url: urlOf(options, path),
      service: BIGCOMMERCE,
      headers: {
        accept: 'text/event-stream',
        'cache-control': 'no-store',
        'x-auth-token': options.accessToken,
        ...lastEventIdHeader(lastEventId),
      },
      timeoutMs: ATTEMPT_TIMEOUT_MS,
      signal,
      expects: 'events',
      explain: (status) => explainRefusal(status, scope),
    });
    return stream.body;
  };
}

/** The subject's own events, typed; anything else is reported and skipped. Never ends by itself. */
export async function* followEvents<T extends object>(
  open: OpenStream,
  reading: EventReading<T>,
  options: FollowOptions,
): AsyncGenerator<T> {
  const messages = followEventStream({
    open,
    silenceMs: SILENCE_MS,
    signal: options.signal,
    timeLeftMs: options.timeLeftMs,
    mayReconnect: createReconnectRule(reading.maxNotFound ?? MAX_NOT_FOUND),
    onReconnect: (reconnect) => {
      const cause = describeCause(reconnect, reading.endWords ?? 'ended the stream without a verdict');
      const { connection, pauseMs } = reconnect;
      options.onReconnect({
        isFault: reconnect.reason !== 'ended',
        reason: `event stream ${connection}: ${cause}; connecting again in ${pauseMs} ms`,
        cause,
      });
    },
    onFault: options.onSkipped,
    ...(reading.maxEventChars === undefined ? {} : { maxEventChars: reading.maxEventChars }),
  });
  for await (const message of messages) {
    const event = reading.parse(message.data);
    if ('unreadable' in event) options.onSkipped(`an event that is not what the API describes (${event.unreadable})`);
    else if ((reading.subjectOf(event) ?? reading.subject).toLowerCase() !== reading.subject.toLowerCase()) {
      options.onSkipped(`an event of another ${reading.subjectWord}`);
    } else yield event;
  }
}

/** Transient failures, for as long as the caller's deadline lets them; a 404 only a few times in a row. */
function createReconnectRule(maxNotFound: number): (error: HttpError | NetworkError) => boolean {
  let notFound = 0;
  return (error) => {
    notFound = error instanceof HttpError && error.status === 404 ? notFound + 1 : 0;
    return notFound > 0 ? notFound <= maxNotFound : error.transient;
  };
}

function describeCause({ reason, error }: Reconnect, endWords: string): string {
  const words = {
    ended: `the server ${endWords}`,
    silent: `no byte for ${SILENCE_MS / 1000} s`,
    broken: error instanceof Error ? error.message.replace(/\.$/, '') : 'the stream broke',
  };
  return words[reason];
}

/**
 * As UTF-8 bytes (WHATWG HTML, section 9.2.3), which a header carries as Latin-1; undefined with control characters.
 */
function lastEventIdHeader(id = ''): Record<string, string> {
  const header = Buffer.from(id, 'utf8').toString('latin1');
  return header === '' || /[^\t\x20-\x7e\x80-\xff]/.test(header) ? {} : { 'last-event-id': header };
}
