import type { GitHubCall } from './calls.ts';
import type { Needs, Permission } from './permissions.ts';

/** A call about a repository. */
export interface Pattern {
  call: GitHubCall;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After `/repos/{owner}/{repo}`; `{id}` is a number, `{word}` anything without a slash, `{words}` anything. */
  path: string;
  needs: Needs;
  /** The rest of the page's address in GitHub's documentation. */
  docs: string;
}

const reads = (permission: Permission): Needs => [{ permission, level: 'read' }];
const writes = (permission: Permission): Needs => [{ permission, level: 'write' }];
/** A pull request is an issue: either permission will do. */
const READS_COMMENTS: Needs = [...reads('issues'), ...reads('pull-requests')];
const WRITES_COMMENTS: Needs = [...writes('issues'), ...writes('pull-requests')];

/** Paths, permissions and pages are those of GitHub's OpenAPI description and documentation. */
export const PATTERNS: readonly Pattern[] = [
  {
    call: 'github.createDeployment',
    method: 'POST',
    path: '/deployments',
    needs: writes('deployments'),
    docs: 'deployments/deployments#create-a-deployment',
  },
  {
    call: 'github.listDeployments',
    method: 'GET',
    path: '/deployments',
    needs: reads('deployments'),
    docs: 'deployments/deployments#list-deployments',
  },
  {
    call: 'github.getDeployment',
    method: 'GET',
    path: '/deployments/{id}',
    needs: reads('deployments'),
    docs: 'deployments/deployments#get-a-deployment',
  },
  {
    call: 'github.deleteDeployment',
    method: 'DELETE',
    path: '/deployments/{id}',
    needs: writes('deployments'),
    docs: 'deployments/deployments#delete-a-deployment',
  },
  {
    call: 'github.createDeploymentStatus',
    method: 'POST',
    path: '/deployments/{id}/statuses',
    needs: writes('deployments'),
    docs: 'deployments/statuses#create-a-deployment-status',
  },
  {
    call: 'github.listDeploymentStatuses',
    method: 'GET',
    path: '/deployments/{id}/statuses',
    needs: reads('deployments'),
    docs: 'deployments/statuses#list-deployment-statuses',
  },
  {
    call: 'github.listComments',
    method: 'GET',
    path: '/issues/{id}/comments',
    needs: READS_COMMENTS,
    docs: 'issues/comments#list-issue-comments',
  },
  {
    call: 'github.createComment',
    method: 'POST',
    path: '/issues/{id}/comments',
    needs: WRITES_COMMENTS,
    docs: 'issues/comments#create-an-issue-comment',
  },
  {
    call: 'github.getComment',
    method: 'GET',
    path: '/issues/comments/{id}',
    needs: READS_COMMENTS,
    docs: 'issues/comments#get-an-issue-comment',
  },
  {
    call: 'github.updateComment',
    method: 'PATCH',
    path: '/issues/comments/{id}',
    needs: WRITES_COMMENTS,
    docs: 'issues/comments#update-an-issue-comment',
  },
  {
    call: 'github.deleteComment',
    method: 'DELETE',
    path: '/issues/comments/{id}',
    needs: WRITES_COMMENTS,
    docs: 'issues/comments#delete-an-issue-comment',
  },
  {
    call: 'github.createReaction',
    method: 'POST',
    path: '/issues/comments/{id}/reactions',
    needs: WRITES_COMMENTS,
    docs: 'reactions/reactions#create-reaction-for-an-issue-comment',
  },
  {
    call: 'github.getPullRequest',
    method: 'GET',
    path: '/pulls/{id}',
    needs: reads('pull-requests'),
    docs: 'pulls/pulls#get-a-pull-request',
  },
  {
    call: 'github.listPullRequests',
    method: 'GET',
    path: '/pulls',
    needs: reads('pull-requests'),
    docs: 'pulls/pulls#list-pull-requests',
  },
  {
    call: 'github.createCheckRun',
    method: 'POST',
    path: '/check-runs',
    needs: writes('checks'),
    docs: 'checks/runs#create-a-check-run',
  },
  {
    call: 'github.updateCheckRun',
    method: 'PATCH',
    path: '/check-runs/{id}',
    needs: writes('checks'),
    docs: 'checks/runs#update-a-check-run',
  },
  {
    call: 'github.getCheckRun',
    method: 'GET',
    path: '/check-runs/{id}',
    needs: reads('checks'),
    docs: 'checks/runs#get-a-check-run',
  },
  {
    call: 'github.listCheckRuns',
    method: 'GET',
    path: '/commits/{word}/check-runs',
    needs: reads('checks'),
    docs: 'checks/runs#list-check-runs-for-a-git-reference',
  },
  {
    call: 'github.getPermission',
    method: 'GET',
    path: '/collaborators/{word}/permission',
    needs: [],
    docs: 'collaborators/collaborators#get-repository-permissions-for-a-user',
  },
  {
    call: 'github.getRun',
    method: 'GET',
    path: '/actions/runs/{id}',
    needs: reads('actions'),
    docs: 'actions/workflow-runs#get-a-workflow-run',
  },
  {
    call: 'github.getRef',
    method: 'GET',
    path: '/git/ref/{words}',
    needs: reads('contents'),
    docs: 'git/refs#get-a-reference',
  },
  {
    call: 'github.listRunArtifacts',
    method: 'GET',
    path: '/actions/runs/{id}/artifacts',
    needs: reads('actions'),
    docs: 'actions/artifacts#list-workflow-run-artifacts',
  },
  {
    call: 'github.getArtifact',
    method: 'GET',
    path: '/actions/artifacts/{id}',
    needs: reads('actions'),
    docs: 'actions/artifacts#get-an-artifact',
  },
  {
    call: 'github.downloadArtifact',
    method: 'GET',
    path: '/actions/artifacts/{id}/{word}',
    needs: reads('actions'),
    docs: 'actions/artifacts#download-an-artifact',
  },
];
