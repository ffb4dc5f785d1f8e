import { z } from 'zod';
import type { DeploymentPayload } from '../domain/announcement.ts';
import type { Comment, CreatedDeployment, DeploymentStatus, KnownDeployment, PullRequest } from './github.ts';

/**
 * Answers of GitHub, from unknown to typed. Only what is used is looked at; snake_case ends here. A payload is what any
 * tool may have written: one that is not of this action is none.
 */

const id = z.number().int().positive();
const size = z.number().int().nonnegative();
const shortText = z.string().max(500);

const payload = z
  .object({
    bundle_size: size,
    bundle_files: size,
    bundle_sha256: z.string().regex(/^[0-9a-f]{64}$/),
    artifact_id: id.nullish(),
    artifact_name: shortText.nullish(),
    run_id: shortText,
    run_attempt: shortText,
    project_uuid: shortText,
    project_name: shortText.nullish(),
    pull_request: id.nullish(),
    working_directory: shortText,
  })
  .transform(
    (found): DeploymentPayload => ({
      bundleBytes: found.bundle_size,
      bundleFiles: found.bundle_files,
      bundleSha256: found.bundle_sha256,
      artifactId: found.artifact_id ?? undefined,
      artifactName: found.artifact_name ?? undefined,
      runId: found.run_id,
      runAttempt: found.run_attempt,
      projectUuid: found.project_uuid,
      projectName: found.project_name ?? undefined,
      pullRequest: found.pull_request ?? undefined,
      workingDirectory: found.working_directory,
    }),
  );

/** GitHub gives a payload back as the object that was sent, or as the JSON text that was. */
export function parsePayload(value: unknown): DeploymentPayload | undefined {
  if (typeof value !== 'string') return payload.safeParse(value).data;
  try {
    return payload.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

export function renderPayload(value: DeploymentPayload): Record<string, unknown> {
  return {
    bundle_size: value.bundleBytes,
    bundle_files: value.bundleFiles,
    bundle_sha256: value.bundleSha256,
    artifact_id: value.artifactId ?? null,
    artifact_name: value.artifactName ?? null,
    run_id: value.runId,
    run_attempt: value.runAttempt,
    project_uuid: value.projectUuid,
    project_name: value.projectName ?? null,
    pull_request: value.pullRequest ?? null,
    working_directory: value.workingDirectory,
  };
}

export const createdDeployment: z.ZodType<CreatedDeployment> = z.object({ id }).transform(({ id }) => ({ id }));

export const knownDeployment: z.ZodType<KnownDeployment> = z
  .object({ id, sha: z.string(), created_at: z.string(), payload: z.unknown() })
  .transform((found) => ({
    id: found.id,
    sha: found.sha,
    createdAt: found.created_at,
    payload: parsePayload(found.payload),
  }));

export const deploymentStatus: z.ZodType<DeploymentStatus> = z
  .object({ state: z.string(), created_at: z.string() })
  .transform(({ state, created_at }) => ({ state, createdAt: created_at }));

export const comment: z.ZodType<Comment> = z
  .object({
    id,
    body: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
    html_url: z.string(),
  })
  .transform((found) => ({
    id: found.id,
    body: found.body ?? '',
    login: found.user?.login,
    url: found.html_url,
  }));

export const viewer: z.ZodType<string> = z
  .object({ viewer: z.object({ login: z.string().min(1) }) })
  .transform((found) => found.viewer.login);

export const pullRequest: z.ZodType<PullRequest> = z
  .object({ head: z.object({ sha: z.string() }), created_at: z.string() })
  .transform((found) => ({ headSha: found.head.sha, createdAt: found.created_at }));
