import {
  chooseRollback,
  type DeploymentFact,
  findCurrent,
  findLastGood,
  isDoubtful,
  isOfProject,
  isSettled,
  type ProjectIdentity,
  type RollbackChoice,
  succeededAt,
} from '../../domain/rollback.ts';
import type { GitHub, KnownDeployment } from '../../github/github.ts';
import { readStates } from '../../github-status/github-deployments.ts';
import { statusOf } from '../../net/errors.ts';

/** How far back to look: older bundles are long gone, or the history is not this action's. */
export const MAX_SEARCHED = 500;
const NOT_FOUND = 404;

/** A GitHub deployment that this action has made. */
export type OwnDeployment = KnownDeployment & Pick<DeploymentFact, 'payload'>;

/** What GitHub knows of earlier deployments; everything is requested once. Every method may throw ActionError. */
export interface History {
  /** Those of this action in an environment, or in all, the newest first. */
  list(environment: string | undefined): Promise<readonly OwnDeployment[]>;
  fact(deployment: OwnDeployment): Promise<DeploymentFact>;
  /** `unknown`: there is none with this id; `foreign`: something else has made it. */
  read(id: number): Promise<DeploymentFact | 'unknown' | 'foreign'>;
}

export function createHistory(github: GitHub): History {
  const lists = new Map<string | undefined, OwnDeployment[]>();
  const facts = new Map<number, DeploymentFact>();
  const fact = async (deployment: OwnDeployment) => {
    const known = facts.get(deployment.id);
    if (known !== undefined) return known;
    const states = await readStates(github, deployment.id);
    facts.set(deployment.id, { ...deployment, states });
    return { ...deployment, states };
  };
  return {
    list: async (environment) => {
      const known = lists.get(environment);
      if (known !== undefined) return known;
      const found = await listOwn(github, environment);
      lists.set(environment, found);
      return found;
    },
    fact,
    read: async (id) => {
      const known = facts.get(id);
      if (known !== undefined) return known;
      const found = await readKnown(github, id);
      if (found === undefined) return 'unknown';
      return isOwn(found) ? await fact(found) : 'foreign';
    },
  };
}

async function listOwn(github: GitHub, environment: string | undefined): Promise<OwnDeployment[]> {
  const found: OwnDeployment[] = [];
  let searched = 0;
  for await (const deployment of github.listDeployments(environment === undefined ? {} : { environment })) {
    if (isOwn(deployment)) found.push(deployment);
    searched += 1;
    // Before the next page is requested.
    if (searched === MAX_SEARCHED) break;
  }
  return found;
}

async function readKnown(github: GitHub, id: number): Promise<KnownDeployment | undefined> {
  try {
    return await github.readDeployment(id);
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return undefined;
    throw error;
  }
}

function isOwn(deployment: KnownDeployment): deployment is OwnDeployment {
  return deployment.payload !== undefined;
}

/** What GitHub knows as live of a project in an environment. */
export async function findLive(
  history: History,
  environment: string,
  project: ProjectIdentity,
): Promise<DeploymentFact | undefined> {
  return await findNewest(findCurrent, history, environment, project);
}

/** The last success of a project in an environment that no other success has replaced. */
export async function findGood(
  history: History,
  environment: string,
  project: ProjectIdentity,
): Promise<DeploymentFact | undefined> {
  return await findNewest(findLastGood, history, environment, project);
}

async function findNewest(
  find: typeof findCurrent,
  history: History,
  environment: string,
  project: ProjectIdentity,
): Promise<DeploymentFact | undefined> {
  const facts: DeploymentFact[] = [];
  for (const deployment of await listOfProject(history, environment, project)) {
    facts.push(await history.fact(deployment));
    const found = find(facts);
    if (found !== undefined && isSettled([found], facts)) return found;
  }
  return find(facts);
}

/** What came before that. Reads only as much of the history as it needs. */
export async function findPrevious(
  history: History,
  environment: string,
  project: ProjectIdentity,
): Promise<Exclude<RollbackChoice, { kind: 'ask' }>> {
  const facts: DeploymentFact[] = [];
  const outside = new Map<number, DeploymentFact | undefined>();
  for (const deployment of await listOfProject(history, environment, project)) {
    facts.push(await history.fact(deployment));
    const choice = await choose(history, facts, outside);
    if (choice.kind === 'found' && isSettled([choice.current, choice.source], facts)) return choice;
  }
  return await choose(history, facts, outside);
}

async function choose(
  history: History,
  facts: readonly DeploymentFact[],
  outside: Map<number, DeploymentFact | undefined>,
): Promise<Exclude<RollbackChoice, { kind: 'ask' }>> {
  for (;;) {
    const choice = chooseRollback(facts, outside);
    if (choice.kind !== 'ask') return choice;
    const found = await history.read(choice.id);
    outside.set(choice.id, typeof found === 'string' ? undefined : found);
  }
}

async function listOfProject(history: History, environment: string, project: ProjectIdentity) {
  return (await history.list(environment)).filter(({ payload }) => isOfProject(payload, project));
}

/** Projects that were live in an environment, each with its newest deployment that was. */
export async function findProjects(history: History, environment: string): Promise<DeploymentFact[]> {
  const wasLive = (fact: DeploymentFact) => succeededAt(fact) !== undefined || isDoubtful(fact);
  return await findNewestOfEach(history, await history.list(environment), ({ projectUuid }) => projectUuid, wasLive);
}

/** Storefronts with a success among these. A preview's project that was made again has its name, and another UUID. */
export async function findStorefronts(history: History, made: readonly OwnDeployment[]): Promise<DeploymentFact[]> {
  const names = new Map(
    made.flatMap(({ payload: { projectUuid, projectName } }) => {
      return projectName === undefined ? [] : [[projectUuid, projectName] as const];
    }),
  );
  return await findNewestOfEach(history, made, ({ projectUuid }) => names.get(projectUuid) ?? projectUuid);
}

/** The newest of each group that is of this kind; the group of the newest deployment first. */
async function findNewestOfEach(
  history: History,
  made: readonly OwnDeployment[],
  keyOf: (payload: OwnDeployment['payload']) => string,
  isWanted = hasSucceeded,
): Promise<DeploymentFact[]> {
  const found: DeploymentFact[] = [];
  for (const group of Map.groupBy(made, ({ payload }) => keyOf(payload)).values()) {
    const newest = await findFirst(history, group, isWanted);
    if (newest !== undefined) found.push(newest);
  }
  return found;
}

/** The first of these that ever succeeded. */
export async function findSuccess(
  history: History,
  deployments: Iterable<OwnDeployment>,
): Promise<DeploymentFact | undefined> {
  return await findFirst(history, deployments, hasSucceeded);
}

async function findFirst(
  history: History,
  deployments: Iterable<OwnDeployment>,
  isWanted: (fact: DeploymentFact) => boolean,
): Promise<DeploymentFact | undefined> {
  for (const deployment of deployments) {
    const fact = await history.fact(deployment);
    if (isWanted(fact)) return fact;
  }
  return undefined;
}

function hasSucceeded(fact: DeploymentFact): boolean {
  return succeededAt(fact) !== undefined;
}
