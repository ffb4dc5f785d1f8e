import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNotFound } from './answers.ts';
import type { ActionsArtifact } from './artifact-source.ts';
import { paginate } from './paging.ts';
import { createSha } from './refs.ts';
import { createNodeId, renderTime } from './render-user.ts';
import type { GitHubRepository } from './repository.ts';
import { headRepositoryOf } from './repository.ts';
import type { GitHubRequest } from './request.ts';
import type { GitHubStore } from './store.ts';

/** `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`: the newest first, unless asked otherwise. */
export function answerListRunArtifacts(
  request: GitHubRequest,
  { artifacts, repository, clock }: GitHubStore,
): BodyAnswer {
  const query = request.url.searchParams;
  const name = query.get('name');
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  const all = artifacts
    .list(request.id)
    .filter((artifact) => name === null || artifact.name === name)
    .toSorted((a, b) => sign * (a.id - b.id));
  const { items, headers } = paginate(all, request);
  const rendered = items.map((artifact) => renderArtifact(artifact, request, repository, clock.nowMs()));
  return createGitHubAnswer(200, { total_count: all.length, artifacts: rendered }, headers);
}

/** `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`. */
export function answerGetArtifact(request: GitHubRequest, { artifacts, repository, clock }: GitHubStore): BodyAnswer {
  const artifact = artifacts.find(request.id);
  if (artifact === undefined) return createNotFound(request.docs);
  return createGitHubAnswer(200, renderArtifact(artifact, request, repository, clock.nowMs()));
}

/** `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`: leads to a URL that lives for a minute. */
export function answerDownloadArtifact(
  { id, word, docs, url }: GitHubRequest,
  { artifacts, clock }: GitHubStore,
): BodyAnswer {
  const artifact = artifacts.find(id);
  if (artifact === undefined || word !== 'zip') return createNotFound(docs);
  if (isExpired(artifact, clock.nowMs())) return createGitHubError(410, 'Artifact has expired', docs);
  const location = artifacts.signedUrl(id, url.origin);
  return { kind: 'body', status: 302, headers: { location }, body: '' };
}

/** GitHub's OpenAPI description, `artifact`. */
function renderArtifact(
  artifact: ActionsArtifact,
  { urls }: GitHubRequest,
  repository: GitHubRepository,
  nowMs: number,
) {
  const url = `${urls.repository}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: createNodeId('MDg6QXJ0aWZhY3Q', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.sizeBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(artifact, nowMs),
    digest: artifact.digest ?? null,
    created_at: renderTime(artifact.createdAtMs),
    updated_at: renderTime(artifact.createdAtMs),
    expires_at: renderTime(artifact.expiresAtMs),
    workflow_run: {
      id: artifact.runId,
      repository_id: repository.id,
      head_repository_id: headRepositoryOf(artifact, repository).id,
      head_branch: artifact.headBranch ?? repository.defaultBranch,
      head_sha: artifact.headSha ?? createSha(`branch ${repository.defaultBranch}`),
    },
  };
}

function isExpired({ expiresAtMs }: ActionsArtifact, nowMs: number): boolean {
  return nowMs >= expiresAtMs;
}
