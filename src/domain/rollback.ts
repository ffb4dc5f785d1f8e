import type { DeploymentPayload } from './github-deployment.ts';

/** The rules of a rollback: what is live by now, what came before it, and what may be brought back. Pure. */

/** A GitHub deployment of this action's, with the states that it has had. */
export interface DeploymentFact {
  id: number;
  sha: string;
  environment: string;
  /** ISO 8601. */
  createdAt: string;
  payload: DeploymentPayload;
  /** The newest first. */
  states: readonly { state: string; createdAt: string }[];
}

/** The project as the user named it: one of them or both are known. */
export interface ProjectIdentity {
  uuid: string | undefined;
  name: string | undefined;
}

/** When it last became a success, ISO 8601; undefined when it never did. One that was replaced is `inactive` by now. */
export function succeededAt({ states }: Pick<DeploymentFact, 'states'>): string | undefined {
  return states.find(({ state }) => state === 'success')?.createdAt;
}

/** As far as GitHub knows it is live: nothing has replaced it. */
export function isActive({ states }: Pick<DeploymentFact, 'states'>): boolean {
  return states[0]?.state === 'success';
}

/** Environment names are compared without regard to case, as GitHub does. */
export function isSameEnvironment(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A payload knows the project's name only where the deployment was made by name. */
export function isOfProject(
  { projectUuid, projectName }: Pick<DeploymentPayload, 'projectUuid' | 'projectName'>,
  { uuid, name }: ProjectIdentity,
): boolean {
  return projectUuid === uuid || (name !== undefined && projectName === name);
}

/** Order of success; GitHub tells whole seconds, and of two in one of them the later id is the later one. */
export function comparePosition(one: DeploymentFact, other: DeploymentFact): number {
  return timeOf(one) - timeOf(other) || one.id - other.id;
}

function timeOf(fact: DeploymentFact): number {
  return Date.parse(succeededAt(fact) ?? fact.createdAt);
}

/** What is live: of those that are active the one that succeeded last. */
export function findCurrent(history: readonly DeploymentFact[]): DeploymentFact | undefined {
  return history.filter(isActive).toSorted(comparePosition).at(-1);
}

/** States after which it is sure that nothing went live, or that it did. */
const CERTAIN_STATES: readonly (string | undefined)[] = ['success', 'failure', 'inactive'];

/** The newest one after what is live that may have gone live all the same: nobody knows how it ended. */
export function findUncertain(history: readonly DeploymentFact[], current: DeploymentFact): DeploymentFact | undefined {
  return history
    .filter((fact) => fact.id > current.id && !CERTAIN_STATES.includes(fact.states[0]?.state))
    .toSorted((one, other) => one.id - other.id)
    .at(-1);
}

export type RollbackChoice =
  | {
      kind: 'found';
      current: DeploymentFact;
      origin: Origin;
      source: DeploymentFact;
      /** It may be live all the same. */
      uncertain: DeploymentFact | undefined;
    }
  /** Whether this deployment is of this history has to be asked first: the current one's bundle comes from it. */
  | { kind: 'ask'; id: number }
  | { kind: 'no-current' }
  | { kind: 'nothing-before'; current: DeploymentFact; origin: Origin; uncertain: DeploymentFact | undefined };

/** Where what is live was made: the deployment itself, or, at the end of a chain of rollbacks, the one they brought back. */
export type Origin = { kind: 'known'; deployment: DeploymentFact } | { kind: 'gone'; id: number };

/**
 * The last deployment that ever succeeded before the current one. Where that is itself a rollback, before the one that it
 * brought back: so rolling back twice goes back two deployments, and never forth to the one that was rolled away from.
 * The same bytes again are no rollback.
 * @param history deployments of one environment and project, in any order
 * @param outside what was asked for beside them; undefined for one that is gone
 */
export function chooseRollback(
  history: readonly DeploymentFact[],
  outside: ReadonlyMap<number, DeploymentFact | undefined>,
): RollbackChoice {
  const current = findCurrent(history);
  if (current === undefined) return { kind: 'no-current' };
  const origin = findOrigin(current, history, outside);
  if (origin.kind === 'ask') return origin;
  const isEarlier = (fact: DeploymentFact) =>
    origin.kind === 'gone' ? fact.id < origin.id : comparePosition(fact, origin.deployment) < 0;
  const source = history
    .filter((fact) => succeededAt(fact) !== undefined && isEarlier(fact))
    .filter(({ id, payload }) => id !== current.id && payload.bundleSha256 !== current.payload.bundleSha256)
    .toSorted(comparePosition)
    .at(-1);
  const known = { current, origin, uncertain: findUncertain(history, current) };
  return source === undefined ? { kind: 'nothing-before', ...known } : { kind: 'found', ...known, source };
}

function findOrigin(
  current: DeploymentFact,
  history: readonly DeploymentFact[],
  outside: ReadonlyMap<number, DeploymentFact | undefined>,
): Origin | { kind: 'ask'; id: number } {
  let deployment = current;
  for (;;) {
    const id = deployment.payload.sourceDeploymentId;
    // A source is older than what came of it: whatever says otherwise is no chain, and none goes round in circles.
    if (id === undefined || id >= deployment.id) return { kind: 'known', deployment };
    const source = history.find((fact) => fact.id === id) ?? outside.get(id);
    if (source === undefined) return outside.has(id) ? { kind: 'gone', id } : { kind: 'ask', id };
    // A promotion: what was live here before came before the promotion, not before what was promoted.
    if (!isOneHistory(source, current)) return { kind: 'known', deployment };
    deployment = source;
  }
}

function isOneHistory(one: DeploymentFact, other: DeploymentFact): boolean {
  return isSameEnvironment(one.environment, other.environment) && one.payload.projectUuid === other.payload.projectUuid;
}

/**
 * The deployments that the current one was to get away from, where it is a rollback: those of its project between what it
 * brought back and itself. None where that is unknown, or of another environment.
 * @param listed deployments of one environment
 */
export function rolledAwayFrom<T extends Pick<DeploymentFact, 'id' | 'payload'>>(
  current: Pick<DeploymentFact, 'id' | 'payload'>,
  listed: readonly T[],
): T[] {
  const { sourceDeploymentId, projectUuid } = current.payload;
  const source = listed.find(({ id }) => id === sourceDeploymentId);
  if (source === undefined) return [];
  return listed.filter(({ id, payload }) => id > source.id && id < current.id && payload.projectUuid === projectUuid);
}

/** So many successes behind what was found: runs may overtake each other, but hardly that many. */
const ENOUGH_BEHIND = 3;

/** Whether older deployments could change nothing any more. Histories are read from the newest on. */
export function isSettled(deciding: readonly DeploymentFact[], history: readonly DeploymentFact[]): boolean {
  const oldest = Math.min(...deciding.map(({ id }) => id));
  const behind = history.filter((fact) => fact.id < oldest && succeededAt(fact) !== undefined);
  return deciding.length > 0 && behind.length >= ENOUGH_BEHIND;
}

/** What a deployment of an earlier bundle is. */
export type SourceKind = 'rollback' | 'promotion' | 'redeploy';

/**
 * What it is to bring this one back into an environment and project.
 * @param source undefined: nobody knows where the bundle was deployed, if at all
 * @param current what is live there; undefined where nothing is
 */
export function kindOfSource(
  source: DeploymentFact | undefined,
  current: DeploymentFact | undefined,
  target: { environment: string; project: ProjectIdentity },
): SourceKind {
  if (source === undefined) return 'redeploy';
  const isHere = isSameEnvironment(source.environment, target.environment);
  if (!isHere || !isOfProject(source.payload, target.project)) return 'promotion';
  return current !== undefined && comparePosition(source, current) < 0 ? 'rollback' : 'redeploy';
}
