import {
  type DeploymentFact,
  isDoubtful,
  isOfProject,
  isSameEnvironment,
  type ProjectIdentity,
  succeededAt,
} from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { GitHub, KnownArtifact } from '../../github/github.ts';
import type { BundleOrigin } from '../../inputs/rollback.ts';
import { statusOf } from '../../net/errors.ts';
import type { Logger, Phase } from '../../report/run-events.ts';
import {
  findPrevious,
  findProjects,
  findStorefronts,
  findSuccess,
  type History,
  MAX_SEARCHED,
  type OwnDeployment,
} from './history.ts';
import { createManyOfBytesError, createManyPreviewsError, createOtherProjectError } from './unclear.ts';
import { describeDeployment, nameProject, nameSome } from './words.ts';

/** What is to be deployed: the bundle of a deployment, or an artifact, with the deployment that names it, if any. */
export interface Picked {
  deployment: DeploymentFact | undefined;
  artifact: KnownArtifact | undefined;
  /** What is live, if that is known already. */
  current?: DeploymentFact;
}

export interface PickRequest {
  environment: string;
  /** As the user named it, if they did. */
  project: ProjectIdentity | undefined;
}

export interface PickDependencies {
  github: GitHub;
  history: History;
  phase: Phase;
  run: Pick<Logger, 'warn'>;
}

const CHOOSE = 'Name the bundle with `from-deployment`, `from-run` or `from-artifact`.';
const RUN_ID = "Check the run's id: it is the number in the address of its page.";
const NOT_FOUND = 404;

/** Picks the bundle. @throws ActionError if there is none, or more than one */
export async function pickBundle(
  from: BundleOrigin,
  request: PickRequest,
  dependencies: PickDependencies,
): Promise<Picked> {
  switch (from.kind) {
    case 'previous':
      return { ...(await pickPrevious(request, dependencies)), artifact: undefined };
    case 'deployment':
      return { deployment: await pickDeployment(from.id, dependencies), artifact: undefined };
    case 'run':
      return await pickFromRun(from.id, request, dependencies);
    case 'artifact':
      return await withItsDeployment(await readArtifact(from.id, dependencies), request, dependencies);
    case 'pull-request':
      return { deployment: await pickFromPullRequest(from.id, request, dependencies), artifact: undefined };
  }
}

async function pickPrevious({ environment, project }: PickRequest, { history, phase, run }: PickDependencies) {
  const wanted = project ?? (await findOnlyProject(environment, history));
  const choice = await findPrevious(history, environment, wanted);
  if (choice.kind === 'no-current') throw await createNoCurrentError(environment, project, history);
  const { current, origin } = choice;
  phase.info(`Current: ${describeDeployment(current)}`);
  if (isDoubtful(current)) phase.info(`Its run ended with: ${current.states[0]?.description}`);
  const isChain = origin.kind === 'gone' || origin.deployment.id !== current.id;
  if (isChain) {
    const what =
      origin.kind === 'gone' ? `GitHub deployment ${origin.id}, which is gone` : describeDeployment(origin.deployment);
    phase.info(`It is a rollback itself, to ${what}: what came before that is looked for.`);
  }
  if (choice.uncertain !== undefined)
    run.warn(uncertainText(choice.uncertain, current), 'Another deployment may be live');
  if (choice.kind === 'nothing-before') {
    const before = isChain ? 'the one that the current one brought back' : 'the current one';
    throw new ActionError(
      `Before ${before}, no deployment of another bundle to ${environment} succeeded, as far as the newest ${MAX_SEARCHED} GitHub deployments show. Current: ${describeDeployment(current)}.`,
      { topic: 'no-bundle-for-the-rollback', title: 'Nothing to roll back to', fix: CHOOSE },
    );
  }
  phase.info(`Back to: ${describeDeployment(choice.source)}, the last one that succeeded before it`);
  return { deployment: choice.source, current };
}

function uncertainText(uncertain: DeploymentFact, current: DeploymentFact): string {
  const state = uncertain.states[0]?.state;
  const known = state === undefined ? 'has no state' : `has the state ${state}`;
  const { sourceDeploymentId } = uncertain.payload;
  // If a rollback went live, the deployment before it is the one that it was to replace.
  const advice =
    sourceDeploymentId === undefined
      ? `\`from-deployment: ${current.id}\` goes back to the one before it`
      : `the bundle of GitHub deployment ${sourceDeploymentId}, which it brought, is live already`;
  return `GitHub deployment ${uncertain.id} is newer than ${current.id}, which is assumed to be live, and ${known}: if it did go live, ${advice}.`;
}

/** The project whose deployments an environment shows. @throws ActionError unless there is exactly one */
async function findOnlyProject(environment: string, history: History): Promise<ProjectIdentity> {
  const found = await findProjects(history, environment);
  const [first, ...others] = found;
  if (first === undefined) throw await createNoCurrentError(environment, undefined, history);
  if (others.length === 0) return { uuid: first.payload.projectUuid, name: undefined };
  const names = nameSome(
    found.map((fact) => `${nameProject(fact)}, last by ${describeDeployment(fact)}`),
    '; ',
  );
  throw new ActionError(`The environment ${environment} shows deployments of ${found.length} projects: ${names}.`, {
    topic: 'project-not-clear',
    title: 'Project not clear',
    fix: 'Say with `project-uuid` which one is rolled back.',
  });
}

async function createNoCurrentError(
  environment: string,
  project: ProjectIdentity | undefined,
  history: History,
): Promise<ActionError> {
  const listed = await history.list(environment);
  const ofProject = project === undefined ? '' : ` of the project ${project.name ?? project.uuid}`;
  const title = 'Nothing to roll back to';
  const unnamed = listed.filter(({ payload }) => payload.projectName === undefined).length;
  const hint =
    project?.uuid === undefined && project?.name !== undefined && unnamed > 0
      ? ` ${unnamed} of its deployments do not know their project's name: \`project-uuid\` would find those.`
      : '';
  return new ActionError(
    `The environment ${environment} has no active GitHub deployment of this action${ofProject}: among the newest ${MAX_SEARCHED} there is none, so nobody knows what is live.${hint}`,
    {
      title,
      fix: `Check \`environment\` and the project; deployments are known only when they were made with \`github-deployment: true\`. ${CHOOSE}${await namePast(listed, project, history)}`,
    },
  );
}

async function pickDeployment(id: number, { history, phase, run }: PickDependencies): Promise<DeploymentFact> {
  const found = await history.read(id);
  if (typeof found === 'string') {
    const why =
      found === 'unknown' ? 'does not exist in this repository' : 'was not made by this action: it names no bundle';
    throw new ActionError(`GitHub deployment ${id} ${why}.`, {
      topic: 'no-bundle-for-the-rollback',
      title: 'Deployment not usable',
      fix: CHOOSE,
    });
  }
  logPicked(found, phase, run);
  return found;
}

function logPicked(found: DeploymentFact, phase: Phase, run: Pick<Logger, 'warn'>): void {
  phase.info(`To be deployed: ${describeDeployment(found)}`);
  if (succeededAt(found) !== undefined) return;
  const [newest] = found.states;
  const also = isDoubtful(found) ? `, ${newest?.description}` : '';
  const state = newest === undefined ? 'it has no state' : `its state is ${newest.state}${also}`;
  run.warn(
    `GitHub deployment ${found.id} never succeeded (${state}): its bundle was never seen to work.`,
    'Bundle never seen to work',
  );
}

async function pickFromRun(runId: number, request: PickRequest, dependencies: PickDependencies): Promise<Picked> {
  const { history, phase, run } = dependencies;
  const { environment, project } = request;
  const all = (await history.list(environment)).filter(({ payload }) => payload.runId === String(runId));
  const made = all.filter(({ payload }) => project === undefined || isOfProject(payload, project));
  const [newest] = made;
  if (newest === undefined) {
    if (all.length > 0) throw createOtherProjectError(runId, all, request);
    return await withItsDeployment(await findRunArtifact(runId, dependencies), request, dependencies);
  }
  const projects = new Set(made.map(({ payload }) => payload.projectUuid));
  if (projects.size > 1) {
    const ids = nameSome(made.map(({ id, payload }) => `${id} (project ${nameProject({ payload })})`));
    throw new ActionError(`Run ${runId} made several deployments to ${environment}: ${ids}.`, {
      topic: 'no-bundle-for-the-rollback',
      title: 'Bundle not clear',
      fix: 'Name one of them with `from-deployment`, or the project with `project-uuid`.',
    });
  }
  const deployment = (await findSuccess(history, made)) ?? (await history.fact(newest));
  logPicked(deployment, phase, run);
  return { deployment, artifact: undefined };
}

async function findRunArtifact(runId: number, { github }: PickDependencies): Promise<KnownArtifact> {
  const all = await Array.fromAsync(github.listRunArtifacts(runId)).catch((error: unknown) => {
    if (statusOf(error) !== NOT_FOUND) throw error;
    throw new ActionError(
      `There is no run ${runId} in this repository, or none any longer, or the token may not read it (\`actions: read\`).`,
      { topic: 'no-bundle-for-the-rollback', title: 'Run not found', fix: RUN_ID, cause: error },
    );
  });
  const zips = all.filter(({ name }) => name.toLowerCase().endsWith('.zip'));
  const [artifact, ...others] = zips;
  if (artifact !== undefined && others.length === 0) return artifact;
  if (artifact === undefined) {
    throw new ActionError(
      `Run ${runId} made no known deployment here, and has no artifact whose name ends in .zip (it has ${all.length} artifacts).`,
      { topic: 'no-bundle-for-the-rollback', title: 'Bundle not stored', fix: `${RUN_ID} ${CHOOSE}` },
    );
  }
  const names = nameSome(zips.map(({ id, name }) => `${id} (${name})`));
  throw new ActionError(`Run ${runId} has ${zips.length} artifacts that may be the bundle: ${names}.`, {
    topic: 'no-bundle-for-the-rollback',
    title: 'Bundle not clear',
    fix: 'Name one of them with `from-artifact`.',
  });
}

async function readArtifact(id: number, { github }: PickDependencies): Promise<KnownArtifact> {
  try {
    return await github.readArtifact(id);
  } catch (error) {
    if (statusOf(error) !== NOT_FOUND) throw error;
    throw new ActionError(
      `There is no artifact ${id} in this repository, or none any longer, or the token may not read it (\`actions: read\`).`,
      {
        topic: 'no-bundle-for-the-rollback',
        title: 'Artifact not found',
        fix: "Its id is the last number in the artifact's address, behind `/artifacts/`.",
        cause: error,
      },
    );
  }
}

/** Looks for the deployment of an artifact, which knows its SHA-256, commit and project. */
async function withItsDeployment(
  artifact: KnownArtifact,
  { environment, project }: PickRequest,
  { history, phase, run }: PickDependencies,
): Promise<Picked> {
  const names = ({ payload }: OwnDeployment) => payload.artifactId === artifact.id;
  // A deployment here of the same bytes: the next rollback continues from it.
  const hasItsBytes = ({ payload }: OwnDeployment) =>
    payload.bundleSha256 === artifact.sha256 && (project === undefined || isOfProject(payload, project));
  const places: [string | undefined, (one: OwnDeployment) => boolean][] = [
    [environment, names],
    [environment, hasItsBytes],
    [undefined, names],
  ];
  for (const [place, isIts] of places) {
    const made = (await history.list(place)).filter(isIts);
    const [newest] = made;
    if (newest === undefined) continue;
    // Several storefronts may share a build: the bytes do not show which one is meant.
    if (isIts === hasItsBytes && new Set(made.map(({ payload }) => payload.projectUuid)).size > 1) {
      throw createManyOfBytesError(artifact, made, environment);
    }
    const deployment = (await findSuccess(history, made)) ?? (await history.fact(newest));
    logPicked(deployment, phase, run);
    return { deployment, artifact };
  }
  phase.info(`To be deployed: artifact ${artifact.id} (${artifact.name}), which no GitHub deployment names`);
  return { deployment: undefined, artifact };
}

async function pickFromPullRequest(
  pullRequest: number,
  { environment }: PickRequest,
  { history, phase }: PickDependencies,
): Promise<DeploymentFact> {
  const made = (await history.list(undefined)).filter(
    (one) => one.payload.pullRequest === pullRequest && !isSameEnvironment(one.environment, environment),
  );
  const [found, ...others] = await findStorefronts(history, made);
  if (found !== undefined && others.length > 0) throw createManyPreviewsError(pullRequest, [found, ...others]);
  if (found !== undefined) {
    phase.info(
      `To be promoted: ${describeDeployment(found)}, the last one of pull request #${pullRequest} that succeeded`,
    );
    return found;
  }
  const tried = made.length === 0 ? '' : ` ${made.length} did not succeed.`;
  throw new ActionError(
    `Pull request #${pullRequest} has no deployment in another environment than ${environment} that succeeded, as far as the newest ${MAX_SEARCHED} GitHub deployments show.${tried}`,
    {
      topic: 'no-bundle-for-the-rollback',
      title: 'No preview to promote',
      fix: 'Deploy its preview with `upload-artifact: true` first, and look at it.',
    },
  );
}

const MAX_NAMED = 5;

/** The last ones that were live, to choose from: GitHub's pages do not show the ids of deployments. */
async function namePast(
  listed: readonly OwnDeployment[],
  project: ProjectIdentity | undefined,
  history: History,
): Promise<string> {
  const own = listed.filter(({ payload }) => project === undefined || isOfProject(payload, project));
  // Advice for an error, which must not be hidden by another one: what can't be read is left out.
  const read = await Promise.allSettled(own.slice(0, MAX_NAMED).map((one) => history.fact(one)));
  const past = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const succeeded = past.filter((fact) => succeededAt(fact) !== undefined);
  if (succeeded.length === 0) return '';
  return ` The last ones that were live: ${succeeded.map(describeDeployment).join('; ')}.`;
}
