import { type DeploymentFact, isActive, isSameEnvironment, succeededAt } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { GitHub, KnownArtifact } from '../../github/github.ts';
import type { Phase } from '../../report/reporters.ts';
import { statusOf } from '../announcement/surface.ts';
import type { History, OwnDeployment } from './history.ts';
import type { Picked } from './pick.ts';
import { describeDeployment, describeFacts, formatTime } from './words.ts';

const MAX_OFFERED = 5;
/** Each takes two requests. */
const MAX_LOOKED_AT = 15;
const GONE_STATUSES: readonly unknown[] = [404, 410];

export interface KeptDependencies {
  github: GitHub;
  history: History;
  signal: AbortSignal;
  /** Of the environment that is deployed to. */
  environment: string;
  debug: (text: string) => void;
  phase: Pick<Phase, 'info'>;
}

/**
 * The artifact that keeps the bundle, or another one that keeps the same bytes: a rollback need not have kept its own.
 * @throws ActionError when there is none (any more), with those that there are
 */
export async function readKept(picked: Picked, dependencies: KeptDependencies): Promise<KnownArtifact> {
  const own = await readOwn(picked, dependencies);
  if (typeof own !== 'function') return own;
  const same = picked.deployment && (await findSameBytes(picked.deployment, dependencies));
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

/** Of another deployment of this very bundle. That they are the same bytes is checked once they are there. */
async function findSameBytes(
  { id, payload, environment }: DeploymentFact,
  { github, history, phase, signal, debug }: KeptDependencies,
): Promise<KnownArtifact | undefined> {
  try {
    const kept = new Map<number, number>();
    for (const other of await history.list(environment)) {
      const { artifactId, bundleSha256 } = other.payload;
      if (other.id === id || bundleSha256 !== payload.bundleSha256) continue;
      if (artifactId !== undefined && artifactId !== payload.artifactId) kept.set(artifactId, other.id);
    }
    // Those that kept none are not counted: there may be many of them before the one that did.
    for (const [artifactId, otherId] of [...kept].slice(0, MAX_LOOKED_AT)) {
      const artifact = await readIfKept(github, artifactId);
      if (artifact === undefined) continue;
      phase.info(`Its own artifact is not there (any more); GitHub deployment ${otherId} kept the same bytes.`);
      return artifact;
    }
  } catch (error) {
    signal.throwIfAborted();
    debug(`looking for the same bytes: ${error}`);
  }
  return undefined;
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

/** What could be deployed instead. Fails for nothing: the error that it is for matters more. */
async function offerOthers(deployment: DeploymentFact | undefined, dependencies: KeptDependencies): Promise<string> {
  const { signal, environment, debug } = dependencies;
  const rebuild = 'Or build that commit again and deploy it.';
  try {
    const others = await findOthers(deployment, dependencies);
    if (others.length === 0)
      return `No other earlier deployment of ${environment} has a bundle that is still kept. ${rebuild}`;
    const list = others.map((fact) => `${fact.id} (${describeFacts(fact)})`).join('; ');
    return `Give one whose bundle is still kept as \`from-deployment\`: ${list}. ${rebuild}`;
  } catch (error) {
    signal.throwIfAborted();
    debug(`looking for other bundles: ${error}`);
    return `Give another one as \`from-deployment\`. ${rebuild}`;
  }
}

async function findOthers(
  deployment: DeploymentFact | undefined,
  { github, history, environment }: KeptDependencies,
): Promise<DeploymentFact[]> {
  const isOther = ({ id, payload }: OwnDeployment) =>
    id !== deployment?.id &&
    payload.artifactId !== undefined &&
    payload.artifactId !== deployment?.payload.artifactId &&
    // Of the same storefront, where it was one of this environment.
    (deployment === undefined ||
      !isSameEnvironment(deployment.environment, environment) ||
      payload.projectUuid === deployment.payload.projectUuid);
  const found: DeploymentFact[] = [];
  for (const other of (await history.list(environment)).filter(isOther).slice(0, MAX_LOOKED_AT)) {
    const fact = await history.fact(other);
    // What is live is what is to be rolled back: it would be the first one offered, and be taken.
    if (succeededAt(fact) === undefined || isActive(fact)) continue;
    if ((await readIfKept(github, other.payload.artifactId)) === undefined) continue;
    found.push(fact);
    if (found.length === MAX_OFFERED) break;
  }
  return found;
}

/** Undefined where there is none (any more). */
async function readIfKept(github: GitHub, artifactId: number | undefined): Promise<KnownArtifact | undefined> {
  if (artifactId === undefined) return undefined;
  try {
    const artifact = await github.readArtifact(artifactId);
    return artifact.isExpired ? undefined : artifact;
  } catch (error) {
    if (GONE_STATUSES.includes(statusOf(error))) return undefined;
    throw error;
  }
}
