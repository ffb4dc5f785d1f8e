import type { HostingClient, Project } from '../../bigcommerce/hosting.ts';
import { createPreviewName } from '../../domain/preview-name.ts';
import { ActionError } from '../../errors.ts';
import type { CleanupInputs } from '../../inputs/preview-cleanup.ts';
import type { CleanupEvent } from '../../report/cleanup-record.ts';
import type { Run } from '../../report/run-events.ts';
import { deletePreview, notUnique, type UncertainPreviews } from './delete-preview.ts';
import type { GitHubCleanup } from './github-cleanup.ts';
import {
  notAsked,
  type PullRequestStatus,
  type PullRequestStatusSource,
  readPullRequestStatus,
} from './pull-request-status.ts';
import { sweep } from './sweep.ts';

export interface CleanupDependencies extends PullRequestStatusSource {
  hosting: HostingClient;
  run: Run<CleanupEvent>;
  uncertain: UncertainPreviews;
  /** Undefined where nothing is to be changed on GitHub. */
  githubCleanup: GitHubCleanup | undefined;
}

/**
 * Deletes the isolated preview of one closed pull request, or those of all that have been closed.
 * @throws ActionError with the outcome of the run; a return is success
 */
export async function cleanUpPreviews(inputs: CleanupInputs, dependencies: CleanupDependencies): Promise<void> {
  const { target } = inputs;
  if (target.kind === 'one') return await cleanUpOne(target.pullRequest, inputs, dependencies);
  if (dependencies.event.isPullRequest) {
    throw new ActionError(
      "The event's payload (GITHUB_EVENT_PATH) cannot be read, so it is not known which pull request it is about.",
      {
        topic: 'preview-not-deleted',
        title: 'Nothing deleted: which pull request?',
        fix: 'Leave GITHUB_EVENT_PATH as the runner sets it, or give `pull-request`.',
      },
    );
  }
  await sweep(inputs, dependencies);
}

async function cleanUpOne(pullRequest: number, inputs: CleanupInputs, dependencies: CleanupDependencies) {
  const { run, githubCleanup, signal } = dependencies;
  const closed = await run.phase('Ask for the pull request', async (phase) => {
    const found = await readKnown(pullRequest, dependencies);
    phase.result(`#${pullRequest} is ${found.kind}`);
    return found;
  });
  if (closed.kind !== 'closed') return reportOpen(pullRequest, run);
  const name = createPreviewName(inputs.naming, pullRequest);
  const searchedAtMs = Date.now();
  const project = await findProject(name, pullRequest, dependencies);
  let deletedAt: Date | undefined;
  if (project === undefined) {
    const message = `The store has no project named "${name}": pull request #${pullRequest} has no preview (any more).`;
    run.emit({ type: 'nothing-deleted', message, isNotice: false });
  } else if (inputs.dryRun) {
    const why = `pull request #${pullRequest} is closed`;
    run.emit({ type: 'preview-updated', project: name, uuid: project.uuid, pullRequest, fate: 'would-go', why });
    run.info(`Dry run: the project "${name}" (${project.uuid}) would be deleted, since ${why}.`);
  } else {
    const again = await run.phase('Delete project', async (phase) => {
      // Finding the project may have taken a while, and the pull request may have been reopened meanwhile.
      const known = await readKnown(pullRequest, dependencies);
      if (known.kind !== 'closed') {
        phase.result('it stays');
        return known;
      }
      await deletePreview({ project, pullRequest }, inputs.naming, dependencies);
      deletedAt = new Date();
      phase.result(`${name} is deleted`);
      return known;
    });
    if (again.kind !== 'closed') {
      const why = 'the pull request is open again';
      run.emit({ type: 'preview-updated', project: name, uuid: project.uuid, pullRequest, fate: 'kept', why });
      return reportOpen(pullRequest, run);
    }
  }
  if (inputs.dryRun || githubCleanup === undefined) return;
  const removed = {
    pullRequest,
    project: name,
    uuid: project?.uuid,
    deletedAt,
    goneByMs: deletedAt?.getTime() ?? searchedAtMs,
    pullRequestCreatedAt: closed.createdAt,
  };
  await run.phase('Update GitHub', async (phase) => phase.result(await githubCleanup.settle(removed, signal)));
}

type Known = Exclude<PullRequestStatus, { kind: 'unknown' }>;

/** @throws ActionError when GitHub knows no such pull request, or could not be asked */
async function readKnown(pullRequest: number, dependencies: CleanupDependencies): Promise<Known> {
  const status = await readPullRequestStatus(pullRequest, dependencies);
  if (status.kind === 'unknown') throw notAsked(pullRequest, status.error);
  return status;
}

function reportOpen(pullRequest: number, run: Run<CleanupEvent>): void {
  const message = `Pull request #${pullRequest} is open: its preview stays. If it was not reopened a moment ago, run this on \`pull_request\` with \`types: [closed]\`.`;
  run.emit({ type: 'nothing-deleted', message, isNotice: true });
}

async function findProject(
  name: string,
  pullRequest: number,
  { run, hosting }: CleanupDependencies,
): Promise<Project | undefined> {
  return await run.phase('Find project', async (phase) => {
    phase.info(`Looking for the project named "${name}"`);
    const found = await hosting.findProjects(name);
    const keep = ({ uuid }: Project, why: string) =>
      run.emit({ type: 'preview-updated', project: name, uuid, pullRequest, fate: 'kept', why });
    if (found.length > 1) {
      for (const project of found) keep(project, 'there is more than one of this name');
      throw notUnique(found);
    }
    const [project] = found;
    // Until it is known to be deleted.
    if (project !== undefined) keep(project, 'nothing was done yet');
    phase.result(project === undefined ? 'there is none' : `${name} is ${project.uuid}`);
    return project;
  });
}
