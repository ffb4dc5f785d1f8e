import { type JobState, jobVerdictOf } from '../../domain/redirects/job.ts';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import { ActionError } from '../../errors.ts';
import type { ImportPart, RejectedRow } from '../../files/redirects/redirect-file.ts';
import type { RedirectsInputs, RedirectsTask } from '../../inputs/redirects.ts';
import { count, formatBytes, formatCount } from '../../report/format.ts';
import { uploadProgressText } from '../../report/phrases.ts';
import type { JobRecord } from '../../report/redirects-record.ts';
import type { Phase } from '../../report/reporters.ts';
import { whileConnected } from '../deadline.ts';
import { withoutDeadTargets } from './dead-targets.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';
import { readDesiredRows } from './desired.ts';
import { failedJob, followJob, stateText } from './follow-job.ts';
import { type Refusals, readRefusals } from './refused.ts';
import { startJob } from './start-job.ts';

type Inputs = Pick<RedirectsInputs, 'file' | 'timeoutMs'> & { task: RedirectsTask & { command: 'import' } };

/** What has come of the parts so far. */
interface Tally {
  importedParts: number;
  /** Of these parts. */
  importedRows: number;
  /** Of all, also of one that was cut off. */
  completed: number;
  failed: number;
  /** Of complete jobs: rows that their counts leave out. */
  missing: number;
}

/**
 * Imports a CSV, checked whole before the first request, in parts that the platform takes.
 * @throws ActionError with the outcome of the run; a return is success, maybe with refused rows that are allowed
 */
export async function importRedirects(inputs: Inputs, dependencies: RedirectsDependencies): Promise<void> {
  const { reporter, disk, shownPathOf } = dependencies;
  const rows = await readDesiredRows({ ...inputs, command: 'import', siteId: undefined }, dependencies);
  if (rows.length === 0) {
    reporter.note(`${shownPathOf(inputs.file)} has no redirects: nothing was sent.`, 'Nothing to import');
    return;
  }
  try {
    await whileConnected(dependencies, inputs.timeoutMs, async (connected) => {
      const sent = await withoutDeadTargets(rows, inputs.file, connected, dependencies);
      await importRows(sent, inputs, connected, dependencies);
    });
  } finally {
    await disk.removeParts();
  }
}

async function importRows(
  rows: readonly RedirectRow[],
  { file, task }: Inputs,
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<void> {
  const { reporter, disk, progress, shownPathOf } = dependencies;
  if (rows.length === 0) {
    reporter.note(`The store has all that ${shownPathOf(file)} has: nothing was sent.`, 'Nothing to import');
    return;
  }
  const parts = await disk.writeParts(rows);
  progress.parts = parts.length;
  if (parts.length > 1) {
    reporter.info(`The file is sent in ${parts.length} parts, since the platform takes no larger ones at once.`);
  }
  const tally = await importParts(parts, rows, connected, dependencies);
  if (tally.failed + tally.missing > task.allowFailedRows) {
    throw notAllIn(tally, rows.length, task, shownPathOf(file));
  }
}

async function importParts(
  parts: readonly ImportPart[],
  rows: readonly RedirectRow[],
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<Tally> {
  const { reporter, signal } = dependencies;
  const tally: Tally = { importedParts: 0, importedRows: 0, completed: 0, failed: 0, missing: 0 };
  const refused: RejectedRow[] = [];
  try {
    for (const [index, part] of parts.entries()) {
      const title = parts.length === 1 ? 'Import' : `Import part ${index + 1} of ${parts.length}`;
      await reporter.phase(title, async (phase) => {
        let state: JobState | undefined;
        const request = { part, number: index + 1, parts: parts.length };
        const onState = (next: JobState) => {
          state = next;
        };
        try {
          await importPart(request, { phase, onState, ...connected }, dependencies);
        } finally {
          // Also of a job whose verdict nobody knows.
          const found = readRefusals(state, part, rows);
          refused.push(...found.rows);
          if (state !== undefined) {
            reporter.refused(found.rows, found.unnamed);
            warnOfNumbers(found, part, dependencies);
            tally.completed += state.completed;
            tally.failed += state.failed;
            phase.result(stateText(state));
          }
        }
        tally.importedParts += 1;
        tally.missing += missingOf(state, part);
        tally.importedRows = tally.completed;
      });
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ActionError) || parts.length === 1) throw error;
    throw cutShort(error, tally, parts);
  } finally {
    await storeRejected(refused, dependencies);
  }
  return tally;
}

/** Throws nothing: how the import ended says more than a disk that is full. */
async function storeRejected(
  refused: readonly RejectedRow[],
  { disk, reporter }: RedirectsDependencies,
): Promise<void> {
  if (refused.length === 0) return;
  try {
    reporter.failedRowsWritten(await disk.writeFailedRows(refused));
  } catch (error) {
    reporter.warn(`The refused rows are kept in no file: ${error instanceof Error ? error.message : error}`);
  }
}

interface PartRequest {
  part: ImportPart;
  /** From 1. */
  number: number;
  parts: number;
}

/** @throws ActionError where it did not come to a good end */
async function importPart(
  { part, number, parts }: PartRequest,
  connected: Connected & { phase: Phase; onState: (state: JobState) => void },
  dependencies: RedirectsDependencies,
): Promise<void> {
  const { reporter, progress, signal } = dependencies;
  const { client, phase } = connected;
  progress.part = number;
  phase.info(`${count(part.rowCount, 'row')}, ${formatBytes(part.sizeBytes)}`);
  const request = {
    kind: 'import' as const,
    send: () => client.startImport(part, { sent: (bytes) => phase.status(uploadProgressText(bytes, part.sizeBytes)) }),
  };
  const jobId = await startJob(request, { ...connected, reporter, progress });
  if (jobId === undefined) throw new Error('Bug: an import always has rows.');
  phase.info(`Import job ${jobId}`);
  const job = { jobId, kind: 'import' as const, part: number, parts };
  const state = await followJob(job, { ...connected, reporter, signal });
  if (jobVerdictOf(state) !== 'complete') throw failedJob('import', state);
  warnOfGap({ ...state, ...job }, part, dependencies);
}

/** The lines and paths of the other rows are then most likely those of their neighbours. */
function warnOfNumbers({ outside }: Refusals, { rowCount }: ImportPart, { reporter }: RedirectsDependencies) {
  if (outside === 0) return;
  reporter.warn(
    `The platform refused ${count(outside, 'row')} with a number that none of the ${count(rowCount, 'row')} sent has: it counts rows otherwise than this action takes it to. The lines and paths given for refused rows may be off by one: look at the rows beside them, too.`,
  );
}

/** What the counts leave open, nobody should take for done. */
function warnOfGap(job: JobRecord, { rowCount }: ImportPart, { reporter }: RedirectsDependencies) {
  const { jobId, completed, failed, total } = job;
  const isAll = completed + failed === rowCount;
  // Rows that were sent and are not even in the platform's total were not carried out either; and where all that were
  // sent are accounted for, there are no more of them, whatever else (a header, say) the total has.
  if (total < rowCount || (isAll && total > rowCount)) reporter.job({ ...job, total: rowCount });
  if (isAll) return;
  reporter.warn(
    `Import job ${jobId} is complete, and counts ${formatCount(completed)} rows carried out and ${formatCount(failed)} refused, of ${formatCount(rowCount)} that were sent. Run \`plan\` to see what is in place.`,
  );
}

/** A part stays imported whatever becomes of the next one. */
function cutShort(
  error: ActionError,
  { importedParts, importedRows }: Tally,
  parts: readonly ImportPart[],
): ActionError {
  const before =
    importedParts === 0
      ? 'No part was imported to its end before.'
      : `${importedParts} of ${parts.length} parts were imported before (${count(importedRows, 'row')} carried out).`;
  const isPartial = error.outcome === 'error' && importedParts > 0;
  const outcome = isPartial ? 'partial' : error.outcome;
  const fix = `${error.fix ?? ''} A rerun begins with the first part again, which does no harm.`.trim();
  const number = `Part ${importedParts + 1} of ${parts.length}`;
  return new ActionError(`${number}: ${error.message} ${before}`, { title: error.title, outcome, fix, cause: error });
}

/** Rows that were sent, and that the counts of a job which is complete have neither as carried out nor as refused. */
function missingOf(state: Pick<JobState, 'completed' | 'failed'> | undefined, { rowCount }: ImportPart): number {
  return Math.max(0, rowCount - (state?.completed ?? 0) - (state?.failed ?? 0));
}

/** A row that nobody says anything of is no success either. */
function notAllIn(
  { failed, completed, missing }: Tally,
  total: number,
  { allowFailedRows }: Inputs['task'],
  name: string,
): ActionError {
  const allowed = allowFailedRows === 0 ? '' : ` \`allow-failed-rows\` allows ${allowFailedRows}.`;
  if (missing > 0) {
    return new ActionError(
      `The platform calls the import complete, and counts ${formatCount(completed)} of ${count(total, 'row')} as carried out and ${formatCount(failed)} as refused: ${count(missing, 'row')} may not be in place.${allowed}`,
      {
        title: `${count(missing, 'row')} not accounted for`,
        outcome: 'partial',
        fix: 'Run `plan` to see what is in place, or run the job again: rows that are in place already are not changed by it.',
      },
    );
  }
  // Said only where the counts say so.
  const areInPlace = failed < total && completed >= total - failed;
  const others = areInPlace ? '; the others are in place' : `, and counts ${formatCount(completed)} as carried out`;
  return new ActionError(`The platform refused ${formatCount(failed)} of ${count(total, 'row')}${others}.${allowed}`, {
    title: `${count(failed, 'row')} refused`,
    outcome: 'partial',
    fix: `Correct the rows in ${name} and run the job again: rows that are in place already are not changed by it. The output \`failed-rows-file\` has all that the platform named.`,
  });
}
