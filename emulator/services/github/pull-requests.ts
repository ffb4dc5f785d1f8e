import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createNotFound } from './answers.ts';
import { paginate } from './paging.ts';
import type { GitHubPullRequest } from './records.ts';
import { renderPullRequest, renderPullRequestItem } from './render-pull-request.ts';
import type { GitHubRequest } from './request.ts';
import type { GitHubStore } from './store.ts';

/** `GET /repos/{owner}/{repo}/pulls/{pull_number}`. */
export function answerGetPullRequest({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const pullRequest = store.findPullRequest(id);
  if (pullRequest === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, renderPullRequest(pullRequest, store, urls));
}

/** `GET /repos/{owner}/{repo}/pulls`: the open ones and the newest first, unless asked otherwise. */
export function answerListPullRequests(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const query = request.url.searchParams;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const matching = store.pullRequests.filter(
    (pullRequest) =>
      (state === 'all' || pullRequest.state === state) &&
      (head === null || isHead(pullRequest, head)) &&
      (base === null || pullRequest.base.ref === base),
  );
  const { items, headers } = paginate(sort(matching, query), request);
  return createGitHubAnswer(
    200,
    items.map((pullRequest) => renderPullRequestItem(pullRequest, store, request.urls)),
    headers,
  );
}

/** The filter is `owner:branch`; GitHub passes over one without an owner. */
function isHead({ head }: GitHubPullRequest, wanted: string): boolean {
  if (!wanted.includes(':')) return true;
  return `${head.repository?.split('/')[0] ?? ''}:${head.ref}` === wanted;
}

/** `created` counts from the newest unless a direction is given, every other order from the least. */
function sort(pullRequests: readonly GitHubPullRequest[], query: URLSearchParams): GitHubPullRequest[] {
  const by = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (by === 'created' ? 'desc' : 'asc');
  const sign = direction === 'asc' ? 1 : -1;
  const keyOf = ({ updatedAtMs, createdAtMs }: GitHubPullRequest) => (by === 'updated' ? updatedAtMs : createdAtMs);
  return pullRequests.toSorted((a, b) => sign * (keyOf(a) - keyOf(b) || a.number - b.number));
}
