import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNodeId, createNotFound, renderTime } from './answers.ts';
import type { ActionsArtifact } from './artifact-source.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import { paginate } from './paging.ts';
import { createSha } from './refs.ts';
import { headRepositoryOf } from './repository.ts';
import type { GitHubStore } from './store.ts';

export const ARTIFACT_ENDPOINTS = [
  {
    call: 'github.listRunArtifacts',
    method: 'GET',
    path: `${REPOSITORY}/actions/runs/:id(\\d+)/artifacts`,
    needs: ['actions'],
    docs: '/actions/artifacts#list-workflow-run-artifacts',
    answer: listRunArtifacts,
  },
  {
    call: 'github.getArtifact',
    method: 'GET',
    path: `${REPOSITORY}/actions/artifacts/:id(\\d+)`,
    needs: ['actions'],
    docs: '/actions/artifacts#get-an-artifact',
    answer: getArtifact,
  },
  {
    call: 'github.downloadArtifact',
    method: 'GET',
    path: `${REPOSITORY}/actions/artifacts/:id(\\d+)/:name`,
    needs: ['actions'],
    needsToken: true,
    docs: '/actions/artifacts#download-an-artifact',
    answer: downloadArtifact,
  },
] as const satisfies readonly GitHubEndpoint[];

/** The newest first, unless asked otherwise. */
function listRunArtifacts(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const query = request.url.searchParams;
  const name = query.get('name');
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  const all = store.artifacts
    .list(request.id)
    .filter((artifact) => name === null || artifact.name === name)
    .toSorted((a, b) => sign * (a.id - b.id));
  const { items, headers } = paginate(all, request);
  const rendered = items.map((artifact) => renderArtifact(artifact, request, store));
  return createGitHubAnswer(200, { total_count: all.length, artifacts: rendered }, headers);
}

function getArtifact(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const artifact = store.artifacts.find(request.id);
  if (artifact === undefined) return createNotFound(request.docs);
  return createGitHubAnswer(200, renderArtifact(artifact, request, store));
}

/** Leads to a URL that lives for a minute. */
function downloadArtifact({ id, name: format, docs, url }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const artifact = store.artifacts.find(id);
  if (artifact === undefined || format !== 'zip') return createNotFound(docs);
  if (isExpired(artifact, store)) return createGitHubError(410, 'Artifact has expired', docs);
  const location = store.artifacts.signedUrl(id, url.origin);
  return { kind: 'body', status: 302, headers: { location }, body: '' };
}

/** GitHub's OpenAPI description, `artifact`. */
function renderArtifact(artifact: ActionsArtifact, { urls }: GitHubRequest, store: GitHubStore) {
  const { repository } = store;
  const url = `${urls.repository}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: createNodeId('MDg6QXJ0aWZhY3Q', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.sizeBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(artifact, store),
    digest: artifact.digest ?? null,
    created_at: renderTime(artifact.createdAtMs),
    updated_at: renderTime(artifact.createdAtMs),
    expires_at: renderTime(artifact.expiresAtMs),
    workflow_run: {
      id: artifact.runId,
      repository_id: repository.id,
      head_repository_id: headRepositoryOf(artifact.headRepository, repository).id,
      head_branch: artifact.headBranch ?? repository.defaultBranch,
      head_sha: artifact.headSha ?? createSha(`branch ${repository.defaultBranch}`),
    },
  };
}

function isExpired({ expiresAtMs }: ActionsArtifact, store: GitHubStore): boolean {
  return store.nowMs() >= expiresAtMs;
}
