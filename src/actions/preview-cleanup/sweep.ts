import type { HostingClient, Project } from '../../bigcommerce/hosting.ts';
import { type PreviewNaming, previewNamePart, pullRequestOfPreview } from '../../domain/preview-name.ts';
import { ActionError, describeError } from '../../errors.ts';
import { statusOf } from '../../net/errors.ts';
import type { CleanupEvent, PreviewFate } from '../../report/cleanup-record.ts';
import { count } from '../../report/format.ts';
import type { Phase, Run } from '../../report/run-events.ts';
import { deletePreview, notUnique, type UncertainPreviews } from './delete-preview.ts';
import type { GitHubCleanup } from './github-cleanup.ts';
import { type PullRequestStatusSource, readPullRequestStatus } from './pull-request-status.ts';

export interface SweepInputs {
  naming: PreviewNaming;
  dryRun: boolean;
}

export interface SweepDependencies extends PullRequestStatusSource {
  hosting: HostingClient;
  run: Run<CleanupEvent>;
  uncertain: UncertainPreviews;
  githubCleanup: GitHubCleanup | undefined;
}

interface Found {
  pullRequest: number;
  /** More than one is somebody's mistake. */
  projects: readonly [Project, ...Project[]];
}

/** After so many failures in a row that are not about one preview alone, the others would fail as well. */
const ENOUGH_FAILURES = 3;

/**
 * Deletes the previews of all pull requests that have been closed. One that fails does not stop the others.
 * @throws ActionError that names all that failed
 */
export async function sweep(inputs: SweepInputs, dependencies: SweepDependencies): Promise<void> {
  const { run } = dependencies;
  const found = await run.phase('Find previews', async (phase) => {
    const previews = await findPreviews(inputs.naming, dependencies.hosting);
    phase.result(`${count(previews.length, 'preview')} of this repository`);
    return previews;
  });
  for (const one of found) update(one, 'waiting', 'the run ended before', run);
  if (found.length === 0) {
    const message = 'The store has no previews of this repository.';
    return run.emit({ type: 'nothing-deleted', message, isNotice: false });
  }
  await run.phase(inputs.dryRun ? 'Check pull requests' : 'Clean up', async (phase) => {
    const counts = await sweepAll(found, inputs, dependencies, phase);
    phase.result(`${counts.gone} ${inputs.dryRun ? 'would be deleted' : 'deleted'}, ${counts.kept} kept`);
  });
}

/** Sorted by number: GitHub's deployments, once read, then go back far enough for each that follows. */
async function findPreviews(naming: PreviewNaming, hosting: HostingClient): Promise<Found[]> {
  const byNumber = new Map<number, [Project, ...Project[]]>();
  for (const project of await hosting.listProjects(previewNamePart(naming))) {
    const pullRequest = pullRequestOfPreview(project.name, naming);
    if (pullRequest === undefined) continue;
    const known = byNumber.get(pullRequest);
    if (known === undefined) byNumber.set(pullRequest, [project]);
    else known.push(project);
  }
  return [...byNumber]
    .map(([pullRequest, projects]) => ({ pullRequest, projects }))
    .toSorted((a, b) => a.pullRequest - b.pullRequest);
}

function update({ pullRequest, projects }: Found, fate: PreviewFate, why: string, run: Run<CleanupEvent>): void {
  for (const { name, uuid } of projects) {
    run.emit({ type: 'preview-updated', project: name, uuid, pullRequest, fate, why });
  }
}

async function sweepAll(
  found: readonly Found[],
  inputs: SweepInputs,
  dependencies: SweepDependencies,
  phase: Phase,
): Promise<{ gone: number; kept: number }> {
  const { signal, run } = dependencies;
  const counts = { gone: 0, kept: 0 };
  const failures: ActionError[] = [];
  let inARow = 0;
  for (const [index, one] of found.entries()) {
    phase.status(`pull request #${one.pullRequest} (${index + 1} of ${found.length})`);
    try {
      counts[await sweepOne(one, inputs, dependencies)] += 1;
      inARow = 0;
    } catch (error) {
      if (signal.aborted || !(error instanceof ActionError)) throw error;
      phase.info(`#${one.pullRequest}: ${describeError(error)}`);
      failures.push(error);
      inARow = isGeneral(error) ? inARow + 1 : 0;
      if (inARow < ENOUGH_FAILURES) continue;
      for (const other of found.slice(index + 1)) update(other, 'waiting', 'the ones before it failed', run);
      throw sweepFailure(failures, counts.gone, found.length - index - 1);
    }
  }
  if (failures.length > 0) throw sweepFailure(failures, counts.gone, 0);
  return counts;
}

async function sweepOne(one: Found, inputs: SweepInputs, dependencies: SweepDependencies): Promise<'gone' | 'kept'> {
  const { run, githubCleanup, signal } = dependencies;
  const { pullRequest, projects } = one;
  const [project] = projects;
  const keep = (why: string): 'kept' => {
    run.info(`${project.name}: kept, ${why}`);
    update(one, 'kept', why, run);
    return 'kept';
  };
  if (projects.length > 1) {
    update(one, 'failed', 'there is more than one of this name', run);
    throw notUnique(projects);
  }
  const status = await ask(one, dependencies);
  if (status.kind === 'open') return keep(`pull request #${pullRequest} is open`);
  if (status.kind === 'unknown') {
    run.warn(
      `The preview "${project.name}" stays: GitHub knows no pull request #${pullRequest} (or does not show it to this token), so it is not known whether it was closed. ${status.error.message} If the project is no longer needed, delete it in the control panel.`,
      'Preview kept',
    );
    return keep(`GitHub knows no pull request #${pullRequest}`);
  }
  const why = `pull request #${pullRequest} is closed`;
  if (inputs.dryRun) {
    update(one, 'would-go', why, run);
    run.info(`${project.name}: would be deleted, ${why}`);
    return 'gone';
  }
  await deletePreview({ project, pullRequest }, inputs.naming, dependencies);
  const deletedAt = new Date();
  run.info(`${project.name}: deleted, ${why}`);
  const removed = { pullRequest, project: project.name, uuid: project.uuid, deletedAt, goneByMs: deletedAt.getTime() };
  await githubCleanup?.settle({ ...removed, pullRequestCreatedAt: status.createdAt }, signal);
  return 'gone';
}

async function ask(one: Found, dependencies: SweepDependencies) {
  try {
    return await readPullRequestStatus(one.pullRequest, dependencies);
  } catch (error) {
    if (!dependencies.signal.aborted && error instanceof ActionError) {
      update(one, 'failed', 'GitHub could not be asked', dependencies.run);
    }
    throw error;
  }
}

/** It is not about this one preview: no answer, a fault of the server, a limit, a token without permission. */
function isGeneral({ cause }: ActionError): boolean {
  if (!(cause instanceof ActionError)) return false;
  const status = Number(statusOf(cause) ?? 500);
  return status >= 500 || [401, 403, 404, 429].includes(status);
}

function sweepFailure(failures: readonly ActionError[], deleted: number, left: number): ActionError {
  const [first] = failures;
  const counted = `${count(failures.length, 'preview')} could not be processed, ${deleted} deleted.`;
  const rest =
    left === 0
      ? ''
      : ` ${count(left, 'more preview')} not checked: the last ${ENOUGH_FAILURES} failed one after the other.`;
  const details = failures.map(describeError);
  return new ActionError(`${counted}${rest}\n${details.map((line) => `- ${line}`).join('\n')}`, {
    title: failures.length === 1 ? (first?.title ?? '') : `${count(failures.length, 'preview')} not processed`,
    fix: 'The next run checks them again.',
    details,
    cause: first,
  });
}
