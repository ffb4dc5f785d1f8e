import type { BodyAnswer } from '../../answers.ts';
import type { ValidationError } from './answers.ts';
import { createGitHubAnswer, createNodeId, createNotFound, createValidationError, renderTime } from './answers.ts';
import { BodyFields, countCharacters } from './body-fields.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import { paginate } from './paging.ts';
import type { DeploymentState, GitHubDeployment, GitHubDeploymentStatus } from './records.ts';
import { DEPLOYMENT_STATES } from './records.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';
import { renderApp, renderUser } from './users.ts';

export const DEPLOYMENT_STATUS_ENDPOINTS = [
  {
    call: 'github.createDeploymentStatus',
    method: 'POST',
    path: `${REPOSITORY}/deployments/:id(\\d+)/statuses`,
    needs: ['deployments'],
    docs: '/deployments/statuses#create-a-deployment-status',
    answer: createStatus,
  },
  {
    call: 'github.listDeploymentStatuses',
    method: 'GET',
    path: `${REPOSITORY}/deployments/:id(\\d+)/statuses`,
    needs: ['deployments'],
    docs: '/deployments/statuses#list-deployment-statuses',
    answer: listStatuses,
  },
] as const satisfies readonly GitHubEndpoint[];

const MAX_DESCRIPTION_LENGTH = 140;

function createStatus(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, body, docs, token, urls } = request;
  const deployment = store.findDeployment(id);
  if (deployment === undefined) return createNotFound(docs);
  const fields = new BodyFields(body);
  const state = fields.requiredOneOf('state', DEPLOYMENT_STATES);
  const description = fields.text('description') ?? '';
  const logUrl = fields.text('log_url') ?? fields.text('target_url') ?? '';
  const environmentUrl = fields.text('environment_url') ?? '';
  const environment = fields.text('environment');
  const isAutoInactive = fields.flag('auto_inactive') ?? true;
  const error = fields.createError(docs) ?? validate({ description, logUrl, environmentUrl }, docs);
  if (error !== undefined) return error;
  const status = addStatus(deployment, store, {
    state,
    description,
    logUrl,
    environmentUrl,
    environment: environment ?? deployment.environment,
    creator: token?.user ?? deployment.creator,
    createdAtMs: store.nowMs(),
  });
  if (state === 'success' && isAutoInactive) deactivateEarlier(deployment, status, store);
  return createGitHubAnswer(201, renderStatus(status, deployment, urls), {
    location: `${urls.repository}/deployments/${deployment.id}/statuses/${status.id}`,
  });
}

/** Gives a deployment one more status, and with it its state and its environment. */
export function addStatus(
  deployment: GitHubDeployment,
  store: GitHubStore,
  status: Omit<GitHubDeploymentStatus, 'id'>,
): GitHubDeploymentStatus {
  const added: GitHubDeploymentStatus = { id: store.createId(), ...status };
  deployment.statuses.push(added);
  deployment.state = added.state;
  deployment.environment = added.environment;
  deployment.updatedAtMs = Math.max(deployment.updatedAtMs, added.createdAtMs);
  return added;
}

function validate(
  { description, logUrl, environmentUrl }: Pick<GitHubDeploymentStatus, 'description' | 'logUrl' | 'environmentUrl'>,
  docs: string,
): BodyAnswer | undefined {
  const errors: ValidationError[] = [];
  const add = (field: string, message: string) => {
    errors.push({ resource: 'DeploymentStatus', code: 'custom', field, message: `${field} ${message}` });
  };
  if (countCharacters(description) > MAX_DESCRIPTION_LENGTH) {
    add('description', `is too long (maximum is ${MAX_DESCRIPTION_LENGTH} characters)`);
  }
  if (!isWebAddress(logUrl)) add('target_url', 'must use http(s) scheme');
  if (!isWebAddress(environmentUrl)) add('environment_url', 'must use http(s) scheme');
  return errors.length === 0 ? undefined : createValidationError(docs, errors);
}

function isWebAddress(text: string): boolean {
  return text === '' || (/^https?:\/\//i.test(text) && URL.canParse(text));
}

/**
 * What a success does to the deployments before it (GitHub's documentation, "Inactive deployments"): those of the same
 * environment that had a success become inactive, unless they are transient or production.
 */
function deactivateEarlier(deployment: GitHubDeployment, status: GitHubDeploymentStatus, store: GitHubStore): void {
  for (const earlier of store.deployments) {
    const isDeactivated =
      earlier.id < deployment.id &&
      earlier.environment === deployment.environment &&
      earlier.state === 'success' &&
      !earlier.transient &&
      !earlier.production;
    if (isDeactivated) addStatus(earlier, store, createInactive(earlier, status));
  }
}

function createInactive(
  { environment, statuses }: GitHubDeployment,
  { creator, createdAtMs }: GitHubDeploymentStatus,
): Omit<GitHubDeploymentStatus, 'id'> {
  const state: DeploymentState = 'inactive';
  const { environmentUrl = '' } = statuses.at(-1) ?? {};
  return { state, description: '', logUrl: '', environmentUrl, environment, creator, createdAtMs };
}

/** The newest first. */
function listStatuses(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const deployment = store.findDeployment(request.id);
  if (deployment === undefined) return createNotFound(request.docs);
  const { items, headers } = paginate(deployment.statuses.toReversed(), request);
  return createGitHubAnswer(
    200,
    items.map((status) => renderStatus(status, deployment, request.urls)),
    headers,
  );
}

/** GitHub's OpenAPI description, `deployment-status`. */
function renderStatus(status: GitHubDeploymentStatus, deployment: GitHubDeployment, urls: Urls) {
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
