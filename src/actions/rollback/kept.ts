import { type DeploymentFact, isActive, isSameEnvironment, succeededAt } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { GitHub, KnownArtifact } from '../../github/github.ts';
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
}

/**
 * The artifact that keeps the bundle. @throws ActionError when there is none (any more), with those that there are
 */
export async function readKept(picked: Picked, dependencies: KeptDependencies): Promise<KnownArtifact> {
  const { deployment } = picked;
  const artifact = picked.artifact ?? (await readArtifactOf(deployment, dependencies));
  if (!artifact.isExpired) return artifact;
  throw await createExpiredError(artifact, deployment, dependencies);
}

async function readArtifactOf(
  deployment: DeploymentFact | undefined,
  dependencies: KeptDependencies,
): Promise<KnownArtifact> {
  if (deployment === undefined) throw new Error('Bug: neither a deployment nor an artifact was picked.');
  const { artifactId } = deployment.payload;
  if (artifactId === undefined) {
    throw new ActionError(`${describeDeployment(deployment)} kept no bundle: it ran without an artifact.`, {
      title: 'Bundle not kept',
      fix: await offerOthers(deployment, dependencies),
    });
  }
  try {
    return await dependencies.github.readArtifact(artifactId);
  } catch (error) {
    if (!GONE_STATUSES.includes(statusOf(error))) throw error;
    throw new ActionError(
      `Artifact ${artifactId}, which kept the bundle of ${describeDeployment(deployment)}, does not exist any more: it expired, or somebody deleted it, or the token may not read it (\`actions: read\`).`,
      { title: 'Bundle not kept', fix: await offerOthers(deployment, dependencies), cause: error },
    );
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

/** What could be deployed instead. Fails for nothing: the error that it is for matters more. */
async function offerOthers(deployment: DeploymentFact | undefined, dependencies: KeptDependencies): Promise<string> {
  const { signal, environment, debug } = dependencies;
  const rebuild = 'Or build that commit again and deploy it.';
  try {
    const others = await findOthers(deployment, dependencies);
    if (others.length === 0) return `No other earlier deployment of ${environment} has a bundle that is still kept. ${rebuild}`;
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
    if (!(await isKept(github, other.payload.artifactId))) continue;
    found.push(fact);
    if (found.length === MAX_OFFERED) break;
  }
  return found;
}

async function isKept(github: GitHub, artifactId: number | undefined): Promise<boolean> {
  if (artifactId === undefined) return false;
  try {
    return !(await github.readArtifact(artifactId)).isExpired;
  } catch (error) {
    if (GONE_STATUSES.includes(statusOf(error))) return false;
    throw error;
  }
}
