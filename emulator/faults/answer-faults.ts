import * as z from 'zod/mini';
import { described, oneOf, text } from '../schema.ts';
import type { FaultOf } from './define.ts';
import { ANSWER_QUEUE, defineFault, milliseconds, statusCode, wholeNumber } from './define.ts';

const inQueue = { queue: ANSWER_QUEUE };

/**
 * What can be wrong with a body. `html`: a page in its place; `gzip`: compressed, and nothing says so; `gzip-encoded`:
 * compressed with `Content-Encoding` (RFC 9110, section 12.5.3: a request without `Accept-Encoding` takes any); `truncated`:
 * half of it, and the length is that of the half; `wrong-types`: JSON whose values have another type each; `null`, `array`:
 * JSON that is just that; `empty`: nothing; `huge`: JSON of so many bytes.
 */
export const DAMAGES = [
  'html',
  'gzip',
  'gzip-encoded',
  'truncated',
  'wrong-types',
  'null',
  'array',
  'empty',
  'huge',
] as const;

export type Damage = (typeof DAMAGES)[number];

/** What happens instead of, or to, the normal answer of any call. */
export const ANSWER_FAULTS = [
  /** Any answer: JSON `body`, or XML with `xml`; the work is not done. A 429 with any headers is one of these. */
  defineFault(
    'status',
    {
      status: statusCode,
      headers: z.optional(described(z.record(z.string(), z.string()), 'an object of strings')),
      body: z.optional(z.unknown()),
      xml: z.optional(described(z.object({ code: z.string(), message: z.string() }), '{code, message}')),
    },
    inQueue,
  ),
  /** The socket is destroyed on arrival, before the body is read. */
  defineFault('reset-before', {}, inQueue),
  /** The socket is destroyed after so many bytes of the request body (65,536), or at its end. */
  defineFault('reset-mid-request', { afterBytes: z.optional(wholeNumber) }, inQueue),
  /** The work is done; headers and half of the body are sent, then the socket is destroyed. */
  defineFault('reset-in-body', {}, inQueue),
  /** The work is done, but the socket is destroyed without an answer. */
  defineFault('lost-answer', {}, inQueue),
  /** The work is done; the answer comes in pieces (of 1 byte) with a pause before each (20 ms). */
  defineFault('slow-body', { delayMs: z.optional(milliseconds), chunkBytes: z.optional(wholeNumber) }, inQueue),
  /** The work is done; the answer comes late. */
  defineFault('delay', { delayMs: milliseconds }, inQueue),
  /** The request is read; there is never an answer, and the socket stays open. */
  defineFault('hang', {}, inQueue),
  /**
   * The server stops reading the request body after so many bytes (0); the socket stays open. A server that does not read
   * may never notice that the client has gone: do not wait for the end of such a request.
   */
  defineFault('stall-upload', { afterBytes: z.optional(wholeNumber) }, inQueue),
  /** The work is done, but the body of the answer is not what the API describes. `bytes` is for `huge` (16 MiB). */
  defineFault('damaged', { how: oneOf(DAMAGES), bytes: z.optional(wholeNumber) }, inQueue),
  /** A redirect (302) to `location`. */
  defineFault('redirect', { location: text, status: z.optional(statusCode) }, inQueue),
] as const;

export type AnswerFault = FaultOf<(typeof ANSWER_FAULTS)[number]>;

/** The work is done, but the answer is this error. For services that list it beside the others. */
export const STATUS_AFTER_WORK = defineFault('status-after-work', { status: statusCode }, inQueue);
