import type { HostingClient, Project } from '../../bigcommerce/hosting.ts';
import { type PreviewNaming, pullRequestOfPreview } from '../../domain/preview-name.ts';
import { ActionError } from '../../errors.ts';
import type { CleanupReporter, PreviewFate } from '../../report/cleanup-record.ts';
import { fixOf } from './pull-request-status.ts';

export interface DeleteDependencies {
  hosting: HostingClient;
  reporter: CleanupReporter;
  signal: AbortSignal;
}

export interface Preview {
  project: Project;
  pullRequest: number;
}

/** Two previews of one name: nobody knows which is whose. */
export function notUnique(projects: readonly Project[]): ActionError {
  const uuids = projects.map(({ uuid }) => uuid).join(', ');
  return new ActionError(
    `The store has ${projects.length} projects named "${projects[0]?.name}": ${uuids}. None of them was deleted.`,
    {
      title: 'Project name not unique',
      fix: 'Delete the one that nobody needs in the control panel, and run this again.',
    },
  );
}

/**
 * Deletes the project of a closed pull request, and tells what became of it.
 * @throws ActionError when it is there still, or nobody knows
 */
export async function deletePreview(
  preview: Preview,
  naming: PreviewNaming,
  { hosting, reporter, signal }: DeleteDependencies,
): Promise<void> {
  const { project, pullRequest } = preview;
  const tell = (fate: PreviewFate, why: string) =>
    reporter.preview({ project: project.name, uuid: project.uuid, pullRequest, fate, why });
  // The last guard, whatever was looked up before: a name that is not this pull request's is never deleted.
  if (pullRequestOfPreview(project.name, naming) !== pullRequest) {
    tell('failed', 'its name is not that of the preview');
    throw new ActionError(
      `The project "${project.name}" is not the preview of pull request #${pullRequest}: it stays.`,
      { title: 'Preview not deleted', fix: 'This is a fault of this action: report it as an issue.' },
    );
  }
  // Before the request: if the run is cut off meanwhile, this is what is true.
  tell('uncertain', 'the request to delete it was under way');
  try {
    const answer = await hosting.deleteProject(project.uuid);
    const isSure = answer === 'deleted';
    if (!isSure) await expectGone(preview, answer, hosting, reporter);
    tell('gone', `pull request #${pullRequest} is closed`);
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError)) throw error;
    const failure = error instanceof UncertainDeletion ? error : notDeleted(preview, error);
    tell(failure instanceof UncertainDeletion ? 'uncertain' : 'failed', failure.title);
    throw failure;
  }
}

/** Nobody knows whether the project is gone. */
class UncertainDeletion extends ActionError {}

function notDeleted({ project }: Preview, cause: ActionError): ActionError {
  const message = `The project "${project.name}" was not deleted. ${cause.message}`;
  return new ActionError(message, { title: cause.title, ...fixOf(cause), cause });
}

/**
 * A 404 may mean that the project is gone, as after a first try whose answer was lost, or that the token lacks the scope
 * (API document, section 1, "Errors"); without an answer nobody knows either. The list of projects does.
 */
async function expectGone(
  { project }: Preview,
  answer: { missing: ActionError } | { uncertain: ActionError },
  hosting: HostingClient,
  reporter: CleanupReporter,
): Promise<void> {
  const refusal = 'missing' in answer ? answer.missing : answer.uncertain;
  reporter.info(`${refusal.message} Looking whether the project "${project.name}" is still there.`);
  const isThere = await isListed(project, refusal, hosting);
  if (isThere) throw refusal;
  reporter.info(`The project "${project.name}" is gone.`);
}

async function isListed(project: Project, refusal: ActionError, hosting: HostingClient): Promise<boolean> {
  try {
    return (await hosting.findProjects(project.name)).some(({ uuid }) => uuid === project.uuid);
  } catch (error) {
    if (!(error instanceof ActionError) || error.outcome === 'cancelled') throw error;
    throw new UncertainDeletion(
      `The project "${project.name}" may have been deleted. ${refusal.message} It could not be looked up either: ${error.message}`,
      {
        title: 'Nobody knows whether the preview is deleted',
        fix: 'Run this again: it deletes the project if it is still there.',
        cause: error,
      },
    );
  }
}
