import type { Bundle } from '../domain/bundle.ts';
import type { Artifact, ArtifactRequest } from '../github/artifact-store.ts';
import type { DeployOutcome } from '../report/deploy-record.ts';
import { limitChars } from '../report/format.ts';
import type { BestEffort } from './best-effort.ts';
import type { StatusParts } from './options.ts';
import type { GitHubStatusState } from './state.ts';

/** The bundle, stored as an artifact of the workflow run. Never throws. */
export interface BundleArtifact {
  /** Before anything is deployed. A failure is tried again at the end. */
  store(
    bundle: Bundle,
    project: { uuid: string; name: string | undefined },
    signal: AbortSignal,
  ): Promise<Artifact | undefined>;
  /** At the end of the run: tries again, if that makes sense. */
  storeLate(outcome: DeployOutcome, signal: AbortSignal): Promise<void>;
}

/** At the end of a run, everything else waits for it. */
const LATE_MS = 45_000;

/** For the main step only: a `post` step no longer has the bundle. */
export function createBundleArtifact(
  { inputs, event, artifacts, run }: StatusParts,
  bestEffort: BestEffort,
  save: (change: Partial<GitHubStatusState>) => void,
): BundleArtifact {
  /** What has not been uploaded yet. */
  let missing: { path: string; name: string; sha256: string } | undefined;
  const upload = async (request: ArtifactRequest, signal: AbortSignal): Promise<Artifact> => {
    const retentionDays = inputs.artifactRetentionDays;
    const artifact = await artifacts.upload(
      retentionDays === undefined ? request : { ...request, retentionDays },
      signal,
    );
    missing = undefined;
    run.info(`Artifact ${artifact.name}: ${artifact.url}`);
    save({ artifactUrl: artifact.url });
    const { id, name, url, digest } = artifact;
    run.emit({ type: 'artifact-stored', id, name, url, digest });
    return artifact;
  };
  return {
    store: async ({ path, sha256 }, project, signal) => {
      const name = bundleArtifactName(inputs.artifactName, project, event.runAttempt);
      const request = { path, name, sha256 };
      missing = request;
      return await bestEffort.attemptEarly(signal, () => upload(request, signal));
    },
    storeLate: async (outcome, signal) => {
      const request = missing;
      // Nobody rolls back to what was never live.
      const mayBeLive = outcome === 'deployed' || outcome === 'unhealthy' || outcome === 'unknown';
      if (request === undefined || bestEffort.isGivenUp || !mayBeLive || signal.aborted) return;
      await bestEffort.attempt(signal, () => upload({ ...request, timeoutMs: LATE_MS }, signal));
    },
  };
}

/** What GitHub refuses in an artifact's name, and white space, which nobody wants in a file name. */
const UNWANTED = /[":<>|*?\\/\s\p{Cc}]+/gu;
/** A file name has at most 255 bytes, and a character up to three for each UTF-16 unit. */
const MAX_PROJECT_CHARS = 70;

interface NamedProject {
  uuid?: string | undefined;
  name?: string | undefined;
}

/** The name that is given, or else one that is unique in a run for the project and the attempt. */
function bundleArtifactName(given: string | undefined, project: NamedProject, runAttempt: string): string {
  return given ?? `${baseNameOf(project)}-attempt-${runAttempt}.zip`;
}

/** The name of the support bundle, beside that of the bundle. */
export function diagnosticsName(given: string | undefined, project: NamedProject, runAttempt: string): string {
  return `${given?.replace(/\.zip$/, '') ?? baseNameOf(project)}-diagnostics-attempt-${runAttempt}.zip`;
}

function baseNameOf({ name, uuid = 'project' }: NamedProject): string {
  const safe = limitChars((name ?? uuid).toWellFormed().replace(UNWANTED, '-'), MAX_PROJECT_CHARS);
  return `storefront-${safe}`;
}
