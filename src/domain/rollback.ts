import type { DeploymentPayload } from '../deployment-payload.ts';
import { isLiveThoughNoSuccess, liveSince, type ShownStatus } from './github-deployment.ts';

/** The rules of a rollback: what is live now, what came before it, and what may be deployed again. Pure. */

/** A GitHub deployment of this action's, with the states that it has had. */
export interface DeploymentFact {
  id: number;
  sha: string;
  environment: string;
  /** ISO 8601. */
  createdAt: string;
  payload: DeploymentPayload;
  /** The newest first. */
  states: readonly ShownStatus[];
}

/** The project as the user named it: one of them or both are known. */
export interface ProjectIdentity {
  uuid: string | undefined;
  name: string | undefined;
}

/** When it last became a success, ISO 8601; undefined if it never did. One that was replaced is `inactive` now. */
export function succeededAt({ states }: Pick<DeploymentFact, 'states'>): string | undefined {
  return states.find(({ state }) => state === 'success')?.createdAt;
}

/** It is live, as far as GitHub knows, and nothing is wrong: nothing has replaced it. */
export function isActive({ states }: Pick<DeploymentFact, 'states'>): boolean {
  return states[0]?.state === 'success';
}

/** It went live without a success, broken or not verified, and the run said no more of it. */
export function isDoubtful({ states }: Pick<DeploymentFact, 'states'>): boolean {
  return isLiveThoughNoSuccess(states);
}

/** Environment names are compared without regard to case, as GitHub does. */
export function isSameEnvironment(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A payload has the project's name only if the deployment was made by name. */
export function isOfProject(
  { projectUuid, projectName }: Pick<DeploymentPayload, 'projectUuid' | 'projectName'>,
  { uuid, name }: ProjectIdentity,
): boolean {
  return projectUuid === uuid || (name !== undefined && projectName === name);
}

/** Order of going live; GitHub gives whole seconds, so the ids decide between two in the same second. */
export function comparePosition(one: DeploymentFact, other: DeploymentFact): number {
  return timeOf(one) - timeOf(other) || one.id - other.id;
}

function timeOf(fact: DeploymentFact): number {
  return Date.parse(liveSince(fact.states) ?? fact.createdAt);
}

/**
 * What is live: the one that went live last, of the active ones and of those that went live without a success. The success
 * that one of these replaced stays active, since it is what to go back to.
 */
export function findCurrent(history: readonly DeploymentFact[]): DeploymentFact | undefined {
  return history
    .filter((fact) => isActive(fact) || isDoubtful(fact))
    .toSorted(comparePosition)
    .at(-1);
}

/** The last success that no other success has replaced. */
export function findLastGood(history: readonly DeploymentFact[]): DeploymentFact | undefined {
  return history.filter(isActive).toSorted(comparePosition).at(-1);
}

/** States after which it is certain that it went live, or that it did not. */
const CERTAIN_STATES: readonly (string | undefined)[] = ['success', 'failure', 'inactive'];

/** The newest one after what is live that may nevertheless have gone live: how it ended is unknown. */
export function findUncertain(history: readonly DeploymentFact[], current: DeploymentFact): DeploymentFact | undefined {
  return history
    .filter((fact) => fact.id > current.id && !CERTAIN_STATES.includes(fact.states[0]?.state) && !isDoubtful(fact))
    .toSorted((one, other) => one.id - other.id)
    .at(-1);
}

export type RollbackChoice =
  | {
      kind: 'found';
      current: DeploymentFact;
      origin: Origin;
      source: DeploymentFact;
      /** It may nevertheless be live. */
      uncertain: DeploymentFact | undefined;
    }
  /** The current bundle comes from this deployment: read it first, to see whether it belongs to this history. */
  | { kind: 'ask'; id: number }
  | { kind: 'no-current' }
  | { kind: 'nothing-before'; current: DeploymentFact; origin: Origin; uncertain: DeploymentFact | undefined };

/** Where the live bundle was first deployed: by the current deployment, or by the one that a chain of rollbacks goes back to. */
export type Origin = { kind: 'known'; deployment: DeploymentFact } | { kind: 'gone'; id: number };

/**
 * The last deployment that succeeded before the current one. If the current one is itself a rollback, before the one that
 * it went back to: so rolling back twice goes back two deployments, and never forward to the one that was abandoned; but a
 * rollback that did not work abandoned nothing. A deployment of the same bytes is no rollback.
 * @param history deployments of one environment and project, in any order
 * @param outside what was read besides; undefined for one that is gone
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
    if (isDoubtful(deployment)) return { kind: 'known', deployment };
    const id = deployment.payload.sourceDeploymentId;
    // A source is older than what was made from it. This also rules out circles.
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
 * The deployments that the current one was to undo, if it is a rollback: those of its project between its source and
 * itself. None if the source is unknown, or of another environment.
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

/** Read so many successes behind what was found: runs may overtake each other, but hardly so many. */
const ENOUGH_BEHIND = 3;

/** Whether older deployments can no longer change the result. Histories are read from the newest on. */
export function isSettled(deciding: readonly DeploymentFact[], history: readonly DeploymentFact[]): boolean {
  const oldest = Math.min(...deciding.map(({ id }) => id));
  const behind = history.filter((fact) => fact.id < oldest && succeededAt(fact) !== undefined);
  return deciding.length > 0 && behind.length >= ENOUGH_BEHIND;
}

/** What a deployment of an earlier bundle is. */
export type SourceKind = 'rollback' | 'promotion' | 'redeploy';

/**
 * What it means to deploy this one again to an environment and project.
 * @param source undefined if it is unknown where the bundle was deployed, if at all
 * @param current what is live there; undefined if nothing is
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
