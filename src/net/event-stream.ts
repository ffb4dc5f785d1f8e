import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { pause, startTimer } from '../pause.ts';
import { HttpError, NetworkError } from './errors.ts';
import { namedWaitOf } from './rate-limit.ts';
import { TIME_INPUT } from './retry.ts';

/** An event of more characters than this is not expected, and must not fill the memory. */
const MAX_EVENT_CHARS = 1024 * 1024;
const FIRST_PAUSE_MS = 250;
/** After a connection that brought something: the server merely ended the stream, and a verdict may be waiting. */
const LONGEST_PAUSE_AFTER_EVENTS_MS = 1000;
const LONGEST_PAUSE_MS = 10_000;
/** A longer `retry:` is ignored: the verdict would be noticed a minute late, or never. */
const LONGEST_NAMED_PAUSE_MS = 60_000;
/** A connection that lived this long was healthy; the pauses start over after it. */
const HEALTHY_CONNECTION_MS = 5000;

export interface Reconnect {
  reason: 'ended' | 'silent' | 'broken';
  error?: unknown;
  pauseMs: number;
  /** Number of the ended connection, from 1. */
  connection: number;
}

export interface EventStreamOptions {
  /** Opens one connection. `lastEventId` is to be sent as `Last-Event-ID` when given. */
  open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  /** After this long without a byte the connection is dropped and opened again. */
  silenceMs: number;
  /** Ends everything: cancellation, or the deadline of the caller. Its reason is thrown. */
  signal: AbortSignal;
  /** Time left to the caller: if the server asks for a longer wait, the client gives up. */
  timeLeftMs?: (() => number) | undefined;
  /** Whether a failure to connect (or to read) may be answered with another connection. */
  mayReconnect: (error: HttpError | NetworkError) => boolean;
  onReconnect: (reconnect: Reconnect) => void;
  /** Something in the stream that is not an event, such as one that is too large. */
  onFault: (description: string) => void;
  /** An event of more characters is reported and skipped. */
  maxEventChars?: number;
}

/**
 * The events of a server that ends its streams at will, as one endless sequence: reconnects after an end, a break or
 * silence, with `Last-Event-ID` and the server's `retry:` (WHATWG HTML, section 9.2, "Server-sent events"). It never
 * ends by itself: an end of stream is not a verdict. Leave the loop when the verdict is there.
 * @throws the signal's reason, the failure that `mayReconnect` refuses, or one that names a wait beyond `timeLeftMs`
 */
export async function* followEventStream(options: EventStreamOptions): AsyncGenerator<EventSourceMessage, never> {
  const memory: StreamMemory = { lastEventId: undefined, retryMs: 0 };
  let barren = 0;
  let short = 0;
  for (let connection = 1; ; connection += 1) {
    const startedMs = performance.now();
    let events = 0;
    let end: Omit<Reconnect, 'pauseMs' | 'connection'> = { reason: 'ended' };
    try {
      for await (const message of readConnection(options, memory)) {
        events += 1;
        yield message;
      }
    } catch (error) {
      end = connectionEnd(error, options);
    }
    options.signal.throwIfAborted();
    barren = events > 0 ? 0 : barren + 1;
    short = performance.now() - startedMs >= HEALTHY_CONNECTION_MS ? 0 : short + 1;
    const pauseMs = pauseBefore({ barren, short, retryMs: memory.retryMs, error: end.error });
    options.onReconnect({ ...end, pauseMs, connection });
    await pause(pauseMs, options.signal);
  }
}

interface StreamMemory {
  lastEventId: string | undefined;
  retryMs: number;
}

function connectionEnd(error: unknown, options: EventStreamOptions): Omit<Reconnect, 'pauseMs' | 'connection'> {
  if (options.signal.aborted) throw options.signal.reason;
  if (error instanceof SilenceError) return { reason: 'silent', error };
  if (!(error instanceof HttpError || error instanceof NetworkError)) throw error;
  if (!options.mayReconnect(error)) throw error;
  if (error instanceof HttpError && error.asksTooLong(options.timeLeftMs?.() ?? Number.POSITIVE_INFINITY, TIME_INPUT))
    throw error;
  return { reason: 'broken', error };
}

function pauseBefore(state: { barren: number; short: number; retryMs: number; error: unknown }): number {
  const longest = state.barren > 0 ? LONGEST_PAUSE_MS : LONGEST_PAUSE_AFTER_EVENTS_MS;
  const growth =
    state.short === 0 && state.barren === 0 ? 0 : 2 ** Math.min(10, Math.max(state.short, state.barren) - 1);
  // Jitter, so that the jobs of a large matrix do not come back in step.
  const backoffMs = Math.min(longest, FIRST_PAUSE_MS * growth * (0.75 + Math.random() / 2));
  return Math.round(Math.max(backoffMs, Math.min(state.retryMs, LONGEST_NAMED_PAUSE_MS), namedWaitOf(state.error)));
}

class SilenceError extends Error {}

/** The events of one connection, until it ends, breaks, or is silent for too long. */
async function* readConnection(options: EventStreamOptions, memory: StreamMemory): AsyncGenerator<EventSourceMessage> {
  const silence = new AbortController();
  const watchdog = startTimer(() => silence.abort(new SilenceError()), options.silenceMs);
  const signal = AbortSignal.any([options.signal, silence.signal]);
  try {
    const body = await options.open(memory.lastEventId, signal);
    for await (const message of decodeEvents(body, memory, () => watchdog.refresh(), options)) yield message;
  } catch (error) {
    if (silence.signal.aborted && !options.signal.aborted) throw new SilenceError('the stream went silent');
    throw error;
  } finally {
    clearTimeout(watchdog);
    silence.abort();
  }
}

/**
 * Bytes in any chunking to events. An event that is too large is reported and skipped, up to the blank line that ends
 * it.
 * @throws whatever `body` throws
 */
export async function* decodeEvents(
  body: AsyncIterable<Uint8Array>,
  memory: StreamMemory,
  onBytes: () => void,
  { onFault, maxEventChars = MAX_EVENT_CHARS }: Pick<EventStreamOptions, 'onFault' | 'maxEventChars'>,
): AsyncGenerator<EventSourceMessage> {
  const queue: EventSourceMessage[] = [];
  let skipping = false;
  const parser = createParser({
    maxBufferSize: maxEventChars,
    onEvent: (event) => queue.push(event),
    onId: (id) => {
      memory.lastEventId = id;
    },
    onRetry: (retryMs) => {
      memory.retryMs = retryMs;
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') skipping = true;
    },
  });
  const decoder = new TextDecoder();
  let tail = '';
  for await (const chunk of body) {
    onBytes();
    let text = decoder.decode(chunk, { stream: true });
    if (skipping) {
      // The blank line may be split between two chunks.
      const blankLine = BLANK_LINE.exec(tail + text);
      tail = (tail + text).slice(-3);
      if (blankLine === null) continue;
      text = blankLine.input.slice(blankLine.index + blankLine[0].length);
      skipping = false;
      parser.reset();
    }
    parser.feed(text);
    yield* queue.splice(0);
    if (skipping) onFault(`an event of more than ${maxEventChars} characters`);
    tail = text.slice(-3);
  }
  // A CR at the very end: the parser waits for the LF that might follow, and none will.
  if (tail.endsWith('\r') && !skipping) parser.feed('\n');
  yield* queue.splice(0);
}

/** The end of an event, in each of the three line endings. */
const BLANK_LINE = /\r\n\r\n|\n\n|\r\r/;
