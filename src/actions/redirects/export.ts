import { type JobState, jobVerdictOf } from '../../domain/redirects/job.ts';
import { ActionError } from '../../errors.ts';
import type { RedirectsInputs, RedirectsTask } from '../../inputs/redirects.ts';
import { count, formatBytes } from '../../report/format.ts';
import { stateText } from '../../report/redirects-words.ts';
import { whileConnected } from '../deadline.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';
import { failedJob, followJob } from './follow-job.ts';
import { startJob } from './start-job.ts';

type Inputs = Pick<RedirectsInputs, 'file' | 'timeoutMs'> & { task: RedirectsTask & { command: 'export' } };

/**
 * Writes the store's redirects to a file. An existing file is replaced only once the new one is complete.
 * @throws ActionError with the outcome of the run
 */
export async function exportRedirects(inputs: Inputs, dependencies: RedirectsDependencies): Promise<void> {
  const { disk, run, shownPathOf } = dependencies;
  const path = disk.besides(inputs.file);
  try {
    const state = await whileConnected(dependencies, inputs.timeoutMs, async (connected) => {
      const found = await runJob(inputs, connected, dependencies);
      if (found !== undefined) await download(found, { path, file: inputs.file }, connected, dependencies);
      return found;
    });
    if (state === undefined) await disk.writeHeader(path);
    await disk.replace(inputs.file, path);
    if (state !== undefined) return checkGaps(state, inputs, dependencies);
    const whose = inputs.task.siteId === undefined ? 'The store' : `Site ${inputs.task.siteId}`;
    const message = `${whose} has no redirects: ${shownPathOf(inputs.file)} contains only the header.`;
    run.emit({ type: 'nothing-to-do', message, title: 'Nothing to export' });
  } finally {
    await disk.remove(path);
  }
}

/** @returns undefined where there is nothing to export */
async function runJob(
  { task }: Inputs,
  connected: Connected,
  { run, signal }: RedirectsDependencies,
): Promise<JobState | undefined> {
  return await run.phase('Export', async (phase) => {
    const request = { kind: 'export' as const, send: () => connected.client.startExport(task) };
    const jobId = await startJob(request, { ...connected, phase, run });
    if (jobId === undefined) {
      phase.result('there are no redirects');
      return undefined;
    }
    phase.info(`Export job ${jobId}`);
    const job = { jobId, kind: 'export' as const, part: 1, parts: 1 };
    const state = await followJob(job, { ...connected, phase, run, signal });
    phase.result(stateText(state));
    if (jobVerdictOf(state) !== 'complete') throw failedJob('export', state);
    return state;
  });
}

/** @throws ActionError also for a download that is not an export, and must not replace one */
async function download(
  { jobId, completed }: JobState,
  { path, file }: { path: string; file: string },
  { client }: Connected,
  { run, disk, shownPathOf, signal }: RedirectsDependencies,
): Promise<void> {
  await run.phase('Download', async (phase) => {
    const onProgress = (bytes: number) => phase.status(`${formatBytes(bytes)} received`);
    try {
      phase.result(formatBytes((await client.downloadExport(jobId, path, onProgress)).sizeBytes));
    } catch (error) {
      throw signal.aborted || !(error instanceof ActionError) ? error : notDownloaded(jobId, shownPathOf(file), error);
    }
    const { hasRows, hasKnownHeader } = await disk.checkExport(path);
    if (completed > 0 && !hasRows) throw noRows(jobId, completed);
    if (!hasKnownHeader)
      run.warn(
        'The header of the export differs from the one that an import requires.',
        'Unknown header of the export',
      );
  });
}

function notDownloaded(jobId: string, name: string, cause: ActionError): ActionError {
  const { message, title, outcome, fix } = cause;
  const state = `Export job ${jobId} is complete, but its file could not be downloaded: nothing was written to ${name}.`;
  const options = { title, outcome, ...(fix === undefined ? {} : { fix }), cause };
  return new ActionError(`${message} ${state}`, options);
}

function noRows(jobId: string, completed: number): ActionError {
  return new ActionError(
    `Export job ${jobId} counts ${count(completed, 'redirect')}, but its file has none. The output file was not changed.`,
    {
      topic: 'import-or-export-failed',
      title: 'The export is not usable',
      fix: 'Run the job again. If this persists, give BigCommerce support the id of the job.',
    },
  );
}

/** Reports what the platform says that it left out of the file. */
function checkGaps(
  { jobId, completed, failed, total }: JobState,
  { file }: Inputs,
  dependencies: RedirectsDependencies,
) {
  const { run, shownPathOf } = dependencies;
  if (failed > 0) {
    throw new ActionError(
      `Export job ${jobId} is complete, but the platform did not export ${failed} of ${count(total, 'redirect')}: ${shownPathOf(file)} lacks them.`,
      {
        topic: 'the-site-has-changed-meanwhile',
        title: 'The export lacks redirects',
        outcome: 'partial',
        fix: 'Run the job again. If this persists, give BigCommerce support the id of the job.',
      },
    );
  }
  if (completed >= total) return;
  run.warn(
    `Export job ${jobId} is complete, but counts only ${completed} of ${total} redirects: ${shownPathOf(file)} may lack some.`,
    'The export may lack redirects',
  );
}
