import { numbered } from '../github/artifact-attempts.ts';
import { isEnterpriseServer, readArtifactService } from '../github/artifact-environment.ts';
import { ArtifactError } from '../github/artifact-failure.ts';
import { type Artifact, type ArtifactStore, createArtifactStore } from '../github/artifact-store.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { SupportBundleFile } from '../github-status/left-bundle.ts';
import type { SupportBundle } from '../report/run-record.ts';
import type { RunContext } from '../run-context.ts';
import type { DeployRun } from './deploying.ts';

/** The name of the state by which the `post` step knows that a support bundle waits to be stored. */
export const SUPPORT_BUNDLE_STATE = 'support-bundle';

/** The end of a run waits for it, under all names: it has well under 1 MB. The `post` step takes over what is not done then. */
const STORING_MS = 15_000;
/** Steps and jobs of one run may deploy the same project. */
const MAX_NAMES = 5;

/**
 * Stores a support bundle as an artifact of the run, where there is a service for it. Never warns: the run's own end is what
 * matters.
 * @param isPost there is no later step to leave it to
 */
export async function storeSupportBundle(
  bundle: SupportBundleFile,
  event: WorkflowEvent | undefined,
  run: DeployRun,
  context: RunContext,
  isPost = false,
): Promise<SupportBundle> {
  const { name, path } = bundle;
  const { state, signal, reportSignal, maskSecret } = context;
  const isPossible = event !== undefined && !isEnterpriseServer(event.serverUrl);
  if (!isPossible || readArtifactService(process.env) === undefined) return { state: 'kept', name, path };
  const leave = (left: SupportBundleFile | undefined) =>
    state.save(SUPPORT_BUNDLE_STATE, left === undefined ? '' : JSON.stringify(left));
  if (!isPost) leave(bundle);
  // A cancelled job leaves this step 7.5 s. An upload that is cut off would leave its name taken.
  if (signal.aborted && !isPost) return { state: 'left', name, path };
  try {
    const store = createArtifactStore({ ...event, maskSecret, debug: (text) => run.debug(text) });
    const artifact = await upload(bundle, store, AbortSignal.any([signal, reportSignal]));
    leave(undefined);
    return { state: 'stored', name: artifact.name, path, url: artifact.url };
  } catch (error) {
    run.info(`The support bundle was not stored as an artifact. ${error instanceof Error ? error.message : error}`);
    const isFinal = isPost || (error instanceof ArtifactError && error.retry === 'never');
    if (isFinal) leave(undefined);
    return { state: isFinal ? 'kept' : 'left', name, path };
  }
}

async function upload(
  { name, path, retentionDays }: SupportBundleFile,
  store: ArtifactStore,
  signal: AbortSignal,
): Promise<Artifact> {
  // Times are in it. An earlier process may have stored it without being told so.
  const request = { path, isUnique: true, ...(retentionDays !== undefined && { retentionDays }) };
  const endsAtMs = performance.now() + STORING_MS;
  let free = name;
  for (let tried = 1; ; tried += 1) {
    const timeoutMs = endsAtMs - performance.now();
    try {
      return await store.upload({ ...request, name: free, timeoutMs }, signal);
    } catch (error) {
      const isTimeLeft = performance.now() < endsAtMs;
      if (!(error instanceof ArtifactError && error.isNameTaken && isTimeLeft && tried < MAX_NAMES)) throw error;
      free = numbered(name, free);
    }
  }
}
