import type { GitHubComment, GitHubReaction } from './records.ts';
import { REACTIONS } from './records.ts';
import { createNodeId, renderApp, renderTime, renderUser } from './render-user.ts';
import type { Urls } from './urls.ts';

/** GitHub's OpenAPI description, `issue-comment`. */
export function renderComment(comment: GitHubComment, urls: Urls) {
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
export function renderReaction(reaction: GitHubReaction, urls: Urls) {
  return {
    id: reaction.id,
    node_id: createNodeId('REA', reaction.id),
    user: renderUser(reaction.user, urls),
    content: reaction.content,
    created_at: renderTime(reaction.createdAtMs),
  };
}
