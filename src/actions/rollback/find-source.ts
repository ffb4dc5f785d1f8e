import {
  type DeploymentFact,
  isOfProject,
  isSameEnvironment,
  kindOfSource,
  type ProjectIdentity,
  type SourceKind,
} from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { GitHub, KnownArtifact } from '../../github/github.ts';
import type { ProjectReference } from '../../inputs/deploy.ts';
import type { RollbackInputs } from '../../inputs/rollback.ts';
import type { Logger, Phase } from '../../report/run-events.ts';
import { findLive, type History } from './history.ts';
import { type Picked, pickBundle } from './pick.ts';
import { describeRun, type ProvenanceRequest, warnOfBuild } from './provenance.ts';
import { findStoredBundle } from './stored-bundle.ts';
import { describeDeployment, nameProject } from './words.ts';

/** An earlier bundle, and where it goes. */
export interface FoundSource {
  kind: SourceKind;
  /** What it replaces, if known. */
  current: DeploymentFact | undefined;
  /** Undefined for an artifact that no deployment names. */
  deployment: DeploymentFact | undefined;
  artifact: KnownArtifact;
  /** The commit that it was built from. */
  sha: string;
  /** The workflow run that stored it, as GitHub says. */
  runId: string;
  request: ProvenanceRequest;
  /** What is known of the project that it goes to. */
  target: ProjectIdentity;
  project: ProjectReference;
  /** Where that is known without asking. */
  projectName: string | undefined;
}

export interface FindDependencies {
  github: GitHub;
  history: History;
  phase: Phase;
  run: Pick<Logger, 'warn' | 'debug'>;
  signal: AbortSignal;
  /** Undefined if unknown. */
  defaultBranch: string | undefined;
  /** See ProvenanceWarnings. */
  unattendedOn?: string;
}

type Wanted = Pick<RollbackInputs, 'from' | 'environment'>;

/**
 * Finds the bundle and its artifact. Downloads nothing.
 * @param project as the user named it; undefined where nothing is named
 * @throws ActionError
 */
export async function findSource(
  { from, environment }: Wanted,
  project: ProjectIdentity | undefined,
  dependencies: FindDependencies,
): Promise<FoundSource> {
  const picked = await pickBundle(from, { environment, project }, dependencies);
  const target = project ?? findTarget(picked, environment);
  const current = picked.current ?? (await findCurrentOf(picked, { environment, project: target }, dependencies));
  const kind =
    from.kind === 'previous' ? 'rollback' : kindOfSource(picked.deployment, current, { environment, project: target });
  warnOfForeignBundle(kind, picked, { environment, project: target }, dependencies.run);
  const request = { environment, kind, pullRequest: from.kind === 'pull-request' ? from.id : undefined };
  const { artifact, run } = await findStoredBundle(picked, { ...dependencies, request, project: target });
  const { deployment } = picked;
  dependencies.phase.info(`Artifact ${artifact.id} (${artifact.name}) of run ${run.id} (${describeRun(run)})`);
  await warnOfBuild(run, deployment, request, dependencies);
  return {
    kind,
    current,
    deployment,
    artifact,
    sha: deployment?.sha ?? run.headSha,
    runId: String(run.id),
    request,
    target,
    project: referenceOf(target),
    projectName: target.name,
  };
}

/** If no project is named: the one that the bundle was deployed to, provided that was in this environment. */
function findTarget({ deployment, artifact }: Picked, environment: string): ProjectIdentity {
  const fix = 'Name the project to deploy to with `project-uuid` or `project-name`.';
  if (deployment === undefined) {
    throw new ActionError(`No GitHub deployment names artifact ${artifact?.id}, so its project is unknown.`, {
      topic: 'project-not-clear',
      title: 'Project not given',
      fix,
    });
  }
  if (!isSameEnvironment(deployment.environment, environment)) {
    throw new ActionError(
      `${describeDeployment(deployment)} belongs to another environment than ${environment}: its bundle would be promoted, and not into its own project, ${nameProject(deployment)}.`,
      { topic: 'project-not-clear', title: 'Project not given', fix },
    );
  }
  const { projectUuid: uuid, projectName: name } = deployment.payload;
  return { uuid, name };
}

/** Needed only if the bundle was deployed here before: otherwise this is a promotion whatever is live. */
async function findCurrentOf(
  { deployment }: Picked,
  target: { environment: string; project: ProjectIdentity },
  { history, phase }: FindDependencies,
): Promise<DeploymentFact | undefined> {
  if (deployment === undefined || kindOfSource(deployment, undefined, target) === 'promotion') return undefined;
  const current = await findLive(history, target.environment, target.project);
  // Its own bundle is wanted again, since what is live in its place is broken, or its variables are others now.
  if (current !== undefined && current.id !== deployment.id) phase.info(`Current: ${describeDeployment(current)}`);
  return current;
}

function warnOfForeignBundle(
  kind: SourceKind,
  { deployment }: Picked,
  { environment, project }: { environment: string; project: ProjectIdentity },
  run: Pick<Logger, 'warn'>,
): void {
  if (deployment !== undefined && kind !== 'promotion') return;
  const baked =
    'What the build baked into it (the values of `NEXT_PUBLIC_…` variables, the channel, the store) goes live with it.';
  if (deployment === undefined) {
    run.warn(`What this bundle was built for is unknown. ${baked}`, 'Not known what the bundle was built for');
    return;
  }
  const isOther = !isOfProject(deployment.payload, project);
  const builtFor = `${deployment.environment}, project ${nameProject(deployment)}`;
  const goesTo = isOther ? `${environment}, project ${project.name ?? project.uuid}` : environment;
  run.warn(`The bundle was built for ${builtFor}, and goes to ${goesTo}. ${baked}`, 'Bundle built for something else');
}

function referenceOf({ uuid, name }: ProjectIdentity): ProjectReference {
  if (uuid !== undefined) return { kind: 'uuid', uuid };
  return { kind: 'name', name: name ?? '', createIfMissing: false };
}
