import * as z from 'zod/mini';
import { parsePayload } from '../deployment-payload.ts';
import type { BuildRun } from '../domain/provenance.ts';
import { positiveInt as id, mapped, orUndefined, nonNegativeInt as size, someText } from '../schema.ts';
import type {
  ArtifactOrigin,
  CheckRun,
  ClaimedReaction,
  Comment,
  CreatedDeployment,
  DeploymentStatus,
  KnownArtifact,
  KnownDeployment,
  PullRequest,
  PullRequestState,
  RepositoryPermission,
  Tag,
} from './github.ts';

/**
 * Answers of GitHub, from unknown to typed. Only what is used is looked at; snake_case ends here.
 */

export const createdDeployment: z.ZodMiniType<CreatedDeployment> = mapped(z.object({ id }), ({ id }) => ({ id }));

export const knownDeployment: z.ZodMiniType<KnownDeployment> = mapped(
  z.object({ id, sha: z.string(), environment: z.string(), created_at: z.string(), payload: z.unknown() }),
  (found) => ({
    id: found.id,
    sha: found.sha,
    environment: found.environment,
    createdAt: found.created_at,
    payload: parsePayload(found.payload),
  }),
);

export const deploymentStatus: z.ZodMiniType<DeploymentStatus> = mapped(
  z.object({ state: z.string(), created_at: z.string(), description: z.nullish(z.string()) }),
  ({ state, created_at, description }) => ({
    state,
    createdAt: created_at,
    ...(typeof description === 'string' && { description }),
  }),
);

export const comment: z.ZodMiniType<Comment> = mapped(
  z.object({
    id,
    body: z.nullish(z.string()),
    user: z.nullish(z.object({ login: z.string() })),
    html_url: z.string(),
  }),
  (found) => ({
    id: found.id,
    body: found.body ?? '',
    login: found.user?.login,
    url: found.html_url,
  }),
);

export const reaction: z.ZodMiniType<Omit<ClaimedReaction, 'isNew'>> = mapped(
  z.object({ id, created_at: z.string() }),
  (found) => ({ id: found.id, createdAt: found.created_at }),
);

export const viewer: z.ZodMiniType<string> = mapped(
  z.object({ viewer: z.object({ login: someText }) }),
  (found) => found.viewer.login,
);

export const user: z.ZodMiniType<string> = mapped(z.object({ login: someText }), ({ login }) => login);

/** @param repository `owner/name` of the base */
export function pullRequestOf(repository: string): z.ZodMiniType<PullRequest> {
  return mapped(
    z.object({
      number: id,
      state: z.string(),
      head: z.object({
        sha: z.string().check(z.regex(SHA)),
        repo: z.nullish(z.object({ full_name: z.string() })),
      }),
      user: z.nullish(z.object({ login: z.string() })),
      // Not in lists.
      mergeable: z.nullish(z.boolean()),
      created_at: z.string(),
    }),
    (found) => ({
      number: found.number,
      isOpen: found.state === 'open',
      headSha: found.head.sha,
      isFork: found.head.repo?.full_name.toLowerCase() !== repository.toLowerCase(),
      author: found.user?.login,
      isMergeable: found.mergeable ?? undefined,
      createdAt: found.created_at,
    }),
  );
}

export const pullRequestState: z.ZodMiniType<PullRequestState> = mapped(
  orUndefined(
    z.object({
      number: orUndefined(id),
      state: orUndefined(z.string()),
      created_at: orUndefined(z.string()),
      head: orUndefined(z.object({ sha: z.string() })),
    }),
  ),
  (found) => ({
    number: found?.number,
    state: found?.state,
    isPullRequest: found?.head !== undefined,
    createdAt: found?.created_at,
  }),
);

/** An answer that redirects. */
export const downloadAddress: z.ZodMiniType<string> = mapped(
  z.object({ status: z.literal(302), headers: z.object({ location: someText }) }),
  ({ headers }) => headers.location,
);

const SHA = /^[0-9a-f]{40,64}$/;

export const permission: z.ZodMiniType<RepositoryPermission> = mapped(
  z.object({ permission: z.enum(['admin', 'write', 'read', 'none']) }),
  (found) => found.permission,
);

export const checkRun: z.ZodMiniType<CheckRun> = mapped(
  z.object({ id, html_url: z.nullish(z.string()), status: z.string(), external_id: z.nullish(z.string()) }),
  (found) => ({
    id: found.id,
    url: found.html_url ?? '',
    isCompleted: found.status === 'completed',
    externalId: found.external_id ?? '',
  }),
);

const artifactOrigin: z.ZodMiniType<ArtifactOrigin> = mapped(
  z.object({ id, head_sha: z.string().check(z.regex(SHA)), repository_id: id, head_repository_id: id }),
  (found) => ({
    runId: found.id,
    headSha: found.head_sha,
    repositoryId: found.repository_id,
    headRepositoryId: found.head_repository_id,
  }),
);

export const workflowRun: z.ZodMiniType<BuildRun> = mapped(
  z.object({
    id,
    event: someText,
    head_branch: z.nullish(z.string()),
    head_sha: z.string().check(z.regex(SHA)),
    repository: z.object({ id }),
    // Null for a fork that is gone.
    head_repository: z.nullish(z.object({ id })),
    pull_requests: z.nullish(z.array(z.object({ number: id }))),
  }),
  (found) => ({
    id: found.id,
    event: found.event,
    headBranch: found.head_branch || undefined,
    headSha: found.head_sha,
    isFork: found.head_repository?.id !== found.repository.id,
    pullRequests: (found.pull_requests ?? []).map(({ number }) => number),
  }),
);

/** An annotated tag is an object of its own, and its hash is not the commit's. */
export const tag: z.ZodMiniType<Tag> = mapped(
  z.object({ object: z.object({ type: z.string(), sha: z.string() }) }),
  ({ object }) => ({ sha: object.type === 'commit' ? object.sha : undefined }),
);

export const artifact: z.ZodMiniType<KnownArtifact> = mapped(
  z.object({
    id,
    name: z.string(),
    size_in_bytes: size,
    expired: z.boolean(),
    expires_at: z.nullish(z.string()),
    digest: z.nullish(z.string()),
    // All of it, or it is unknown.
    workflow_run: orUndefined(artifactOrigin),
  }),
  (found) => ({
    id: found.id,
    name: found.name,
    sizeBytes: found.size_in_bytes,
    isExpired: found.expired,
    expiresAt: found.expires_at ?? undefined,
    sha256: /^sha256:([0-9a-f]{64})$/.exec(found.digest ?? '')?.[1],
    builtBy: found.workflow_run,
  }),
);
