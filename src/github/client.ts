import { z } from 'zod';
import { ActionError } from '../errors.ts';
import { repeatAlways, repeatWhenNotCarriedOut, retry } from '../net/retry.ts';
import { artifactCalls } from './artifact-calls.ts';
import type { GitHubClientOptions, Parts, Runner } from './calls.ts';
import { checkCalls } from './check-calls.ts';
import { commentCalls } from './comment-calls.ts';
import { deploymentCalls } from './deployment-calls.ts';
import { createContractError, refuseUnreadable, toFailure } from './failure.ts';
import type { GitHub } from './github.ts';
import { personCalls } from './person-calls.ts';
import { pullRequestCalls } from './pull-request-calls.ts';

/** A surface that is slow must not hold up a deployment for long. */
const CALL_TIMEOUT_MS = 15_000;
const RETRY_BUDGET_MS = 20_000;
const MAX_RETRIES = 4;

/**
 * GitHub's REST and GraphQL API through `@actions/github`, which takes the host from GITHUB_API_URL and heeds the proxy
 * settings. Each call has a time limit, and is repeated where that can help and do no harm.
 */
export async function createGitHubClient(options: GitHubClientOptions): Promise<GitHub> {
  // Before the import, which takes the address for granted.
  checkApiUrl(process.env['GITHUB_API_URL'] ?? '');
  const { getOctokit } = await import(/* webpackMode: "eager" */ '@actions/github');
  const { debug, signal } = options;
  const log = { debug, info: debug, warn: debug, error: debug };
  const octokit = getOctokit(options.token, { userAgent: options.userAgent, log });
  // On every request, those for further pages included.
  octokit.hook.before('request', (request) => {
    request.request.signal = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
  });
  octokit.hook.after('request', refuseUnreadable);
  const [owner = '', repo = ''] = options.repository.split('/');
  const parts: Parts = { octokit, run: createRunner(options), here: { owner, repo } };
  return {
    ...deploymentCalls(parts, options),
    ...commentCalls(parts),
    ...pullRequestCalls(parts, options),
    ...checkCalls(parts),
    ...personCalls(parts, options),
    ...artifactCalls(parts),
  };
}

/** @throws ActionError that keeps the value to itself: it may hold credentials */
function checkApiUrl(url: string): void {
  if (url === '' || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return;
  throw new ActionError('GITHUB_API_URL is not an http(s) URL.', {
    title: 'GitHub address not usable',
    fix: 'The runner sets it; do not set it in `env:`.',
  });
}

function createRunner({ signal, onRetry, longestWaitMs }: GitHubClientOptions): Runner {
  return async ({ what, permission, repeatable }, request) => {
    const attempt = async () => {
      try {
        signal.throwIfAborted();
        return await request();
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (error instanceof z.ZodError) throw notUnderstood(what, error);
        throw toFailure({ what, permission }, error);
      }
    };
    return await retry(attempt, {
      signal,
      onRetry,
      mayRepeat: repeatable ? repeatAlways : repeatWhenNotCarriedOut,
      maxRetries: MAX_RETRIES,
      budgetMs: RETRY_BUDGET_MS,
      longestNamedWaitMs: longestWaitMs,
    });
  };
}

function notUnderstood(what: string, cause: z.ZodError): ActionError {
  const issue = cause.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return createContractError(what, where, cause);
}
