import type { DeploymentFact } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { KnownArtifact } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';
import {
  checkQuietly,
  GONE_STATUSES,
  type Kept,
  type KeptDependencies,
  MAX_LOOKED_AT,
  readIfKept,
} from './candidates.ts';
import { offerOthers } from './offer.ts';
import type { Picked } from './pick.ts';
import { checkProvenance, ProvenanceError } from './provenance.ts';
import { describeDeployment, formatTime } from './words.ts';

/**
 * The artifact that keeps the bundle, or another one that keeps the same bytes: a rollback need not have kept its own.
 * GitHub's own word on it has been heard.
 * @throws ActionError when there is none (any more), with those that there are
 */
export async function readKept(picked: Picked, dependencies: KeptDependencies): Promise<Kept> {
  const own = await readOwn(picked, dependencies);
  if (typeof own !== 'function') return await checkOwn(own, picked, dependencies);
  const { deployment } = picked;
  const same =
    deployment && ((await findInRun(deployment, dependencies)) ?? (await findSameBytes(deployment, dependencies)));
  if (same === undefined) throw await own();
  return same;
}

/** The artifact, or what to say where there is none (any more). */
async function readOwn(
  { artifact, deployment }: Picked,
  dependencies: KeptDependencies,
): Promise<KnownArtifact | (() => Promise<ActionError>)> {
  const known = artifact ?? (await readArtifactOf(deployment, dependencies));
  if (typeof known === 'function' || !known.isExpired) return known;
  return async () => await createExpiredError(known, deployment, dependencies);
}

async function readArtifactOf(
  deployment: DeploymentFact | undefined,
  dependencies: KeptDependencies,
): Promise<KnownArtifact | (() => Promise<ActionError>)> {
  if (deployment === undefined) throw new Error('Bug: neither a deployment nor an artifact was picked.');
  const { artifactId } = deployment.payload;
  const notKept = (message: string, cause?: unknown) => async () =>
    new ActionError(message, { title: 'Bundle not kept', fix: await offerOthers(deployment, dependencies), cause });
  if (artifactId === undefined) {
    return notKept(`${describeDeployment(deployment)} kept no bundle: it ran without an artifact.`);
  }
  try {
    return await dependencies.github.readArtifact(artifactId);
  } catch (error) {
    if (!GONE_STATUSES.includes(statusOf(error))) throw error;
    return notKept(
      `Artifact ${artifactId}, which kept the bundle of ${describeDeployment(deployment)}, does not exist any more: it expired, or somebody deleted it, or the token may not read it (\`actions: read\`).`,
      error,
    );
  }
}

/** @throws ActionError that says what is wrong with it, and what there is instead */
async function checkOwn(
  artifact: KnownArtifact,
  { deployment }: Picked,
  dependencies: KeptDependencies,
): Promise<Kept> {
  const { request, github } = dependencies;
  // One that was found by its bytes, or by its run, is named by no payload.
  const naming = deployment?.payload.artifactId === artifact.id ? deployment : undefined;
  try {
    return { artifact, run: await checkProvenance(artifact, naming, request, github) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    const fix = `${error.fix} ${await offerOthers(deployment, dependencies)}`;
    throw new ProvenanceError(error.message, { title: error.title, fix, cause: error });
  }
}

/** Kept by the run itself after all: at its end, or with an answer that was lost, when the payload was written already. */
async function findInRun({ payload }: DeploymentFact, dependencies: KeptDependencies): Promise<Kept | undefined> {
  const { github, phase } = dependencies;
  const runId = Number(/^\d{1,15}$/.test(payload.runId) ? payload.runId : Number.NaN);
  if (Number.isNaN(runId)) return undefined;
  return await findOrNothing(dependencies, 'its run', async () => {
    for await (const artifact of github.listRunArtifacts(runId)) {
      if (artifact.sha256 !== payload.bundleSha256 || artifact.isExpired) continue;
      const kept = await checkQuietly(artifact, undefined, dependencies);
      if (kept?.run.id !== runId) continue;
      phase.info(`Its payload names no artifact that is there (any more); run ${runId} kept these bytes.`);
      return kept;
    }
    return undefined;
  });
}

/** Of another deployment of this very bundle. That they are the same bytes is checked once they are there. */
async function findSameBytes(
  { id, payload, environment }: DeploymentFact,
  dependencies: KeptDependencies,
): Promise<Kept | undefined> {
  const { history, phase } = dependencies;
  return await findOrNothing(dependencies, 'the same bytes', async () => {
    const kept = new Map<number, DeploymentFact>();
    for (const other of await history.list(environment)) {
      const { artifactId, bundleSha256 } = other.payload;
      if (other.id === id || bundleSha256 !== payload.bundleSha256) continue;
      if (artifactId !== undefined && artifactId !== payload.artifactId) kept.set(artifactId, { ...other, states: [] });
    }
    // Those that kept none are not counted: there may be many of them before the one that did.
    for (const [artifactId, other] of [...kept].slice(0, MAX_LOOKED_AT)) {
      const artifact = await readIfKept(dependencies.github, artifactId);
      const found = artifact && (await checkQuietly(artifact, other, dependencies));
      if (found === undefined) continue;
      phase.info(`Its own artifact is not there (any more); GitHub deployment ${other.id} kept the same bytes.`);
      return found;
    }
    return undefined;
  });
}

/** What else there is, is worth a look: the error that it is for matters more than one of the search. */
async function findOrNothing<T>(
  { signal, debug }: Pick<KeptDependencies, 'signal' | 'debug'>,
  where: string,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    signal.throwIfAborted();
    debug(`looking for ${where}: ${error}`);
    return undefined;
  }
}

/** GitHub has it no more; it may say so only when the download is asked for. */
export async function createExpiredError(
  { id, expiresAt }: KnownArtifact,
  deployment: DeploymentFact | undefined,
  dependencies: KeptDependencies,
): Promise<ActionError> {
  const when = expiresAt === undefined ? '' : ` at ${formatTime(expiresAt)}`;
  const whose = deployment === undefined ? '' : `, which kept the bundle of ${describeDeployment(deployment)},`;
  return new ActionError(`Artifact ${id}${whose} expired${when}: GitHub has deleted it.`, {
    title: 'Bundle expired',
    fix: await offerOthers(deployment, dependencies),
  });
}
