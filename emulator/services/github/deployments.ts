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
import type { GitHubDeployment } from './records.ts';
import { findSha } from './refs.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';
import { renderApp, renderUser } from './users.ts';

export const DEPLOYMENT_ENDPOINTS = [
  {
    call: 'github.createDeployment',
    method: 'POST',
    path: `${REPOSITORY}/deployments`,
    needs: ['deployments'],
    docs: '/deployments/deployments#create-a-deployment',
    answer: createDeployment,
  },
  {
    call: 'github.listDeployments',
    method: 'GET',
    path: `${REPOSITORY}/deployments`,
    needs: ['deployments'],
    docs: '/deployments/deployments#list-deployments',
    answer: listDeployments,
  },
  {
    call: 'github.getDeployment',
    method: 'GET',
    path: `${REPOSITORY}/deployments/:id(\\d+)`,
    needs: ['deployments'],
    docs: '/deployments/deployments#get-a-deployment',
    answer: getDeployment,
  },
  {
    call: 'github.deleteDeployment',
    method: 'DELETE',
    path: `${REPOSITORY}/deployments/:id(\\d+)`,
    needs: ['deployments'],
    docs: '/deployments/deployments#delete-a-deployment',
    answer: deleteDeployment,
  },
] as const satisfies readonly GitHubEndpoint[];

const MAX_ENVIRONMENT_LENGTH = 255;

/** Of a request that was accepted: what the deployment is to be. */
interface DeploymentFields {
  ref: string;
  task: string;
  mayMerge: boolean;
  requiredContexts: readonly string[] | undefined;
  payload: Record<string, unknown> | string;
  environment: string;
  description: string | null;
  transient: boolean;
  production: boolean;
}

function createDeployment(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { body, docs, token, urls } = request;
  const fields = new BodyFields(body);
  const wanted = readFields(fields);
  const error = fields.createError(docs);
  if (error !== undefined) return error;
  if (countCharacters(wanted.environment) > MAX_ENVIRONMENT_LENGTH) {
    const message = `environment is too long (maximum is ${MAX_ENVIRONMENT_LENGTH} characters)`;
    return createValidationError(docs, [{ resource: 'Deployment', code: 'custom', field: 'environment', message }]);
  }
  const sha = findSha(wanted.ref, store);
  if (sha === undefined) return createGitHubError(422, `No ref found for: ${wanted.ref}`, docs);
  const conflict = mergeDefaultBranch(wanted, sha, store, docs) ?? checkContexts(wanted, store, docs);
  if (conflict !== undefined) return conflict;
  const now = store.nowMs();
  const deployment: GitHubDeployment = {
    id: store.createId(),
    ref: wanted.ref,
    sha,
    task: wanted.task,
    payload: wanted.payload,
    environment: wanted.environment,
    originalEnvironment: wanted.environment,
    description: wanted.description,
    transient: wanted.transient,
    production: wanted.production,
    // No request gets this far without a token.
    creator: token?.user ?? store.users.find('ghost'),
    createdAtMs: now,
    updatedAtMs: now,
    statuses: [],
    state: 'pending',
  };
  store.deployments.push(deployment);
  return createGitHubAnswer(201, renderDeployment(deployment, urls));
}

function readFields(fields: BodyFields): DeploymentFields {
  const environment = fields.text('environment') ?? 'production';
  return {
    ref: fields.requiredText('ref'),
    task: fields.text('task') ?? 'deploy',
    mayMerge: fields.flag('auto_merge') ?? true,
    requiredContexts: fields.texts('required_contexts'),
    payload: fields.objectOrText('payload') ?? {},
    environment,
    description: fields.text('description', { nullable: true }) ?? null,
    transient: fields.flag('transient_environment') ?? false,
    production: fields.flag('production_environment') ?? environment === 'production',
  };
}

/** If the ref is behind the default branch, GitHub merges that into a branch; into a bare commit, it cannot. */
function mergeDefaultBranch(
  { ref, mayMerge }: DeploymentFields,
  sha: string,
  { pullRequests, repository }: GitHubStore,
  docs: string,
): BodyAnswer | undefined {
  const isBehind = pullRequests.some(({ head, isBehind }) => isBehind && head.sha === sha);
  if (!isBehind || !mayMerge) return undefined;
  const { defaultBranch } = repository;
  if (ref === sha) return createGitHubError(409, `Conflict merging ${defaultBranch} into ${ref}.`, docs);
  return createGitHubAnswer(202, { message: `Auto-merged ${defaultBranch} into ${ref} on deployment.` });
}

/** Without `required_contexts`, every status of the commit must be a success, which that of the running job is not. */
function checkContexts(
  { ref, requiredContexts }: DeploymentFields,
  { commitStatuses }: GitHubStore,
  docs: string,
): BodyAnswer | undefined {
  const contexts = (requiredContexts ?? Object.keys(commitStatuses)).map((context) => ({
    context,
    state: (Object.hasOwn(commitStatuses, context) ? commitStatuses[context] : undefined) ?? 'pending',
  }));
  if (contexts.every(({ state }) => state === 'success')) return undefined;
  return createValidationError(
    docs,
    [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
    { status: 409, message: `Conflict: Commit status checks failed for ${ref}.` },
  );
}

/** The newest first. */
function listDeployments(request: GitHubRequest, { deployments }: GitHubStore): BodyAnswer {
  const query = request.url.searchParams;
  const isWanted = (name: string, value: string) => {
    const wanted = query.get(name);
    // `none` is what the description calls the default.
    return wanted === null || wanted === '' || wanted === 'none' || wanted === value;
  };
  const all = deployments
    .filter(
      ({ sha, ref, task, environment }) =>
        isWanted('sha', sha) && isWanted('ref', ref) && isWanted('task', task) && isWanted('environment', environment),
    )
    .toReversed();
  const { items, headers } = paginate(all, request);
  return createGitHubAnswer(
    200,
    items.map((deployment) => renderDeployment(deployment, request.urls)),
    headers,
  );
}

function getDeployment({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const deployment = store.findDeployment(id);
  if (deployment === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, renderDeployment(deployment, urls));
}

/** An active one stays, unless it is the only one. */
function deleteDeployment({ id, docs }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { deployments } = store;
  const deployment = store.findDeployment(id);
  if (deployment === undefined) return createNotFound(docs);
  const isActive = deployment.state === 'success' || deployment.statuses.length === 0;
  if (isActive && deployments.length > 1) {
    const message = 'We cannot delete an active deployment unless it is the only deployment in a given environment.';
    return createGitHubError(422, message, docs);
  }
  deployments.splice(deployments.indexOf(deployment), 1);
  return createEmptyAnswer(204);
}

/** GitHub's OpenAPI description, `deployment`. */
function renderDeployment(deployment: GitHubDeployment, urls: Urls) {
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
