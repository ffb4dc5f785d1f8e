import type { HostingClient, Project } from '../../bigcommerce/hosting.ts';
import { type PreviewNaming, pullRequestOfPreview } from '../../domain/preview-name.ts';
import { ActionError } from '../../errors.ts';
import type { CleanupEvent, PreviewFate } from '../../report/cleanup-record.ts';
import type { Run } from '../../report/run-events.ts';
import type { GitHubCleanup } from './github-cleanup.ts';
import { fixOf } from './pull-request-status.ts';

export interface DeleteDependencies {
  hosting: HostingClient;
  run: Run<CleanupEvent>;
  uncertain: UncertainPreviews;
  signal: AbortSignal;
}

export interface Preview {
  project: Project;
  pullRequest: number;
}

/** Previews that may be deleted: a request was sent, and its result is not known. By their UUIDs. */
export type UncertainPreviews = Map<string, Preview>;

/** Two previews of one name: it is not known which is whose. */
export function notUnique(projects: readonly Project[]): ActionError {
  const uuids = projects.map(({ uuid }) => uuid).join(', ');
  return new ActionError(
    `The store has ${projects.length} projects named "${projects[0]?.name}": ${uuids}. None of them was deleted.`,
    {
      topic: 'project-name-not-unique',
      title: 'Project name not unique',
      fix: 'Delete the one that is not needed in the control panel, and run this again.',
    },
  );
}

/**
 * Deletes the project of a closed pull request, and reports the result.
 * @throws ActionError when it is still there, or may be
 */
export async function deletePreview(
  preview: Preview,
  naming: PreviewNaming,
  { hosting, run, uncertain, signal }: DeleteDependencies,
): Promise<void> {
  const { project, pullRequest } = preview;
  const update = (fate: PreviewFate, why: string) => {
    if (fate === 'uncertain') uncertain.set(project.uuid, preview);
    else uncertain.delete(project.uuid);
    run.emit({ type: 'preview-updated', project: project.name, uuid: project.uuid, pullRequest, fate, why });
  };
  // The last guard, whatever was found before: a project whose name is not this pull request's is never deleted.
  if (pullRequestOfPreview(project.name, naming) !== pullRequest) {
    update('failed', 'its name is not that of the preview');
    throw new ActionError(
      `The project "${project.name}" is not the preview of pull request #${pullRequest}: it stays.`,
      {
        topic: 'preview-not-deleted',
        title: 'Preview not deleted',
        fix: 'This is a fault of this action: report it as an issue.',
      },
    );
  }
  // Before the request: it is what is true if the run is killed meanwhile.
  update('uncertain', 'the request to delete it was under way');
  try {
    const answer = await hosting.deleteProject(project.uuid);
    if (answer !== 'deleted') await expectGone(preview, answer, hosting, run);
    update('gone', `pull request #${pullRequest} is closed`);
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError)) throw error;
    const failure = error instanceof UncertainDeletion ? error : notDeleted(preview, error);
    update(failure instanceof UncertainDeletion ? 'uncertain' : 'failed', failure.title ?? failure.message);
    throw failure;
  }
}

/** It is not known whether the project is gone. */
class UncertainDeletion extends ActionError {}

function notDeleted({ project }: Preview, cause: ActionError): ActionError {
  const message = `The project "${project.name}" was not deleted. ${cause.message}`;
  const { title, topic, isRequest } = cause;
  return new ActionError(message, { title, topic, isRequest, ...fixOf(cause), cause });
}

/**
 * A 404 may mean that the project is gone, as after a first try whose answer was lost, or that the token lacks the scope
 * (API document, section 1, "Errors"); without an answer either is possible. The list of projects shows which.
 */
async function expectGone(
  { project }: Preview,
  answer: { missing: ActionError } | { uncertain: ActionError },
  hosting: HostingClient,
  run: Run<CleanupEvent>,
): Promise<void> {
  const refusal = 'missing' in answer ? answer.missing : answer.uncertain;
  run.info(`${refusal.message} Checking whether the project "${project.name}" is still there.`);
  if (await isListed(project, refusal, hosting)) throw refusal;
  run.info(`The project "${project.name}" is gone.`);
}

async function isListed(project: Project, refusal: ActionError, hosting: HostingClient): Promise<boolean> {
  try {
    return await isThere(project, hosting);
  } catch (error) {
    if (!(error instanceof ActionError) || error.outcome === 'cancelled') throw error;
    throw new UncertainDeletion(
      `The project "${project.name}" may have been deleted. ${refusal.message} It could not be looked up either: ${error.message}`,
      {
        topic: 'preview-not-deleted',
        title: 'It is not known whether the preview is deleted',
        fix: 'Run this again: it deletes the project if it is still there.',
        cause: error,
      },
    );
  }
}

export interface CheckDependencies {
  /** A client that has not been cancelled with the run, and that gives up soon. */
  hosting: Pick<HostingClient, 'findProjects'>;
  run: Run<CleanupEvent>;
  githubCleanup: GitHubCleanup | undefined;
}

/**
 * After a cancelled run: a project whose deletion was under way, and that the store no longer lists, is gone. One that it
 * lists stays uncertain, since the request may still be carried out. Throws nothing.
 */
export async function checkUncertain(
  uncertain: UncertainPreviews,
  { hosting, run, githubCleanup }: CheckDependencies,
): Promise<void> {
  for (const { project, pullRequest } of uncertain.values()) {
    const { name, uuid } = project;
    try {
      if (await isThere(project, hosting)) continue;
    } catch (error) {
      run.debug(`Whether "${name}" is still there is not known: ${error}`);
      continue;
    }
    const deletedAt = new Date();
    const why = `pull request #${pullRequest} is closed`;
    run.emit({ type: 'preview-updated', project: name, uuid, pullRequest, fate: 'gone', why });
    const goneByMs = deletedAt.getTime();
    githubCleanup?.add({ pullRequest, project: name, uuid, deletedAt, goneByMs, pullRequestCreatedAt: undefined });
  }
}

async function isThere({ name, uuid }: Project, hosting: CheckDependencies['hosting']): Promise<boolean> {
  return (await hosting.findProjects(name)).some((found) => found.uuid === uuid);
}
