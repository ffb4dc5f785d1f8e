import {
  type DeploymentFact,
  isActive,
  isDoubtful,
  isSameEnvironment,
  rolledAwayFrom,
  succeededAt,
} from '../../domain/rollback.ts';
import { checkQuietly, MAX_LOOKED_AT, readUnexpired, type StoredBundleDependencies } from './candidates.ts';
import { findLive, type OwnDeployment } from './history.ts';
import { describeFacts } from './words.ts';

const MAX_OFFERED = 5;

/**
 * What could be deployed instead. Throws nothing: the error that this advice is for matters more.
 * @param deployment the one whose bundle it is; undefined where none names it
 */
export async function offerOthers(
  deployment: DeploymentFact | undefined,
  dependencies: StoredBundleDependencies,
): Promise<string> {
  const { signal, request, run } = dependencies;
  const rebuild = 'Or build that commit again and deploy it.';
  try {
    const others = await findOthers(deployment, dependencies);
    if (others.length === 0)
      return `No other earlier deployment of ${request.environment} has a bundle that is still stored. Build that commit again and deploy it.`;
    const list = others.map((fact) => `${fact.id} (${describeFacts(fact)})`).join('; ');
    return `Give one whose bundle is still stored as \`from-deployment\`: ${list}. ${rebuild}`;
  } catch (error) {
    signal.throwIfAborted();
    run.debug(`looking for other bundles: ${error}`);
    return `Give another one as \`from-deployment\`. ${rebuild}`;
  }
}

async function findOthers(
  deployment: DeploymentFact | undefined,
  dependencies: StoredBundleDependencies,
): Promise<DeploymentFact[]> {
  const { github, history, request } = dependencies;
  const listed = await history.list(request.environment);
  const current = await findLive(history, request.environment, dependencies.project);
  const unwanted = current === undefined ? new Set<string>() : findUnwanted(current, listed);
  if (deployment !== undefined) unwanted.add(deployment.payload.bundleSha256);
  const isOther = ({ id, payload }: OwnDeployment) =>
    id !== deployment?.id &&
    payload.artifactId !== undefined &&
    payload.artifactId !== deployment?.payload.artifactId &&
    !unwanted.has(payload.bundleSha256) &&
    // Of the same storefront, if the deployment was to this environment.
    (deployment === undefined ||
      !isSameEnvironment(deployment.environment, request.environment) ||
      payload.projectUuid === deployment.payload.projectUuid);
  const found: DeploymentFact[] = [];
  for (const other of listed.filter(isOther).slice(0, MAX_LOOKED_AT)) {
    const fact = await history.fact(other);
    // An active one is live, unless one that did not work has replaced it since.
    const isLive = isActive(fact) && !(current !== undefined && isDoubtful(current));
    if (succeededAt(fact) === undefined || isLive) continue;
    const artifact = await readUnexpired(github, other.payload.artifactId);
    // Offer none that would be refused. It would be a rollback, whatever this run is.
    const asked = { ...dependencies, request: { ...request, kind: 'rollback', pullRequest: undefined } as const };
    if (artifact === undefined || (await checkQuietly(artifact, other, asked)) === undefined) continue;
    found.push(fact);
    if (found.length === MAX_OFFERED) break;
  }
  return found;
}

/**
 * SHA-256 of the bundles that nobody wants back: the one that is live, and if that is a rollback, those that it replaced.
 */
function findUnwanted(current: DeploymentFact, listed: readonly OwnDeployment[]): Set<string> {
  const replaced = isDoubtful(current) ? [] : rolledAwayFrom(current, listed);
  return new Set([current, ...replaced].map(({ payload }) => payload.bundleSha256));
}
