import type { GitHubCheckRun } from './records.ts';
import { createNodeId, renderApp } from './render-user.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';

/** GitHub's OpenAPI description, `check-run`. */
export function renderCheckRun(checkRun: GitHubCheckRun, store: GitHubStore, urls: Urls) {
  const url = `${urls.repository}/check-runs/${checkRun.id}`;
  const page = `${urls.page}/runs/${checkRun.id}`;
  const { title, summary, text, annotations } = checkRun.output;
  return {
    id: checkRun.id,
    name: checkRun.name,
    node_id: createNodeId('CR', checkRun.id),
    head_sha: checkRun.headSha,
    external_id: checkRun.externalId,
    url,
    html_url: page,
    details_url: checkRun.detailsUrl ?? page,
    status: checkRun.status,
    conclusion: checkRun.conclusion,
    started_at: checkRun.startedAt,
    completed_at: checkRun.completedAt,
    output: { title, summary, text, annotations_count: annotations.length, annotations_url: `${url}/annotations` },
    // GitHub puts runs of one app on one commit into one suite.
    check_suite: { id: checkRun.id - 1 },
    app: renderApp(store.users.find('github-actions[bot]'), urls),
    pull_requests: renderPullRequests(checkRun, store, urls),
  };
}

/** Of pull requests from this repository alone: GitHub leaves out those from forks. */
function renderPullRequests({ headSha }: GitHubCheckRun, { pullRequests, repository }: GitHubStore, urls: Urls) {
  const repo = { id: repository.id, url: urls.repository, name: repository.name };
  return pullRequests
    .filter(({ head, state }) => state === 'open' && head.sha === headSha && head.repository === repository.fullName)
    .map(({ id, number, head, base }) => ({
      url: `${urls.repository}/pulls/${number}`,
      id,
      number,
      head: { ref: head.ref, sha: head.sha, repo },
      base: { ref: base.ref, sha: base.sha, repo },
    }));
}
