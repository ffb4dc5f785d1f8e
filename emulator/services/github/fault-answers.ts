import { STATUS_CODES } from 'node:http';
import type { BodyAnswer } from '../../answers.ts';
import type { AppliedFaults } from '../../faults/applied.ts';
import { HOSTILE_MESSAGE } from '../../faults/hostile-text.ts';
import { createFaultAnswer } from '../../sending.ts';
import { createGitHubAnswer, createGitHubError, REST_DOCS } from './answers.ts';
import type { HostileErrorFault, RateLimitFault } from './faults.ts';
import { HOSTILE_ERROR, RATE_LIMIT } from './faults.ts';
import { renderRateLimit } from './rate-limit.ts';

const LIMIT_DOCS = `${REST_DOCS}/using-the-rest-api/rate-limits-for-the-rest-api`;
const SUPPORT = 'If you reach out to GitHub Support for help, please include the request ID';

/**
 * The answer that a fault gives in place of the work; undefined if the work is to be done.
 * @param headers those that every answer has
 */
export function createGitHubFaultAnswer(
  faults: AppliedFaults,
  headers: Readonly<Record<string, string>>,
): BodyAnswer | undefined {
  const rateLimit = faults.find(RATE_LIMIT);
  if (rateLimit !== undefined) return createRateLimitAnswer(rateLimit, headers);
  const hostile = faults.find(HOSTILE_ERROR);
  if (hostile !== undefined) return createHostileAnswer(hostile);
  return createFaultAnswer(faults.answer, createStatusAnswer);
}

function createStatusAnswer(status: number): BodyAnswer {
  return createGitHubError(status, status >= 500 ? 'Server Error' : (STATUS_CODES[status] ?? 'Error'));
}

function createHostileAnswer({ status = 422, text: message = HOSTILE_MESSAGE }: HostileErrorFault): BodyAnswer {
  const errors = [{ resource: 'Deployment', field: message, code: 'custom', message }];
  return createGitHubAnswer(status, { message, errors, documentation_url: message, status: `${status}` });
}

function createRateLimitAnswer(fault: RateLimitFault, headers: Readonly<Record<string, string>>): BodyAnswer {
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
