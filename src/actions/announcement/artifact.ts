import { artifactNameOf } from '../../domain/artifact-name.ts';
import type { Bundle } from '../../domain/bundle.ts';
import type { Artifact, ArtifactRequest } from '../../github/artifact-store.ts';
import type { DeployOutcome } from '../../report/deploy-record.ts';
import type { AnnouncerOptions } from './options.ts';
import type { AnnouncementState } from './state.ts';
import type { Surface } from './surface.ts';

/** The bundle, kept as an artifact of the workflow run. Never throws. */
export interface ArtifactAnnouncement {
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
export function createArtifactAnnouncement(
  { inputs, event, artifacts, reporter }: AnnouncerOptions,
  surface: Surface,
  save: (change: Partial<AnnouncementState>) => void,
): ArtifactAnnouncement {
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
    reporter.artifactKept(artifact);
    return artifact;
  };
  return {
    keep: async ({ path, sha256 }, project, signal) => {
      const name = inputs.artifactName ?? artifactNameOf(project.name ?? project.uuid, event.runAttempt);
      const request = { path, name, sha256 };
      missing = request;
      return await surface.attemptEarly(signal, () => upload(request, signal));
    },
    keepLate: async (outcome, signal) => {
      const request = missing;
      // Of what is known not to be live, nobody wants the bundle back.
      const mayBeLive = outcome === 'deployed' || outcome === 'unknown';
      if (request === undefined || surface.isGivenUp || !mayBeLive || signal.aborted) return;
      await surface.attempt(signal, () => upload({ ...request, timeoutMs: LATE_MS }, signal));
    },
  };
}
