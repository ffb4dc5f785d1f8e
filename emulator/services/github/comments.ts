import type { BodyAnswer } from '../../answers.ts';
import { createEmptyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNotFound, createValidationError } from './answers.ts';
import { BodyFields, countCharacters } from './body-fields.ts';
import { paginate } from './paging.ts';
import type { GitHubComment, GitHubReaction } from './records.ts';
import { REACTIONS } from './records.ts';
import { renderComment, renderReaction } from './render-comment.ts';
import type { GitHubRequest } from './request.ts';
import type { GitHubStore } from './store.ts';

const MAX_BODY_LENGTH = 65_536;
const LOCKING_DOCS = 'https://docs.github.com/articles/locking-conversations/';

/** `GET /repos/{owner}/{repo}/issues/{issue_number}/comments`: the oldest first. */
export function answerListComments(request: GitHubRequest, store: GitHubStore): BodyAnswer {
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

/** `POST /repos/{owner}/{repo}/issues/{issue_number}/comments`. */
export function answerCreateComment(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, docs, token, urls } = request;
  const pullRequest = store.findPullRequest(id);
  if (pullRequest === undefined || token === undefined) return createNotFound(docs);
  if (pullRequest.isLocked) {
    return createGitHubError(403, 'Unable to create comment because issue is locked.', LOCKING_DOCS);
  }
  const body = readBody(request);
  if (typeof body !== 'string') return body;
  const now = store.clock.nowMs();
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

/** `GET /repos/{owner}/{repo}/issues/comments/{comment_id}`. */
export function answerGetComment({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const comment = store.findComment(id);
  if (comment === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, renderComment(comment, urls));
}

/** `PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}`: whoever may write may change anybody's comment. */
export function answerUpdateComment(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const comment = store.findComment(request.id);
  if (comment === undefined) return createNotFound(request.docs);
  const body = readBody(request);
  if (typeof body !== 'string') return body;
  comment.body = body;
  comment.updatedAtMs = store.clock.nowMs();
  return createGitHubAnswer(200, renderComment(comment, request.urls));
}

/** `DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}`. */
export function answerDeleteComment({ id, docs }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const comment = store.findComment(id);
  if (comment === undefined) return createNotFound(docs);
  store.comments.splice(store.comments.indexOf(comment), 1);
  return createEmptyAnswer(204);
}

/** `POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions`: 200 for a reaction that is there already. */
export function answerCreateReaction(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, body, docs, token, urls } = request;
  const comment = store.findComment(id);
  if (comment === undefined || token === undefined) return createNotFound(docs);
  const fields = new BodyFields(body);
  const content = fields.requiredOneOf('content', REACTIONS);
  const refusal = fields.refusal(docs);
  if (refusal !== undefined) return refusal;
  const { user } = token;
  const known = comment.reactions.find((reaction) => reaction.content === content && reaction.user === user);
  if (known !== undefined) return createGitHubAnswer(200, renderReaction(known, urls));
  const reaction: GitHubReaction = { id: store.createId(), content, user, createdAtMs: store.clock.nowMs() };
  comment.reactions.push(reaction);
  return createGitHubAnswer(201, renderReaction(reaction, urls));
}

/** The comment's text, or the refusal of it. */
function readBody({ body, docs }: GitHubRequest): string | BodyAnswer {
  const fields = new BodyFields(body);
  const text = fields.requiredText('body');
  const refusal = fields.refusal(docs);
  if (refusal !== undefined) return refusal;
  const refuse = (message: string) =>
    createValidationError(docs, [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }]);
  if (text.trim() === '') return refuse('Body cannot be blank');
  if (countCharacters(text) > MAX_BODY_LENGTH) {
    return refuse(`Body is too long (maximum is ${MAX_BODY_LENGTH} characters)`);
  }
  return text;
}
