import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createNodeId, createNotFound, renderTime } from './answers.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import { paginate } from './paging.ts';
import type { GitHubPullRequest, GitHubUser } from './records.ts';
import type { GitHubRepository } from './repository.ts';
import { headRepositoryOf, renderRepository } from './repository.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';
import { renderUser } from './users.ts';

export const PULL_REQUEST_ENDPOINTS = [
  {
    call: 'github.getPullRequest',
    method: 'GET',
    path: `${REPOSITORY}/pulls/:id(\\d+)`,
    needs: ['pull-requests'],
    docs: '/pulls/pulls#get-a-pull-request',
    answer: getPullRequest,
  },
  {
    call: 'github.listPullRequests',
    method: 'GET',
    path: `${REPOSITORY}/pulls`,
    needs: ['pull-requests'],
    docs: '/pulls/pulls#list-pull-requests',
    answer: listPullRequests,
  },
] as const satisfies readonly GitHubEndpoint[];

function getPullRequest({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const pullRequest = store.findPullRequest(id);
  if (pullRequest === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, renderPullRequest(pullRequest, store, urls));
}

/** The open ones and the newest first, unless asked otherwise. */
function listPullRequests(request: GitHubRequest, store: GitHubStore): BodyAnswer {
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

/** The filter is `owner:branch`; GitHub ignores one without an owner. */
function isHead({ head }: GitHubPullRequest, wanted: string): boolean {
  if (!wanted.includes(':')) return true;
  return `${head.repository?.split('/')[0] ?? ''}:${head.ref}` === wanted;
}

/** Unless a direction is given, `created` begins with the newest, every other order with the least. */
function sort(pullRequests: readonly GitHubPullRequest[], query: URLSearchParams): GitHubPullRequest[] {
  const by = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (by === 'created' ? 'desc' : 'asc');
  const sign = direction === 'asc' ? 1 : -1;
  const keyOf = ({ updatedAtMs, createdAtMs }: GitHubPullRequest) => (by === 'updated' ? updatedAtMs : createdAtMs);
  return pullRequests.toSorted((a, b) => sign * (keyOf(a) - keyOf(b) || a.number - b.number));
}

/** GitHub's OpenAPI description, `pull-request-simple`: a pull request in a list. */
function renderPullRequestItem(pullRequest: GitHubPullRequest, store: GitHubStore, urls: Urls) {
  const { number, head, base, user } = pullRequest;
  const links = createLinks(pullRequest, urls);
  const headRepository =
    head.repository === undefined ? undefined : headRepositoryOf(head.repository, store.repository, pullRequest.id + 1);
  const headOwner = headRepository === undefined ? user : store.users.find(headRepository.owner);
  return {
    ...links,
    id: pullRequest.id,
    node_id: createNodeId('PR', pullRequest.id),
    diff_url: `${links.html_url}.diff`,
    patch_url: `${links.html_url}.patch`,
    number,
    state: pullRequest.state,
    locked: pullRequest.isLocked,
    active_lock_reason: pullRequest.isLocked ? 'resolved' : null,
    title: pullRequest.title,
    user: renderUser(user, urls),
    body: pullRequest.body,
    labels: [],
    milestone: null,
    created_at: renderTime(pullRequest.createdAtMs),
    updated_at: renderTime(pullRequest.updatedAtMs),
    closed_at: renderOptionalTime(pullRequest.closedAtMs),
    merged_at: renderOptionalTime(pullRequest.mergedAtMs),
    merge_commit_sha: pullRequest.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: renderEnd(head, headOwner, headRepository, store, urls),
    base: renderEnd(base, store.users.find(store.repository.owner), store.repository, store, urls),
    _links: renderLinks(links),
    author_association: pullRequest.authorAssociation,
    auto_merge: null,
    draft: pullRequest.isDraft,
  };
}

/** GitHub's OpenAPI description, `pull-request`. */
function renderPullRequest(pullRequest: GitHubPullRequest, store: GitHubStore, urls: Urls) {
  const isMerged = pullRequest.mergedAtMs !== undefined;
  const isOpen = pullRequest.state === 'open';
  return {
    ...renderPullRequestItem(pullRequest, store, urls),
    merged: isMerged,
    mergeable: isOpen ? !pullRequest.hasConflicts : null,
    rebaseable: isOpen ? !pullRequest.hasConflicts : null,
    mergeable_state: mergeableStateOf(pullRequest),
    merged_by: isMerged ? renderUser(pullRequest.user, urls) : null,
    comments: store.comments.filter(({ issueNumber }) => issueNumber === pullRequest.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  };
}

/** GitHub's OpenAPI description, `pull-request-minimal`. */
export function renderPullRequestLink(
  { id, number, head, base }: GitHubPullRequest,
  { repository }: GitHubStore,
  urls: Urls,
) {
  const repo = { id: repository.id, url: urls.repository, name: repository.name };
  return {
    id,
    number,
    url: `${urls.repository}/pulls/${number}`,
    head: { ref: head.ref, sha: head.sha, repo },
    base: { ref: base.ref, sha: base.sha, repo },
  };
}

function mergeableStateOf({ state, hasConflicts, isBehind }: GitHubPullRequest): string {
  if (state !== 'open') return 'unknown';
  if (hasConflicts) return 'dirty';
  return isBehind ? 'behind' : 'clean';
}

function createLinks({ number, head }: GitHubPullRequest, urls: Urls) {
  const url = `${urls.repository}/pulls/${number}`;
  const issueUrl = `${urls.repository}/issues/${number}`;
  return {
    url,
    html_url: `${urls.page}/pull/${number}`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${urls.repository}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: `${urls.repository}/statuses/${head.sha}`,
  };
}

function renderLinks(links: ReturnType<typeof createLinks>) {
  return {
    self: { href: links.url },
    html: { href: links.html_url },
    issue: { href: links.issue_url },
    comments: { href: links.comments_url },
    review_comments: { href: links.review_comments_url },
    review_comment: { href: links.review_comment_url },
    commits: { href: links.commits_url },
    statuses: { href: links.statuses_url },
  };
}

/** Base, or head, whose repository is null once it was deleted, though GitHub's description of a single pull request does not say so. */
function renderEnd(
  { ref, sha }: { ref: string; sha: string },
  owner: GitHubUser,
  repository: GitHubRepository | undefined,
  { users }: GitHubStore,
  urls: Urls,
) {
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: renderUser(owner, urls),
    repo: repository === undefined ? null : renderRepository(repository, users, urls),
  };
}

function renderOptionalTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : renderTime(timeMs);
}
