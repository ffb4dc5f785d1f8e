import type { BodyAnswer } from '../../answers.ts';
import { createEmptyAnswer } from '../../answers.ts';
import {
  createGitHubAnswer,
  createGitHubError,
  createNodeId,
  createNotFound,
  createValidationError,
  renderTime,
} from './answers.ts';
import { BodyFields, countCharacters } from './body-fields.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import { paginate } from './paging.ts';
import type { GitHubComment, GitHubReaction } from './records.ts';
import { REACTIONS } from './records.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';
import { renderApp, renderUser } from './users.ts';

/** A pull request is an issue: either permission is enough. */
const PERMISSIONS = ['issues', 'pull-requests'] as const;

export const COMMENT_ENDPOINTS = [
  {
    call: 'github.listComments',
    method: 'GET',
    path: `${REPOSITORY}/issues/:id(\\d+)/comments`,
    needs: PERMISSIONS,
    docs: '/issues/comments#list-issue-comments',
    answer: listComments,
  },
  {
    call: 'github.createComment',
    method: 'POST',
    path: `${REPOSITORY}/issues/:id(\\d+)/comments`,
    needs: PERMISSIONS,
    docs: '/issues/comments#create-an-issue-comment',
    answer: createComment,
  },
  {
    call: 'github.getComment',
    method: 'GET',
    path: `${REPOSITORY}/issues/comments/:id(\\d+)`,
    needs: PERMISSIONS,
    docs: '/issues/comments#get-an-issue-comment',
    answer: getComment,
  },
  {
    call: 'github.updateComment',
    method: 'PATCH',
    path: `${REPOSITORY}/issues/comments/:id(\\d+)`,
    needs: PERMISSIONS,
    docs: '/issues/comments#update-an-issue-comment',
    answer: updateComment,
  },
  {
    call: 'github.deleteComment',
    method: 'DELETE',
    path: `${REPOSITORY}/issues/comments/:id(\\d+)`,
    needs: PERMISSIONS,
    docs: '/issues/comments#delete-an-issue-comment',
    answer: deleteComment,
  },
  {
    call: 'github.createReaction',
    method: 'POST',
    path: `${REPOSITORY}/issues/comments/:id(\\d+)/reactions`,
    needs: PERMISSIONS,
    docs: '/reactions/reactions#create-reaction-for-an-issue-comment',
    answer: createReaction,
  },
  {
    call: 'github.deleteReaction',
    method: 'DELETE',
    path: `${REPOSITORY}/issues/comments/:id(\\d+)/reactions/:name(\\d+)`,
    needs: PERMISSIONS,
    docs: '/reactions/reactions#delete-an-issue-comment-reaction',
    answer: deleteReaction,
  },
] as const satisfies readonly GitHubEndpoint[];

const MAX_BODY_LENGTH = 65_536;
const LOCKING_DOCS = 'https://docs.github.com/articles/locking-conversations/';

/** The oldest first. */
function listComments(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, docs, url, urls } = request;
  if (store.findPullRequest(id) === undefined) return createNotFound(docs);
  const since = Date.parse(url.searchParams.get('since') ?? '');
  const all = store.comments.filter(
    ({ issueNumber, updatedAtMs }) => issueNumber === id && (Number.isNaN(since) || updatedAtMs >= since),
  );
  const { items, headers } = paginate(all, request);
  return createGitHubAnswer(
    200,
    items.map((comment) => renderComment(comment, urls)),
    headers,
  );
}

function createComment(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, docs, token, urls } = request;
  const pullRequest = store.findPullRequest(id);
  if (pullRequest === undefined || token === undefined) return createNotFound(docs);
  if (pullRequest.isLocked) {
    return createGitHubError(403, 'Unable to create comment because issue is locked.', LOCKING_DOCS);
  }
  const body = readBody(request);
  if (typeof body !== 'string') return body;
  const now = store.nowMs();
  const comment: GitHubComment = {
    id: store.createId(),
    issueNumber: id,
    user: token.user,
    body,
    authorAssociation: store.users.associationOf(token.user),
    createdAtMs: now,
    updatedAtMs: now,
    reactions: [],
  };
  store.comments.push(comment);
  const rendered = renderComment(comment, urls);
  return createGitHubAnswer(201, rendered, { location: rendered.url });
}

function getComment({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const comment = store.findComment(id);
  if (comment === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, renderComment(comment, urls));
}

/** Anyone who may write may change any comment. */
function updateComment(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const comment = store.findComment(request.id);
  if (comment === undefined) return createNotFound(request.docs);
  const body = readBody(request);
  if (typeof body !== 'string') return body;
  comment.body = body;
  comment.updatedAtMs = store.nowMs();
  return createGitHubAnswer(200, renderComment(comment, request.urls));
}

function deleteComment({ id, docs }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const comment = store.findComment(id);
  if (comment === undefined) return createNotFound(docs);
  store.comments.splice(store.comments.indexOf(comment), 1);
  return createEmptyAnswer(204);
}

/** 200 if the reaction exists already. */
function createReaction(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, body, docs, token, urls } = request;
  const comment = store.findComment(id);
  if (comment === undefined || token === undefined) return createNotFound(docs);
  const fields = new BodyFields(body);
  const content = fields.requiredOneOf('content', REACTIONS);
  const error = fields.createError(docs);
  if (error !== undefined) return error;
  const { user } = token;
  const known = comment.reactions.find((reaction) => reaction.content === content && reaction.user === user);
  if (known !== undefined) return createGitHubAnswer(200, renderReaction(known, urls));
  const reaction: GitHubReaction = { id: store.createId(), content, user, createdAtMs: store.nowMs() };
  comment.reactions.push(reaction);
  return createGitHubAnswer(201, renderReaction(reaction, urls));
}

function deleteReaction({ id, name, docs }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const reactions = store.findComment(id)?.reactions ?? [];
  const index = reactions.findIndex((reaction) => reaction.id === Number(name));
  if (index === -1) return createNotFound(docs);
  reactions.splice(index, 1);
  return createEmptyAnswer(204);
}

/** The comment's text, or the error that rejects it. */
function readBody({ body, docs }: GitHubRequest): string | BodyAnswer {
  const fields = new BodyFields(body);
  const text = fields.requiredText('body');
  const error = fields.createError(docs);
  if (error !== undefined) return error;
  const reject = (message: string) =>
    createValidationError(docs, [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }]);
  if (text.trim() === '') return reject('Body cannot be blank');
  if (countCharacters(text) > MAX_BODY_LENGTH) {
    return reject(`Body is too long (maximum is ${MAX_BODY_LENGTH} characters)`);
  }
  return text;
}

/** GitHub's OpenAPI description, `issue-comment`. */
function renderComment(comment: GitHubComment, urls: Urls) {
  const url = `${urls.repository}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${urls.page}/pull/${comment.issueNumber}#issuecomment-${comment.id}`,
    issue_url: `${urls.repository}/issues/${comment.issueNumber}`,
    id: comment.id,
    node_id: createNodeId('IC', comment.id),
    user: renderUser(comment.user, urls),
    created_at: renderTime(comment.createdAtMs),
    updated_at: renderTime(comment.updatedAtMs),
    body: comment.body,
    author_association: comment.authorAssociation,
    pin: null,
    minimized: null,
    reactions: renderReactions(comment, url),
    performed_via_github_app: renderApp(comment.user, urls),
  };
}

/** GitHub's OpenAPI description, `reaction-rollup`. */
function renderReactions({ reactions }: GitHubComment, url: string) {
  const counts = REACTIONS.map((content) => [content, reactions.filter((one) => one.content === content).length]);
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}

/** GitHub's OpenAPI description, `reaction`. */
function renderReaction(reaction: GitHubReaction, urls: Urls) {
  return {
    id: reaction.id,
    node_id: createNodeId('REA', reaction.id),
    user: renderUser(reaction.user, urls),
    content: reaction.content,
    created_at: renderTime(reaction.createdAtMs),
  };
}
