import { ActionError } from '../../errors.ts';
import type { BatchInputs } from '../../inputs/batch-upload.ts';
import { resendWarning, sourceWords } from '../../report/batch-words.ts';
import { count, formatCount } from '../../report/format.ts';
import type { BatchClient } from '../../sitecore-cdp/batches.ts';
import { type Connection, DeadlineError, whileConnected } from '../deadline.ts';
import type { BatchDependencies } from './dependencies.ts';
import { packFiles } from './pack-files.ts';
import { batchName, listNames, type Progress, progressOf, progressTexts, rerunText, resumeText } from './progress.ts';
import { sendBatch } from './send-batch.ts';
import type { Track } from './track.ts';
import { settleBatch } from './verdict.ts';

export type UploadInputs = Omit<BatchInputs, 'service'>;

/**
 * Uploads the files as batches, one at a time: each after the previous one has a verdict.
 * @throws ActionError with the outcome of the run; returns on success, possibly with rejected records that are allowed
 */
export async function uploadBatches(inputs: UploadInputs, dependencies: BatchDependencies): Promise<void> {
  const { disk } = dependencies;
  try {
    const tracks = await packFiles(inputs, dependencies);
    if (inputs.dryRun) return;
    await whileConnected(dependencies, inputs.timeoutMs, (connection) =>
      sendAll(tracks, inputs, connection, dependencies),
    );
    const error = tooManyRejected(tracks, inputs, dependencies);
    if (error !== undefined) throw error;
  } finally {
    await disk.removeTemporary();
  }
}

async function sendAll(
  tracks: readonly Track[],
  { batchRef, pollIntervalMs }: UploadInputs,
  connection: Connection<BatchClient>,
  dependencies: BatchDependencies,
): Promise<void> {
  const { run, signal } = dependencies;
  for (const track of tracks) {
    const source = sourceWords(track.record);
    const { number } = track.record;
    const title = tracks.length === 1 ? `Upload ${source}` : `Upload batch ${number} of ${tracks.length}: ${source}`;
    try {
      await run.phase(title, async (phase) => {
        const context = { ...dependencies, ...connection, phase, pollIntervalMs, givenRef: batchRef };
        const answer = await sendBatch(track, context);
        await settleBatch(track, answer, context);
      });
    } catch (error) {
      if (signal.aborted || !(error instanceof ActionError)) throw error;
      throw withProgress(error, track, tracks);
    }
  }
}

/** The error of one batch, with what became of the others: accepted records stay accepted. */
function withProgress(error: ActionError, { record }: Track, tracks: readonly Track[]): ActionError {
  const batches = tracks.map((track) => track.record);
  const progress = progressOf(batches);
  const name = tracks.length === 1 ? '' : `${batchName(record, tracks.length)}: `;
  const message = [`${name}${error.message}`, ...progressTexts(progress)].join(' ');
  return new ActionError(message, {
    title: error.title,
    topic: error.topic,
    outcome: outcomeOf(error, progress),
    fix: fixOf(error, record, batches),
    cause: error,
  });
}

function outcomeOf({ outcome }: ActionError, { done, accepted }: Progress) {
  if (outcome !== 'error' && outcome !== 'failed') return outcome;
  if (accepted > 0) return 'partial';
  return done.length > 0 ? 'failed' : outcome;
}

function fixOf(error: ActionError, record: Track['record'], batches: readonly Track['record'][]): string {
  const first =
    error instanceof DeadlineError
      ? 'Run the job again; if it always takes this long, raise `timeout-minutes`.'
      : error.fix;
  if (error.outcome === 'unknown') return `${first ?? ''} ${resumeText(record, batches)}`.trim();
  const from = record.verdict === 'error' ? record.number : record.number - 1;
  // Most fixes already say to run all of it again, or nothing is left.
  const isSaid = from === batches.length || (from === 0 && first !== undefined && error.outcome !== 'corrupted');
  return isSaid ? (first ?? '') : `${first ?? ''} ${rerunText(from, batches)}`.trim();
}

function tooManyRejected(
  tracks: readonly Track[],
  { allowFailedRecords }: UploadInputs,
  { disk }: BatchDependencies,
): ActionError | undefined {
  const batches = tracks.map(({ record }) => record);
  const { rejected, accepted } = progressOf(batches);
  if (rejected <= allowFailedRecords) return undefined;
  const allowed =
    allowFailedRecords === 0 ? '' : ` \`allow-failed-records\` allows ${formatCount(allowFailedRecords)}.`;
  const others = accepted === 0 ? '' : '; the others were accepted';
  const isAll = accepted === 0 && rejected > 1;
  const which = `${isAll ? 'all' : `${formatCount(rejected)} of`} ${count(rejected + accepted, 'record')}`;
  const known = disk.errorsFile() === undefined ? '' : ` The output \`errors-file\` has the details.`;
  return new ActionError(`Sitecore CDP rejected ${which}${others}.${allowed}`, {
    topic: 'records-rejected',
    title: `${count(rejected, 'record')} rejected`,
    outcome: accepted === 0 ? 'failed' : 'partial',
    fix: `${resendText(batches)}${known}`,
  });
}

/** What to do about rejected records: the others were accepted, and not all of those may be sent again. */
function resendText(batches: readonly Track['record'][]): string {
  const filesOf = (some: typeof batches) => [...new Set(some.map(({ shownPath }) => shownPath))];
  const failed = batches.filter((batch) => batch.failed);
  const files = listNames(filesOf(failed));
  const correct = `Correct ${failed.length === 1 && failed[0]?.failed === 1 ? 'it' : 'them'} in ${files}`;
  const acceptedOnce = batches.filter(
    ({ unrepeatableModes, succeeded }) => unrepeatableModes.length > 0 && (succeeded ?? 0) > 0,
  );
  const once = resendWarning(acceptedOnce.flatMap(({ unrepeatableModes }) => unrepeatableModes));
  if (once === undefined) return `${correct} and run the job again: ${harmlessWords(batches)}`;
  const accepted = filesOf(acceptedOnce);
  if (accepted.some((path) => filesOf(failed).includes(path))) {
    return `${correct}, and send only those records, in a file of their own: the others were accepted, and ${once}`;
  }
  const were = accepted.length === 1 ? 'was' : 'were';
  return `${correct} and run the job again for ${files} alone: ${listNames(accepted)} ${were} accepted, and ${once}`;
}

/** Why all of it may be sent again, although some of it was accepted. */
function harmlessWords(batches: readonly Track['record'][]): string {
  if (batches.every(({ unrepeatableModes }) => unrepeatableModes.length === 0))
    return 'sending a record twice has the same effect as sending it once.';
  const isAnyAccepted = batches.some(({ succeeded }) => (succeeded ?? 0) > 0);
  return isAnyAccepted ? 'sending accepted records again does no harm.' : 'none of the records was accepted.';
}
