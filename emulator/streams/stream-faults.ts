import * as z from 'zod/mini';
import type { FaultOf } from '../faults/define.ts';
import { defineFault, milliseconds, wholeNumber } from '../faults/define.ts';
import { oneOf, someOf, text } from '../schema.ts';

/** Malformed events that the `malformed` fault mixes in. */
export const MALFORMED_KINDS = [
  'invalid-json',
  'json-null',
  'json-string',
  'array',
  'missing-status',
  'wrong-types',
  'empty-data',
  'huge',
] as const;

export type MalformedKind = (typeof MALFORMED_KINDS)[number];

export const UNKNOWN_KINDS = ['step', 'field', 'status'] as const;

export type UnknownKind = (typeof UNKNOWN_KINDS)[number];

const ENDING = { queue: 'stream-ending' };

/** How an event stream ends. Only one of these hits a stream. `events` counts states sent on this connection. */
export const ENDING_FAULTS = [
  defineFault('cut-after', { events: wholeNumber }, ENDING),
  defineFault('reset-after', { events: wholeNumber }, ENDING),
  /** Nothing more is sent, and the connection is held open past `streamCutMs` too. */
  defineFault('silence', { events: wholeNumber }, ENDING),
] as const;

const LINE_ENDINGS: readonly string[] = ['lf', 'crlf', 'cr'];

/** What an event stream looks like. All that apply to a stream are applied together. */
export const APPEARANCE_FAULTS = [
  /**
   * How the stream is cut into chunks: `bytes` sends each byte on its own, `split-multibyte` adds multi-byte text and cuts
   * inside of it; `lf`, `crlf` and `cr` choose the line ending. One of each kind may be active at the same time.
   */
  defineFault(
    'chunking',
    { chunking: oneOf(['bytes', 'split-multibyte', 'lf', 'crlf', 'cr']) },
    { queue: ({ chunking }) => (LINE_ENDINGS.includes(chunking) ? 'line-ending' : 'chunking') },
  ),
  /** All the kinds come before the first state, then one between any two. */
  defineFault('malformed', { kinds: z.optional(someOf(MALFORMED_KINDS)), hugeBytes: z.optional(wholeNumber) }),
  /** Each state is sent so many times (3). */
  defineFault('repeat', { copies: z.optional(wholeNumber) }),
  /** Extra events with an unknown step (of a job: an unknown field in its place) or status come before the first state; each state has unknown fields. */
  defineFault('unknown', { kinds: z.optional(someOf(UNKNOWN_KINDS)) }),
  /** A `retry:` field of so many ms in the first event. */
  defineFault('retry', { retryMs: milliseconds }),
  /** An `id:` field in each event: the version of the deployment's or the job's state. */
  defineFault('id', {}),
  defineFault('bom', {}),
  /** A comment before each event, and each `everyMs` where that is given. */
  defineFault('comments', { everyMs: z.optional(milliseconds) }),
  /** JSON spread over many `data:` lines. */
  defineFault('multiline', {}),
  /**
   * Text that tries to break out of a log or a page, in string fields (step, hostname and message). `message` is that of a
   * rejected row of an import.
   */
  defineFault('hostile', {
    text: z.optional(text),
    fields: z.optional(someOf(['step', 'hostname', 'status', 'message'])),
  }),
] as const;

/** For calls that open an event stream. */
export const STREAM_FAULTS = [...ENDING_FAULTS, ...APPEARANCE_FAULTS] as const;

export type StreamFault = FaultOf<(typeof APPEARANCE_FAULTS)[number]>;
