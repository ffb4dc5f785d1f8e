import type { DeploymentFact, ProjectIdentity } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { KnownArtifact } from '../../github/github.ts';
import type { OwnDeployment } from './history.ts';
import { describeDeployment, nameProject, nameSome } from './words.ts';

/** Errors for a bundle that is named ambiguously. */

/** In a repository with several storefronts, a run's id is easily that of another one. */
export function createOtherProjectError(
  runId: number,
  made: readonly OwnDeployment[],
  { environment, project }: { environment: string; project: ProjectIdentity | undefined },
): ActionError {
  const list = nameSome(made.map(({ id, payload }) => `${id} (project ${nameProject({ payload })})`));
  // A dry run looks up no name, and the payload of a deployment by UUID has none.
  if (project?.uuid === undefined && made.some(({ payload }) => payload.projectName === undefined)) {
    return new ActionError(
      `Run ${runId} deployed to ${environment}: ${list}. Whether that is the project ${project?.name} is not known: a dry run does not ask BigCommerce.`,
      {
        topic: 'project-not-clear',
        title: 'Project not known',
        fix: 'Name the project with `project-uuid`, or the bundle with `from-deployment`.',
      },
    );
  }
  return new ActionError(
    `Run ${runId} deployed to ${environment}, but not to the project ${project?.name ?? project?.uuid}: ${list}.`,
    {
      topic: 'project-not-clear',
      title: 'Run of another project',
      fix: "Check the run's id. If this bundle is to go into another project than its own, name it with `from-deployment`.",
    },
  );
}

/** Several storefronts may share a build. */
export function createManyOfBytesError(
  { id }: KnownArtifact,
  made: readonly OwnDeployment[],
  environment: string,
): ActionError {
  const newest = [...Map.groupBy(made, ({ payload }) => payload.projectUuid).values()].flatMap(([one]) => one ?? []);
  const list = nameSome(newest.map((one) => `${one.id} (project ${nameProject(one)})`));
  return new ActionError(
    `No GitHub deployment of ${environment} names artifact ${id}, and its bytes were deployed there to ${newest.length} projects: ${list}.`,
    {
      topic: 'no-bundle-for-the-rollback',
      title: 'Bundle not clear',
      fix: 'Name the project with `project-uuid`, or one of these with `from-deployment`.',
    },
  );
}

/** A promotion needs one preview. */
export function createManyPreviewsError(pullRequest: number, found: readonly DeploymentFact[]): ActionError {
  const list = nameSome(
    found.map((fact) => `${describeDeployment(fact)}, project ${nameProject(fact)}`),
    '; ',
  );
  return new ActionError(`Pull request #${pullRequest} has previews in ${found.length} projects: ${list}.`, {
    topic: 'no-bundle-for-the-rollback',
    title: 'Bundle not clear',
    fix: 'Name the one that is meant with `from-deployment`.',
  });
}
