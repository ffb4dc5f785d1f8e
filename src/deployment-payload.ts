import * as z from 'zod/mini';
import { PREVIEW_KINDS } from './domain/preview-name.ts';
import { mapped, nonNegativeInt, orMissing, positiveInt } from './schema.ts';

/**
 * What a GitHub deployment stores for later runs; it cannot be changed once it is created. Read from GitHub, and from the
 * state that a main step leaves to its `post` step, in the same form.
 */

const shortText = z.string().check(z.maxLength(500));

export const deploymentPayload = mapped(
  z.object({
    bundle_size: nonNegativeInt,
    bundle_files: nonNegativeInt,
    bundle_sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    artifact_id: z.nullish(positiveInt),
    artifact_name: z.nullish(shortText),
    run_id: shortText,
    run_attempt: shortText,
    project_uuid: shortText,
    project_name: z.nullish(shortText),
    pull_request: z.nullish(positiveInt),
    working_directory: shortText,
    // Not in those of earlier versions.
    preview: orMissing(z.enum(PREVIEW_KINDS)),
    source_deployment_id: orMissing(positiveInt),
  }),
  (found) => ({
    bundleBytes: found.bundle_size,
    bundleFiles: found.bundle_files,
    /** Lower-case hex. */
    bundleSha256: found.bundle_sha256,
    /** The artifact with the bundle, in the run below; undefined if none was stored. */
    artifactId: found.artifact_id ?? undefined,
    artifactName: found.artifact_name ?? undefined,
    runId: found.run_id,
    runAttempt: found.run_attempt,
    projectUuid: found.project_uuid,
    projectName: found.project_name ?? undefined,
    pullRequest: found.pull_request ?? undefined,
    /** Relative to the workspace, with `/`: it distinguishes the storefronts of one repository. */
    workingDirectory: found.working_directory,
    /** Undefined for anything but a preview of these kinds. */
    preview: found.preview ?? undefined,
    /** The GitHub deployment whose bundle this one rolled back to, or promoted. */
    sourceDeploymentId: found.source_deployment_id ?? undefined,
  }),
);

export type DeploymentPayload = z.infer<typeof deploymentPayload>;

/**
 * GitHub returns a payload as the object that was sent, or as its JSON text.
 * @returns undefined for a payload that is not this action's: any tool may have written it
 */
export function parsePayload(value: unknown): DeploymentPayload | undefined {
  if (typeof value !== 'string') return deploymentPayload.safeParse(value).data;
  try {
    return deploymentPayload.safeParse(JSON.parse(value)).data;
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
    preview: value.preview ?? null,
    source_deployment_id: value.sourceDeploymentId ?? null,
  };
}
