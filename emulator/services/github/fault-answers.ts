import { STATUS_CODES } from 'node:http';
import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, REST_DOCS } from './answers.ts';
import { renderRateLimit } from './rate-limit.ts';

const LIMIT_DOCS = `${REST_DOCS}/using-the-rest-api/rate-limits-for-the-rest-api`;
const SUPPORT = 'If you reach out to GitHub Support for help, please include the request ID';

/** A rate limit on request (GitHub's documentation, "Rate limits for the REST API", "Exceeding the rate limit"). */
export interface RateLimitFault {
  effect: 'rate-limit';
  /** `primary` (the default): no request is left until `x-ratelimit-reset`; `secondary`: too many at once. */
  limit?: 'primary' | 'secondary';
  /** 403 unless given. */
  status?: 403 | 429;
  /** Primary: seconds from now to the reset (60). */
  resetSeconds?: number;
  /** Secondary: value of `retry-after` (60); `none` leaves the header out. */
  retryAfterSeconds?: number | 'none';
}

/** An error whose message tries to break out of a log or a page. */
export interface HostileErrorFault {
  effect: 'hostile-error';
  /** 422 */
  status?: number;
  text?: string;
}

/** Text that means something to the runner, to a terminal, to Markdown and to HTML. */
export const HOSTILE_MESSAGE =
  'oh no\r\n::error title=pwned::hostile\n##[error]hostile\n::set-output name=a::b\n\u001b[31mred\u001b[0m\u202e\u0000 ' +
  '</td></details><img src=x onerror=alert(1)> | `a` [b](javascript:c) <!-- comment --> @everyone #1';

/** What GitHub answers with a status that a fault asks for. */
export function createStatusFaultAnswer(status: number): BodyAnswer {
  return createGitHubError(status, status >= 500 ? 'Server Error' : (STATUS_CODES[status] ?? 'Error'));
}

export function createHostileAnswer({ status = 422, text = HOSTILE_MESSAGE }: HostileErrorFault): BodyAnswer {
  const errors = [{ resource: 'Deployment', field: text, code: 'custom', message: text }];
  return createGitHubAnswer(status, { message: text, errors, documentation_url: text, status: `${status}` });
}

export function createRateLimitAnswer(fault: RateLimitFault, headers: Readonly<Record<string, string>>): BodyAnswer {
  const { status = 403, limit = 'primary' } = fault;
  const requestId = headers['x-github-request-id'] ?? '';
  if (limit === 'secondary') {
    const { retryAfterSeconds = 60 } = fault;
    const message = `You have exceeded a secondary rate limit. Please wait a few minutes before you try again. ${SUPPORT} ${requestId}.`;
    const answer = createGitHubError(status, message, `${LIMIT_DOCS}#about-secondary-rate-limits`);
    if (retryAfterSeconds === 'none') return answer;
    return { ...answer, headers: { ...answer.headers, 'retry-after': `${retryAfterSeconds}` } };
  }
  const max = Number(headers['x-ratelimit-limit'] ?? 1000);
  const resource = headers['x-ratelimit-resource'] === 'graphql' ? 'graphql' : 'core';
  const resetAtMs = Date.now() + (fault.resetSeconds ?? 60) * 1000;
  const limits = renderRateLimit({ limit: max, used: max, resetAtMs, resource });
  // GraphQL reports its limit with status 200.
  const answer =
    resource === 'graphql'
      ? createGitHubAnswer(200, {
          errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: 'API rate limit already exceeded.' }],
        })
      : createGitHubError(
          status,
          `API rate limit exceeded for installation ID 51243078. ${SUPPORT} ${requestId}.`,
          LIMIT_DOCS,
        );
  return { ...answer, headers: { ...answer.headers, ...limits } };
}
