import type { GitHubDeployment, GitHubDeploymentStatus } from './records.ts';
import { createNodeId, renderApp, renderTime, renderUser } from './render-user.ts';
import type { Urls } from './urls.ts';

/** GitHub's OpenAPI description, `deployment`. */
export function renderDeployment(deployment: GitHubDeployment, urls: Urls) {
  const url = `${urls.repository}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: createNodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: renderTime(deployment.createdAtMs),
    updated_at: renderTime(deployment.updatedAtMs),
    statuses_url: `${url}/statuses`,
    repository_url: urls.repository,
    creator: renderUser(deployment.creator, urls),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: renderApp(deployment.creator, urls),
  };
}

/** GitHub's OpenAPI description, `deployment-status`. */
export function renderStatus(status: GitHubDeploymentStatus, deployment: GitHubDeployment, urls: Urls) {
  const deploymentUrl = `${urls.repository}/deployments/${deployment.id}`;
  const time = renderTime(status.createdAtMs);
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: createNodeId('DES', status.id),
    state: status.state,
    creator: renderUser(status.creator, urls),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: time,
    updated_at: time,
    deployment_url: deploymentUrl,
    repository_url: urls.repository,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: renderApp(status.creator, urls),
  };
}
