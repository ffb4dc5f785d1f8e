import { setImmediate } from 'node:timers/promises';
import * as z from 'zod/mini';
import { ActionError } from '../errors.ts';
import { HttpError } from '../net/errors.ts';
import { allowSlowHandshakes } from '../net/handshakes.ts';
import { completeProxies } from '../net/proxy.ts';
import { repeatAlways, repeatWhenNotCarriedOut, retry } from '../net/retry.ts';
import { pause, timeoutSignal } from '../pause.ts';
import type { GitHubClientOptions, Octokit, Parts, Runner } from './calls.ts';
import { checkCalls } from './check-calls.ts';
import { deploymentCalls } from './deployment-calls.ts';
import { createContractError, keepConflict, refuseOtherHost, refuseUnreadable, toFailure } from './failure.ts';
import type { GitHub } from './github.ts';
import { personCalls } from './person-calls.ts';
import { commentCalls, pullRequestCalls } from './pull-request-calls.ts';
import { runCalls } from './run-calls.ts';
import { followOnSameHost } from './same-host-fetch.ts';

/** A slow status call must not hold up a deployment for long. */
const CALL_TIMEOUT_MS = 15_000;
const RETRY_BUDGET_MS = 20_000;
const MAX_RETRIES = 4;
/** GitHub occasionally refuses a good token for a moment; it refuses a wrong one each time. */
const MAX_TOKEN_RETRIES = 2;

/**
 * GitHub's REST and GraphQL API through `@actions/github`, which takes the host from GITHUB_API_URL and obeys the proxy
 * settings. Each call has a time limit, and is repeated where that can help and is safe. The package takes longer to
 * load than everything else before the first line of a log: loading begins here, and the first call waits for it.
 */
export async function createGitHubClient(options: GitHubClientOptions): Promise<GitHub> {
  // Before the import, which assumes a valid address.
  checkApiUrl(process.env['GITHUB_API_URL'] ?? '');
  completeProxies();
  allowSlowHandshakes();
  const octokit = loadOctokit(options);
  octokit.catch(() => {}); // The first call reports it.
  const [owner = '', repo = ''] = options.repository.split('/');
  const parts: Parts = { run: createRunner(options, octokit), here: { owner, repo } };
  return {
    clock: options.clock,
    pause: (durationMs) => pause(durationMs, options.signal),
    ...deploymentCalls(parts, options),
    ...commentCalls(parts),
    ...pullRequestCalls(parts, options),
    ...checkCalls(parts),
    ...personCalls(parts, options),
    ...runCalls(parts),
  };
}

async function loadOctokit({ token, userAgent, debug, signal, redact, clock }: GitHubClientOptions): Promise<Octokit> {
  // `import` compiles synchronously: what can be logged or started without it comes first.
  await setImmediate();
  const { getOctokit } = await import('@actions/github');
  const log = { debug, info: debug, warn: debug, error: debug };
  const octokit = getOctokit(token, { userAgent, log });
  // On every request, those for further pages included.
  octokit.hook.before('request', (request) => {
    refuseOtherHost(request);
    request.request.signal = AbortSignal.any([signal, timeoutSignal(CALL_TIMEOUT_MS)]);
    request.request.fetch = followOnSameHost(request.request.fetch ?? fetch);
    for (const [name, value] of Object.entries(request)) {
      if (!OWN_PARAMETERS.has(name)) Object.assign(request, { [name]: redactStrings(value, redact) });
    }
  });
  octokit.hook.after('request', refuseUnreadable);
  octokit.hook.wrap('request', async (request, options) => {
    const sentAtMs = Date.now();
    const note = (headers: ResponseHeaders | undefined) => {
      // An answer of a proxy on the way has no such id, and its clock is another one.
      if (headers?.['x-github-request-id'] !== undefined) clock.note(headers['date'], sentAtMs);
    };
    try {
      const response = await request(options);
      note(response.headers);
      return response;
    } catch (error) {
      if (error instanceof Error && 'response' in error) note((error.response as Answered | undefined)?.headers);
      throw keepConflict(error);
    }
  });
  return octokit;
}

/** The options that Octokit itself adds to a request; all others become its body, its path or its query. */
const OWN_PARAMETERS: ReadonlySet<string> = new Set(['method', 'baseUrl', 'url', 'headers', 'mediaType', 'request']);

function redactStrings(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactStrings(item, redact)]));
}

type ResponseHeaders = Readonly<Record<string, unknown>>;

/** The part of an error of Octokit's that is read. */
interface Answered {
  headers?: ResponseHeaders;
}

/** @throws ActionError without the value, which may hold credentials */
function checkApiUrl(url: string): void {
  if (url === '' || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return;
  throw new ActionError('GITHUB_API_URL is not an http(s) URL.', {
    title: 'GitHub address not usable',
    fix: 'The runner sets it; do not set it in `env:`.',
  });
}

function createRunner({ signal, onRetry, longestWaitMs }: GitHubClientOptions, loading: Promise<Octokit>): Runner {
  return async ({ what, permission, repeatable }, request) => {
    const octokit = await loading;
    const attempt = async () => {
      try {
        signal.throwIfAborted();
        return await request(octokit);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (error instanceof z.core.$ZodError) throw notUnderstood(what, error);
        throw toFailure({ what, permission }, error);
      }
    };
    const mayRepeat = repeatable ? repeatAlways : repeatWhenNotCarriedOut;
    let refusedTokens = 0;
    return await retry(attempt, {
      signal,
      onRetry,
      mayRepeat: (error) => {
        if (!isTokenRefused(error)) return mayRepeat(error);
        // No such call was carried out.
        refusedTokens += 1;
        return refusedTokens <= MAX_TOKEN_RETRIES;
      },
      maxRetries: MAX_RETRIES,
      budgetMs: RETRY_BUDGET_MS,
      longestNamedWaitMs: longestWaitMs,
    });
  };
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof HttpError && error.status === 401;
}

function notUnderstood(what: string, cause: z.core.$ZodError): ActionError {
  const issue = cause.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return createContractError(what, where, cause);
}
