/** Which of GitHub's calls a request was. `github.unknown`: no such call, or the wrong method. */
export const GITHUB_CALLS = [
  'github.createDeployment',
  'github.listDeployments',
  'github.getDeployment',
  'github.deleteDeployment',
  'github.createDeploymentStatus',
  'github.listDeploymentStatuses',
  'github.listComments',
  'github.createComment',
  'github.getComment',
  'github.updateComment',
  'github.deleteComment',
  'github.createReaction',
  'github.getPullRequest',
  'github.listPullRequests',
  'github.createCheckRun',
  'github.updateCheckRun',
  'github.getCheckRun',
  'github.listCheckRuns',
  'github.getPermission',
  'github.getRun',
  'github.getRef',
  'github.listRunArtifacts',
  'github.getArtifact',
  'github.downloadArtifact',
  'github.graphql',
  'github.getUser',
  'github.unknown',
] as const;

export type GitHubCall = (typeof GITHUB_CALLS)[number];

export function isGitHubCall(call: string): call is GitHubCall {
  return call.startsWith('github.');
}
