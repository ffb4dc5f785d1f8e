import * as z from 'zod/mini';
import { ANSWER_FAULTS } from '../../faults/answer-faults.ts';
import type { FaultOf } from '../../faults/define.ts';
import { ANSWER_QUEUE, defineFault, statusCode, wholeNumber } from '../../faults/define.ts';
import { described, oneOf, text } from '../../schema.ts';

/**
 * The rate limit is exceeded, and the work is not done (GitHub's documentation, "Rate limits for the REST API",
 * "Exceeding the rate limit").
 */
export const RATE_LIMIT = defineFault(
  'rate-limit',
  {
    /** `primary` (the default): no request is left until `x-ratelimit-reset`; `secondary`: too many at once. */
    limit: z.optional(oneOf(['primary', 'secondary'])),
    /** 403 unless given. */
    status: z.optional(described(z.literal([403, 429]), '403 or 429')),
    /** Primary: seconds from now to the reset (60). */
    resetSeconds: z.optional(wholeNumber),
    /** Secondary: value of `retry-after` (60); `none` leaves the header out. */
    retryAfterSeconds: z.optional(
      described(z.union([wholeNumber, z.literal('none')]), 'a whole number of 0 or more, or "none"'),
    ),
  },
  { queue: ANSWER_QUEUE },
);

/** An error (422) whose message tries to break out of a log or a page. */
export const HOSTILE_ERROR = defineFault(
  'hostile-error',
  { status: z.optional(statusCode), text: z.optional(text) },
  { queue: ANSWER_QUEUE },
);

/** All that can happen to a call of GitHub. */
export const GITHUB_FAULTS = [RATE_LIMIT, HOSTILE_ERROR, ...ANSWER_FAULTS] as const;

export type RateLimitFault = FaultOf<typeof RATE_LIMIT>;
export type HostileErrorFault = FaultOf<typeof HOSTILE_ERROR>;
