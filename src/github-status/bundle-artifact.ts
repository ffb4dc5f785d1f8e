import { artifactNameOf } from '../domain/artifact-name.ts';
import type { Bundle } from '../domain/bundle.ts';
import type { Artifact, ArtifactRequest } from '../github/artifact-store.ts';
import type { DeployOutcome } from '../report/deploy-record.ts';
import type { BestEffort } from './best-effort.ts';
import type { GitHubStatusOptions } from './options.ts';
import type { GitHubStatusState } from './state.ts';

/** The bundle, kept as an artifact of the workflow run. Never throws. */
export interface BundleArtifact {
  /** Before anything is deployed. What fails then is tried again at the end. */
  keep(
    bundle: Bundle,
    project: { uuid: string; name: string | undefined },
    signal: AbortSignal,
  ): Promise<Artifact | undefined>;
  /** At the end of the run, once more, where that makes sense. */
  keepLate(outcome: DeployOutcome, signal: AbortSignal): Promise<void>;
}

/** At the end of a run everything else waits for it. */
const LATE_MS = 45_000;

/** @param options.surface for this process; a `post` step has no bundle any more */
export function createBundleArtifact(
  { inputs, event, artifacts, reporter }: GitHubStatusOptions,
  bestEffort: BestEffort,
  save: (change: Partial<GitHubStatusState>) => void,
): BundleArtifact {
  /** What is not there yet. */
  let missing: { path: string; name: string; sha256: string } | undefined;
  const upload = async (request: ArtifactRequest, signal: AbortSignal): Promise<Artifact> => {
    const retentionDays = inputs.artifactRetentionDays;
    const artifact = await artifacts.upload(
      retentionDays === undefined ? request : { ...request, retentionDays },
      signal,
    );
    missing = undefined;
    reporter.info(`Artifact ${artifact.name}: ${artifact.url}`);
    save({ artifactUrl: artifact.url });
    reporter.artifactStored(artifact);
    return artifact;
  };
  return {
    keep: async ({ path, sha256 }, project, signal) => {
      const name = inputs.artifactName ?? artifactNameOf(project.name ?? project.uuid, event.runAttempt);
      const request = { path, name, sha256 };
      missing = request;
      return await bestEffort.attemptEarly(signal, () => upload(request, signal));
    },
    keepLate: async (outcome, signal) => {
      const request = missing;
      // Of what is known not to be live, nobody wants the bundle back.
      const mayBeLive = outcome === 'deployed' || outcome === 'unknown';
      if (request === undefined || bestEffort.isGivenUp || !mayBeLive || signal.aborted) return;
      await bestEffort.attempt(signal, () => upload({ ...request, timeoutMs: LATE_MS }, signal));
    },
  };
}
