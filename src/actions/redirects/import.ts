import { countRejectedRows, FIRST_ROW, type JobState, jobVerdictOf, NO_ROW } from '../../domain/redirects/job.ts';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import { ActionError } from '../../errors.ts';
import type { ImportPart, RejectedRow } from '../../files/redirects/redirect-file.ts';
import type { RedirectsInputs, RedirectsTask } from '../../inputs/redirects.ts';
import { count, formatBytes, formatCount } from '../../report/format.ts';
import { uploadProgressText } from '../../report/phrases.ts';
import type { JobRecord } from '../../report/redirects-record.ts';
import { stateText } from '../../report/redirects-words.ts';
import type { Phase } from '../../report/run-events.ts';
import { whileConnected } from '../deadline.ts';
import { withoutDeadTargets } from './dead-targets.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';
import { readDesiredRows } from './desired.ts';
import { failedJob, followJob } from './follow-job.ts';
import { startJob } from './start-job.ts';

type Inputs = Pick<RedirectsInputs, 'file' | 'timeoutMs'> & { task: RedirectsTask & { command: 'import' } };

/** Counts over the parts so far. */
interface Tally {
  importedParts: number;
  /** Of these parts. */
  importedRows: number;
  /** Of all parts, including one that was cut off. */
  completed: number;
  failed: number;
  /** Of complete jobs: rows that their counts leave out. */
  missing: number;
}

/**
 * Imports a CSV: checks all of it before the first request, and sends it in parts that the platform accepts.
 * @throws ActionError with the outcome of the run; returning means success, possibly with rejected rows that are
 *   allowed
 */
export async function importRedirects(inputs: Inputs, dependencies: RedirectsDependencies): Promise<void> {
  const { run, disk, shownPathOf } = dependencies;
  const rows = await readDesiredRows({ ...inputs, command: 'import', siteId: undefined }, dependencies);
  if (rows.length === 0) {
    const message = `${shownPathOf(inputs.file)} has no redirects: nothing was sent.`;
    run.emit({ type: 'nothing-to-do', message, title: 'Nothing to import' });
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
  const { run, disk, shownPathOf } = dependencies;
  if (rows.length === 0) {
    const message = `The store already has all redirects of ${shownPathOf(file)}: nothing was sent.`;
    run.emit({ type: 'nothing-to-do', message, title: 'Nothing to import' });
    return;
  }
  const parts = await disk.writeParts(rows);
  if (parts.length > 1) {
    run.info(`The file is sent in ${parts.length} parts, since the platform does not accept larger files.`);
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
  const { run, signal } = dependencies;
  const tally: Tally = { importedParts: 0, importedRows: 0, completed: 0, failed: 0, missing: 0 };
  const rejected: RejectedRow[] = [];
  try {
    for (const [index, part] of parts.entries()) {
      const title = parts.length === 1 ? 'Import' : `Import part ${index + 1} of ${parts.length}`;
      await run.phase(title, async (phase) => {
        let state: JobState | undefined;
        const request = { part, number: index + 1, parts: parts.length };
        const onState = (next: JobState) => {
          state = next;
        };
        try {
          await importPart(request, { phase, onState, ...connected }, dependencies);
        } finally {
          // Also for a job whose verdict is unknown.
          const found = readRejections(state, part, rows);
          rejected.push(...found.rows);
          if (state !== undefined) {
            run.emit({ type: 'rows-rejected', rows: found.rows, unnamed: found.unnamed });
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
    await writeRejected(rejected, dependencies);
  }
  return tally;
}

/** Never throws: how the import ended matters more than a full disk. */
async function writeRejected(rejected: readonly RejectedRow[], { disk, run }: RedirectsDependencies): Promise<void> {
  if (rejected.length === 0) return;
  try {
    run.emit({ type: 'failed-rows-written', path: await disk.writeFailedRows(rejected) });
  } catch (error) {
    run.warn(
      `The rejected rows could not be written to a file: ${error instanceof Error ? error.message : error}`,
      'Rejected rows not written',
    );
  }
}

interface PartRequest {
  part: ImportPart;
  /** From 1. */
  number: number;
  parts: number;
}

/** @throws ActionError where it did not succeed */
async function importPart(
  { part, number, parts }: PartRequest,
  connected: Connected & { phase: Phase; onState: (state: JobState) => void },
  dependencies: RedirectsDependencies,
): Promise<void> {
  const { run, signal } = dependencies;
  const { client, phase } = connected;
  run.emit({ type: 'part-started', part: number, parts });
  phase.info(`${count(part.rowCount, 'row')}, ${formatBytes(part.sizeBytes)}`);
  const request = {
    kind: 'import' as const,
    send: () => client.startImport(part, { sent: (bytes) => phase.status(uploadProgressText(bytes, part.sizeBytes)) }),
  };
  const jobId = await startJob(request, { ...connected, run });
  if (jobId === undefined) throw new Error('Bug: an import always has rows.');
  phase.info(`Import job ${jobId}`);
  const job = { jobId, kind: 'import' as const, part: number, parts };
  const state = await followJob(job, { ...connected, run, signal });
  if (jobVerdictOf(state) !== 'complete') throw failedJob('import', state);
  const { rejected: _, ...counts } = state;
  warnOfGap({ ...counts, ...job }, part, dependencies);
}

/** What a job reports about rejected rows. */
interface Rejections {
  /** With their lines in the file, in the order of the job. */
  rows: RejectedRow[];
  /** Those that the platform counts and does not name. */
  unnamed: number;
  /** Row numbers outside the part: the platform then counts differently than FIRST_ROW assumes. */
  outside: number;
}

/** The platform counts within the part; people need the line in the whole file. */
function readRejections(
  state: Pick<JobState, 'rejected' | 'failed'> | undefined,
  part: Pick<ImportPart, 'firstIndex' | 'rowCount'>,
  rows: readonly RedirectRow[],
): Rejections {
  const { rejected, failed } = state ?? { rejected: [], failed: 0 };
  let outside = 0;
  const found = rejected.map(({ row: number, message }): RejectedRow => {
    const index = number - FIRST_ROW;
    const row = index >= 0 && index < part.rowCount ? rows[part.firstIndex + index] : undefined;
    if (row === undefined && number !== NO_ROW) outside += 1;
    return { row, line: row?.line, message };
  });
  return { rows: found, unnamed: Math.max(0, failed - countRejectedRows(rejected)), outside };
}

/** If numbers are out of range, those of the other rows most likely point at their neighbours. */
function warnOfNumbers({ outside }: Rejections, { rowCount }: ImportPart, { run }: RedirectsDependencies) {
  if (outside === 0) return;
  run.warn(
    `The platform rejected ${count(outside, 'row')} with a number outside the ${count(rowCount, 'row')} sent: it numbers rows differently than this action assumes. The lines and paths given for rejected rows may be off by one: check the rows next to them, too.`,
    'Lines may be off by one',
  );
}

/** Rows that the counts leave out must not pass for imported. */
function warnOfGap(job: JobRecord, { rowCount }: ImportPart, { run }: RedirectsDependencies) {
  const { jobId, completed, failed, total } = job;
  const isAll = completed + failed === rowCount;
  // Rows missing from the platform's total were not carried out either; and where all rows sent are accounted for, a
  // larger total counts something else (a header, say).
  if (total < rowCount || (isAll && total > rowCount)) run.emit({ type: 'job-progressed', ...job, total: rowCount });
  if (isAll) return;
  run.warn(
    `Import job ${jobId} is complete, but counts ${formatCount(completed)} rows as carried out and ${formatCount(failed)} as rejected, of ${formatCount(rowCount)} that were sent. Run \`plan\` to see what is in place.`,
    'Rows not accounted for',
  );
}

/** A part stays imported whatever happens to the next one. */
function cutShort(
  error: ActionError,
  { importedParts, importedRows }: Tally,
  parts: readonly ImportPart[],
): ActionError {
  const before =
    importedParts === 0
      ? 'No part was fully imported before.'
      : `${importedParts} of ${parts.length} parts were imported before (${count(importedRows, 'row')} carried out).`;
  const isPartial = error.outcome === 'error' && importedParts > 0;
  const outcome = isPartial ? 'partial' : error.outcome;
  const fix = `${error.fix ?? ''} A rerun starts with the first part again, which does no harm.`.trim();
  const number = `Part ${importedParts + 1} of ${parts.length}`;
  return new ActionError(`${number}: ${error.message} ${before}`, {
    title: error.title,
    topic: error.topic,
    outcome,
    fix,
    cause: error,
  });
}

/** Rows sent that a complete job counts neither as carried out nor as rejected. */
function missingOf(state: Pick<JobState, 'completed' | 'failed'> | undefined, { rowCount }: ImportPart): number {
  return Math.max(0, rowCount - (state?.completed ?? 0) - (state?.failed ?? 0));
}

/** A row that is not accounted for is not a success either. */
function notAllIn(
  { failed, completed, missing }: Tally,
  total: number,
  { allowFailedRows }: Inputs['task'],
  name: string,
): ActionError {
  const allowed = allowFailedRows === 0 ? '' : ` \`allow-failed-rows\` allows ${allowFailedRows}.`;
  if (missing > 0) {
    return new ActionError(
      `The platform reports the import as complete, but counts ${formatCount(completed)} of ${count(total, 'row')} as carried out and ${formatCount(failed)} as rejected: ${count(missing, 'row')} may not be in place.${allowed}`,
      {
        topic: 'no-verdict',
        title: `${count(missing, 'row')} not accounted for`,
        outcome: 'partial',
        fix: 'Run `plan` to see what is in place, or run the job again: rows that are already in place do not change.',
      },
    );
  }
  // Claimed only where the counts confirm it.
  const areInPlace = failed < total && completed >= total - failed;
  const others = areInPlace ? '; the others are in place' : `, and counts ${formatCount(completed)} as carried out`;
  return new ActionError(`The platform rejected ${formatCount(failed)} of ${count(total, 'row')}${others}.${allowed}`, {
    topic: 'redirects-rejected',
    title: `${count(failed, 'row')} rejected`,
    outcome: 'partial',
    fix: `Correct the rows in ${name} and run the job again: rows that are already in place do not change. The output \`failed-rows-file\` has all rows that the platform named.`,
  });
}
