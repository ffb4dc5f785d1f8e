import { isOfProject, type ProjectIdentity, succeededAt } from '../../domain/rollback.ts';
import type { History, OwnDeployment } from './history.ts';
import { describeDeployment } from './words.ts';

const MAX_LOOKED_AT = 5;

/** The last ones that were live, for one to choose from: GitHub's pages do not show the ids of deployments. */
export async function namePast(
  listed: readonly OwnDeployment[],
  project: ProjectIdentity | undefined,
  history: History,
): Promise<string> {
  const own = listed.filter(({ payload }) => project === undefined || isOfProject(payload, project));
  // Advice of an error, which must not take its place: what can't be read is not named.
  const read = await Promise.allSettled(own.slice(0, MAX_LOOKED_AT).map((one) => history.fact(one)));
  const past = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const succeeded = past.filter((fact) => succeededAt(fact) !== undefined);
  if (succeeded.length === 0) return '';
  return ` The last ones that were live: ${succeeded.map(describeDeployment).join('; ')}.`;
}
