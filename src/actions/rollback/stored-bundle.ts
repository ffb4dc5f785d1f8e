import type { DeploymentFact } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { KnownArtifact } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';
import {
  checkQuietly,
  GONE_STATUSES,
  MAX_LOOKED_AT,
  readUnexpired,
  type StoredBundle,
  type StoredBundleDependencies,
} from './candidates.ts';
import { offerOthers } from './offer.ts';
import type { Picked } from './pick.ts';
import { checkProvenance, ProvenanceError } from './provenance.ts';
import { describeDeployment, formatTime } from './words.ts';

/**
 * The artifact with the bundle, or another one with the same bytes, since a rollback may have stored none of its own. Its
 * provenance has been checked against what GitHub says.
 * @throws ActionError when there is none, or none any longer; it names those that there are
 */
export async function findStoredBundle(picked: Picked, dependencies: StoredBundleDependencies): Promise<StoredBundle> {
  const own = await readOwn(picked, dependencies);
  if (typeof own !== 'function') return await checkOwn(own, picked, dependencies);
  const { deployment } = picked;
  const same =
    deployment && ((await findInRun(deployment, dependencies)) ?? (await findSameBytes(deployment, dependencies)));
  if (same === undefined) throw await own();
  return same;
}

/** The artifact, or the error for the case that nothing else is found. */
async function readOwn(
  { artifact, deployment }: Picked,
  dependencies: StoredBundleDependencies,
): Promise<KnownArtifact | (() => Promise<ActionError>)> {
  const known = artifact ?? (await readArtifactOf(deployment, dependencies));
  if (typeof known === 'function' || !known.isExpired) return known;
  return async () => await createExpiredError(known, deployment, dependencies);
}

async function readArtifactOf(
  deployment: DeploymentFact | undefined,
  dependencies: StoredBundleDependencies,
): Promise<KnownArtifact | (() => Promise<ActionError>)> {
  if (deployment === undefined) throw new Error('Bug: neither a deployment nor an artifact was picked.');
  const { artifactId } = deployment.payload;
  const notStored = (message: string, cause?: unknown) => async () =>
    new ActionError(message, {
      topic: 'no-bundle-for-the-rollback',
      title: 'Bundle not stored',
      fix: await offerOthers(deployment, dependencies),
      cause,
    });
  if (artifactId === undefined) {
    return notStored(`${describeDeployment(deployment)} stored no bundle: it ran without an artifact.`);
  }
  try {
    return await dependencies.github.readArtifact(artifactId);
  } catch (error) {
    if (!GONE_STATUSES.includes(statusOf(error))) throw error;
    return notStored(
      `Artifact ${artifactId}, which held the bundle of ${describeDeployment(deployment)}, no longer exists: it expired, or somebody deleted it, or the token may not read it (\`actions: read\`).`,
      error,
    );
  }
}

/** @throws ActionError that says what is wrong with it, and what there is instead */
async function checkOwn(
  artifact: KnownArtifact,
  { deployment }: Picked,
  dependencies: StoredBundleDependencies,
): Promise<StoredBundle> {
  const { request, github } = dependencies;
  // One that was found by its bytes, or by its run, is named by no payload.
  const naming = deployment?.payload.artifactId === artifact.id ? deployment : undefined;
  try {
    return { artifact, run: await checkProvenance(artifact, naming, request, github) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    const fix = `${error.fix} ${await offerOthers(deployment, dependencies)}`;
    throw new ProvenanceError(error.message, { title: error.title, topic: error.topic, fix, cause: error });
  }
}

/** The run may have stored it after the payload was written: at its end, or by a request whose answer was lost. */
async function findInRun(
  { payload }: DeploymentFact,
  dependencies: StoredBundleDependencies,
): Promise<StoredBundle | undefined> {
  const { github, phase } = dependencies;
  const runId = Number(/^\d{1,15}$/.test(payload.runId) ? payload.runId : Number.NaN);
  if (Number.isNaN(runId)) return undefined;
  return await findOrNothing(dependencies, 'its run', async () => {
    for await (const artifact of github.listRunArtifacts(runId)) {
      if (artifact.sha256 !== payload.bundleSha256 || artifact.isExpired) continue;
      const stored = await checkQuietly(artifact, undefined, dependencies);
      if (stored?.run.id !== runId) continue;
      phase.info(`Its payload names no artifact that still exists; run ${runId} stored these bytes.`);
      return stored;
    }
    return undefined;
  });
}

/** Of another deployment of this very bundle. That they are the same bytes is checked once they are there. */
async function findSameBytes(
  { id, payload, environment }: DeploymentFact,
  dependencies: StoredBundleDependencies,
): Promise<StoredBundle | undefined> {
  const { history, phase } = dependencies;
  return await findOrNothing(dependencies, 'the same bytes', async () => {
    const candidates = new Map<number, DeploymentFact>();
    for (const other of await history.list(environment)) {
      const { artifactId, bundleSha256 } = other.payload;
      if (other.id === id || bundleSha256 !== payload.bundleSha256) continue;
      if (artifactId !== undefined && artifactId !== payload.artifactId)
        candidates.set(artifactId, { ...other, states: [] });
    }
    // Those without an artifact do not count: many of them may come before one that has it.
    for (const [artifactId, other] of [...candidates].slice(0, MAX_LOOKED_AT)) {
      const artifact = await readUnexpired(dependencies.github, artifactId);
      const found = artifact && (await checkQuietly(artifact, other, dependencies));
      if (found === undefined) continue;
      phase.info(`Its own artifact no longer exists; GitHub deployment ${other.id} stored the same bytes.`);
      return found;
    }
    return undefined;
  });
}

/** A failed search must not hide the error that it was to add advice to. */
async function findOrNothing<T>(
  { signal, run }: Pick<StoredBundleDependencies, 'signal' | 'run'>,
  where: string,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    signal.throwIfAborted();
    run.debug(`looking for ${where}: ${error}`);
    return undefined;
  }
}

/** GitHub has deleted it; it may say so only when the download is requested. */
export async function createExpiredError(
  { id, expiresAt }: KnownArtifact,
  deployment: DeploymentFact | undefined,
  dependencies: StoredBundleDependencies,
): Promise<ActionError> {
  const when = expiresAt === undefined ? '' : ` at ${formatTime(expiresAt)}`;
  const whose = deployment === undefined ? '' : `, which held the bundle of ${describeDeployment(deployment)},`;
  return new ActionError(`Artifact ${id}${whose} expired${when}: GitHub has deleted it.`, {
    topic: 'no-bundle-for-the-rollback',
    title: 'Bundle expired',
    fix: await offerOthers(deployment, dependencies),
  });
}
