import { z } from 'zod';
import { ActionError } from '../errors.ts';
import { isUncertain } from '../net/errors.ts';
import { type RetryNotice, repeatAlways, repeatWhenNotCarriedOut, retry } from '../net/retry.ts';
import { createContractError, refuseUnreadable, toFailure } from './failure.ts';
import type {
  Comment,
  DeploymentStatus,
  GitHub,
  KnownDeployment,
  NewDeployment,
  NewDeploymentStatus,
  Uncertain,
} from './github.ts';
import * as schemas from './schemas.ts';

/** A surface that is slow must not hold up a deployment for long. */
const CALL_TIMEOUT_MS = 15_000;
const RETRY_BUDGET_MS = 20_000;
const MAX_RETRIES = 4;
const PAGE_SIZE = 100;

export interface GitHubClientOptions {
  token: string;
  /** `owner/name`. */
  repository: string;
  userAgent: string;
  signal: AbortSignal;
  /** The wait that GitHub may ask for; its primary limits can take an hour to reset, which no deployment waits for. */
  longestWaitMs: number;
  /** The token is to write comments: a permission to read pull requests alone would not do. */
  writesComments: boolean;
  onRetry: (notice: RetryNotice) => void;
  debug: (text: string) => void;
}

/** What a call needs beside its parameters. */
interface Call {
  /** What it is for, as a sentence begins. */
  what: string;
  /** The line under `permissions:` that it takes; undefined where every token will do. */
  permission: string | undefined;
  /** It may be sent again after an answer that was lost. */
  repeatable: boolean;
}

type Octokit = ReturnType<typeof import('@actions/github').getOctokit>;
type Runner = <T>(call: Call, request: () => Promise<T>) => Promise<T>;

interface Parts {
  octokit: Octokit;
  run: Runner;
  here: { owner: string; repo: string };
}

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
  return { ...deploymentCalls(parts), ...commentCalls(parts), ...personCalls(parts, options) };
}

/** @throws ActionError that keeps the value to itself: it may hold credentials */
function checkApiUrl(url: string): void {
  if (url === '' || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return;
  throw new ActionError('GITHUB_API_URL is not an http(s) URL.', {
    title: 'GitHub address not usable',
    fix: 'The runner sets it; do not set it in `env:`.',
  });
}

function deploymentCalls({ octokit, run, here }: Parts) {
  const repos = octokit.rest.repos;
  return {
    createDeployment: async ({ sha, environment, description, payload, ...kind }: NewDeployment) => {
      const call = { what: 'Creating the GitHub deployment', permission: 'deployments: write', repeatable: false };
      return await orUncertain(
        run(call, async () => {
          const { data } = await repos.createDeployment({
            ...here,
            ref: sha,
            environment,
            description,
            payload: schemas.renderPayload(payload),
            // What was built is deployed, whatever the checks of the commit say, and nothing is merged on the way.
            auto_merge: false,
            required_contexts: [],
            transient_environment: kind.isTransient,
            production_environment: kind.isProduction,
          });
          return schemas.createdDeployment.parse(data);
        }),
      );
    },
    createDeploymentStatus: async (deploymentId: number, status: NewDeploymentStatus) => {
      const what = `Setting the GitHub deployment to ${status.state}`;
      // Twice the same status is one line more in a history.
      await run({ what, permission: 'deployments: write', repeatable: true }, async () => {
        await repos.createDeploymentStatus({
          ...here,
          deployment_id: deploymentId,
          state: status.state,
          description: status.description,
          // Others in this environment show other projects and pull requests: which to close is decided here.
          auto_inactive: false,
          ...(status.environmentUrl === undefined ? {} : { environment_url: status.environmentUrl }),
          ...(status.logUrl === undefined ? {} : { log_url: status.logUrl }),
        });
      });
    },
    listDeployments: (filter: { environment: string; sha?: string }): AsyncIterable<KnownDeployment> => {
      const call = { what: 'Reading GitHub deployments', permission: 'deployments: read', repeatable: true };
      const pages = octokit.paginate.iterator(repos.listDeployments, { ...here, ...filter, per_page: PAGE_SIZE });
      return items(run, call, pages, schemas.knownDeployment);
    },
    listDeploymentStates: (deploymentId: number): AsyncIterable<DeploymentStatus> => {
      const call = { what: 'Reading a GitHub deployment', permission: 'deployments: read', repeatable: true };
      const parameters = { ...here, deployment_id: deploymentId, per_page: PAGE_SIZE };
      return items(
        run,
        call,
        octokit.paginate.iterator(repos.listDeploymentStatuses, parameters),
        schemas.deploymentStatus,
      );
    },
  };
}

const COMMENT_PERMISSION = 'pull-requests: write';

function commentCalls({ octokit, run, here }: Parts) {
  const issues = octokit.rest.issues;
  return {
    listComments: (issueNumber: number): AsyncIterable<Comment> => {
      const call = { what: 'Reading the comments', permission: COMMENT_PERMISSION, repeatable: true };
      const parameters = { ...here, issue_number: issueNumber, per_page: PAGE_SIZE };
      return items(run, call, octokit.paginate.iterator(issues.listComments, parameters), schemas.comment);
    },
    createComment: async (issueNumber: number, body: string) => {
      const call = { what: 'Writing the comment', permission: COMMENT_PERMISSION, repeatable: false };
      return await orUncertain(
        run(call, async () => {
          return schemas.comment.parse((await issues.createComment({ ...here, issue_number: issueNumber, body })).data);
        }),
      );
    },
    updateComment: async (commentId: number, body: string) => {
      const call = { what: 'Updating the comment', permission: COMMENT_PERMISSION, repeatable: true };
      return await run(call, async () => {
        return schemas.comment.parse((await issues.updateComment({ ...here, comment_id: commentId, body })).data);
      });
    },
    deleteComment: async (commentId: number) => {
      const call = { what: 'Deleting a comment', permission: COMMENT_PERMISSION, repeatable: true };
      await run(call, async () => void (await issues.deleteComment({ ...here, comment_id: commentId })));
    },
  };
}

/** Installation tokens, a job's own among them (GitHub's documentation, "About authentication to GitHub"). */
const INSTALLATION_TOKEN = /^ghs_/;
const JOB_TOKEN_LOGIN = 'github-actions[bot]';

function personCalls({ octokit, run, here }: Parts, { token, writesComments }: GitHubClientOptions) {
  return {
    readViewerLogin: async () => {
      const call = { what: 'Asking GitHub who the token writes as', permission: undefined, repeatable: true };
      const isInstallation = INSTALLATION_TOKEN.test(token);
      try {
        const ask = async () => schemas.viewer.parse(await octokit.graphql('query { viewer { login } }'));
        const login = await run(call, ask);
        // GraphQL leaves the ending of an app's login out in places, REST does not.
        return isInstallation && !login.endsWith('[bot]') ? `${login}[bot]` : login;
      } catch (error) {
        if (!isInstallation) throw error;
        return JOB_TOKEN_LOGIN;
      }
    },
    readPullRequest: async (number: number) => {
      const permission = writesComments ? COMMENT_PERMISSION : 'pull-requests: read';
      const call = { what: `Reading pull request ${number}`, permission, repeatable: true };
      return await run(call, async () => {
        return schemas.pullRequest.parse((await octokit.rest.pulls.get({ ...here, pull_number: number })).data);
      });
    },
  };
}

/** The items of all pages; a page is asked for when the ones before it are used up. */
async function* items<T>(
  run: Runner,
  call: Call,
  pages: AsyncIterable<{ data: unknown }>,
  schema: z.ZodType<T>,
): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    // After a failure `next` asks for the same page again.
    const { done, page } = await run(call, async () => {
      const next = await iterator.next();
      return next.done === true
        ? { done: true, page: [] }
        : { done: false, page: z.array(schema).parse(next.value.data) };
    });
    if (done) return;
    yield* page;
  }
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

async function orUncertain<T>(made: Promise<T>): Promise<T | Uncertain> {
  try {
    return await made;
  } catch (error) {
    if (isUncertain(error)) return { uncertain: error };
    throw error;
  }
}

function notUnderstood(what: string, cause: z.ZodError): ActionError {
  const issue = cause.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return createContractError(what, where, cause);
}
