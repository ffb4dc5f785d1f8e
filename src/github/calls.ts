import * as z from 'zod/mini';
import { isUncertain } from '../net/errors.ts';
import type { RetryNotice } from '../net/retry.ts';
import type { NotedClock } from './clock.ts';
import { createContractError } from './failure.ts';
import type { Uncertain } from './github.ts';

/** What the calls to GitHub's API share. */

export const PAGE_SIZE = 100;
/** 50,000 items: several times the deployments, or the comments of one pull request, that any repository is known to have. */
const MAX_PAGES = 500;

export interface GitHubClientOptions {
  token: string;
  /** `owner/name`. */
  repository: string;
  userAgent: string;
  signal: AbortSignal;
  /**
   * The longest wait that GitHub may ask for; its primary limits can take an hour to reset, too long for a deployment.
   */
  longestWaitMs: number;
  /** The token has to write comments: a permission to read pull requests alone is not enough. */
  writesComments: boolean;
  /** The token has to change deployments that it finds: a permission to read them alone is not enough. */
  writesDeployments?: boolean;
  /** Learns GitHub's time from its answers. */
  clock: NotedClock;
  onRetry: (notice: RetryNotice) => void;
  debug: (text: string) => void;
  /** Removes credentials from everything that others can read. */
  redact: (text: string) => string;
}

/** What a call needs in addition to its parameters. */
export interface Call {
  /** What it is for, as a sentence begins. */
  what: string;
  /** The line under `permissions:` that it needs; undefined where any token is enough. */
  permission: string | undefined;
  /** The call may be sent again after a lost answer. */
  repeatable: boolean;
}

export type Octokit = ReturnType<typeof import('@actions/github').getOctokit>;
/** Makes a call. The first one loads the client, so that nothing waits for it earlier. */
export type Runner = <T>(call: Call, request: (octokit: Octokit) => Promise<T>) => Promise<T>;

export interface Parts {
  run: Runner;
  here: { owner: string; repo: string };
}

/** The items of all pages; a page is asked for when the ones before it are used up. @throws ActionError for too many */
export async function* items<T>(
  run: Runner,
  call: Call,
  pages: (octokit: Octokit) => AsyncIterable<{ data: unknown }>,
  schema: z.ZodMiniType<T>,
): AsyncGenerator<T> {
  let iterator: AsyncIterator<{ data: unknown }> | undefined;
  for (let pageNumber = 1; ; pageNumber += 1) {
    if (pageNumber > MAX_PAGES)
      throw createContractError(call.what, `: a list of more than ${MAX_PAGES} pages`, undefined);
    // After a failure `next` asks for the same page again.
    const { done, page } = await run(call, async (octokit) => {
      iterator ??= pages(octokit)[Symbol.asyncIterator]();
      const next = await iterator.next().catch((error: unknown) => {
        // Octokit looks for the list within the answer, and finds none.
        throw error instanceof TypeError ? createContractError(call.what, ' (no list)', error) : error;
      });
      return next.done === true
        ? { done: true, page: [] }
        : { done: false, page: z.array(schema).parse(next.value.data) };
    });
    if (done) return;
    yield* page;
  }
}

export async function orUncertain<T>(made: Promise<T>): Promise<T | Uncertain> {
  try {
    return await made;
  } catch (error) {
    if (isUncertain(error)) return { uncertain: error };
    throw error;
  }
}
