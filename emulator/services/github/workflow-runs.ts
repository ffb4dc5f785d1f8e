import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createNodeId, createNotFound, renderTime } from './answers.ts';
import type { ActionsRun } from './artifact-source.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import { renderPullRequestLink } from './pull-requests.ts';
import { createSha } from './refs.ts';
import { headRepositoryOf, renderMinimalRepository } from './repository.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';

export const WORKFLOW_RUN_ENDPOINTS = [
  {
    call: 'github.getRun',
    method: 'GET',
    path: `${REPOSITORY}/actions/runs/:id(\\d+)`,
    needs: ['actions'],
    docs: '/actions/workflow-runs#get-a-workflow-run',
    answer: getRun,
  },
] as const satisfies readonly GitHubEndpoint[];

const WORKFLOW_ID = 61_305_772;

function getRun({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const run = store.artifacts.findRun(id);
  return run === undefined ? createNotFound(docs) : createGitHubAnswer(200, renderRun(run, store, urls));
}

/** GitHub's OpenAPI description, `workflow-run`. */
function renderRun(run: ActionsRun, store: GitHubStore, urls: Urls) {
  const { repository, users } = store;
  const { runId: id, event = 'push', headBranch = repository.defaultBranch } = run;
  const headSha = run.headSha ?? createSha(`branch ${repository.defaultBranch}`);
  const head = headRepositoryOf(run.headRepository, repository);
  const time = renderTime(store.nowMs());
  return {
    id,
    name: 'Deploy',
    node_id: createNodeId('WFR', id),
    head_branch: headBranch,
    head_sha: headSha,
    path: '.github/workflows/deploy.yml',
    display_title: 'Deploy the storefront',
    run_number: 1,
    event,
    status: 'in_progress',
    conclusion: null,
    workflow_id: WORKFLOW_ID,
    check_suite_id: id + 1,
    check_suite_node_id: createNodeId('CS', id + 1),
    pull_requests: store.pullRequests
      .filter(({ number }) => run.pullRequests?.includes(number) === true)
      .map((one) => renderPullRequestLink(one, store, urls)),
    created_at: time,
    updated_at: time,
    run_attempt: 1,
    run_started_at: time,
    ...createLinks(id, urls),
    previous_attempt_url: null,
    head_commit: renderCommit(headSha, time),
    repository: renderMinimalRepository(repository, users, urls),
    head_repository: renderMinimalRepository(head, users, urls),
    head_repository_id: head.id,
  };
}

function createLinks(id: number, urls: Urls) {
  const url = `${urls.repository}/actions/runs/${id}`;
  return {
    url,
    html_url: `${urls.page}/actions/runs/${id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${urls.repository}/check-suites/${id + 1}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${urls.repository}/actions/workflows/${WORKFLOW_ID}`,
  };
}

/** GitHub's OpenAPI description, `nullable-simple-commit`. */
function renderCommit(sha: string, timestamp: string) {
  const person = { name: 'mona', email: 'mona@example.com' };
  const tree_id = createSha(`tree of ${sha}`);
  return { id: sha, tree_id, message: 'A commit', timestamp, author: person, committer: person };
}
