import { ActionError } from '../../errors.ts';
import type { BatchInputs } from '../../inputs/batch-upload.ts';
import { onceWords, sourceWords } from '../../report/batch-words.ts';
import { count, formatCount } from '../../report/format.ts';
import type { BatchClient } from '../../sitecore-cdp/batches.ts';
import { type Connection, DeadlineError, whileConnected } from '../deadline.ts';
import type { BatchDependencies } from './dependencies.ts';
import { packFiles } from './pack-files.ts';
import { sendBatch } from './send-batch.ts';
import {
  batchName,
  listNames,
  type PullRequestStatus,
  rerunText,
  resumeText,
  standingOf,
  standingTexts,
} from './standing.ts';
import type { Track } from './track.ts';
import { settleBatch } from './verdict.ts';

export type UploadInputs = Omit<BatchInputs, 'service'>;

/**
 * Uploads the files as batches, one after another; the next one only when the last has a verdict.
 * @throws ActionError with the outcome of the run; a return is success, maybe with refused records that are allowed
 */
export async function uploadBatches(inputs: UploadInputs, dependencies: BatchDependencies): Promise<void> {
  const { disk } = dependencies;
  try {
    const tracks = await packFiles(inputs, dependencies);
    if (inputs.dryRun) return;
    await whileConnected(dependencies, inputs.timeoutMs, (connection) =>
      sendAll(tracks, inputs, connection, dependencies),
    );
    const refused = tooManyRejected(tracks, inputs, dependencies);
    if (refused !== undefined) throw refused;
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
  const { reporter, signal } = dependencies;
  for (const track of tracks) {
    const source = sourceWords(track.record);
    const { number } = track.record;
    const title = tracks.length === 1 ? `Upload ${source}` : `Upload batch ${number} of ${tracks.length}: ${source}`;
    try {
      await reporter.phase(title, async (phase) => {
        const context = { ...dependencies, ...connection, phase, pollIntervalMs, givenRef: batchRef };
        const answer = await sendBatch(track, context);
        await settleBatch(track, answer, context);
      });
    } catch (error) {
      if (signal.aborted || !(error instanceof ActionError)) throw error;
      throw cutShort(error, track, tracks);
    }
  }
}

/** What is in stays in, whatever becomes of the next batch. */
function cutShort(error: ActionError, { record }: Track, tracks: readonly Track[]): ActionError {
  const batches = tracks.map((track) => track.record);
  const standing = standingOf(batches);
  const name = tracks.length === 1 ? '' : `${batchName(record, tracks.length)}: `;
  const message = [`${name}${error.message}`, ...standingTexts(standing)].join(' ');
  return new ActionError(message, {
    title: error.title,
    outcome: outcomeOf(error, standing),
    fix: fixOf(error, record, batches),
    cause: error,
  });
}

function outcomeOf({ outcome }: ActionError, { done, taken }: PullRequestStatus) {
  if (outcome !== 'error' && outcome !== 'failed') return outcome;
  if (taken > 0) return 'partial';
  return done.length > 0 ? 'failed' : outcome;
}

function fixOf(error: ActionError, record: Track['record'], batches: readonly Track['record'][]): string {
  const first =
    error instanceof DeadlineError
      ? 'Run the job again; if it always takes this long, raise `timeout-minutes`.'
      : error.fix;
  if (error.outcome === 'unknown') return `${first ?? ''} ${resumeText(record, batches)}`.trim();
  const from = record.verdict === 'error' ? record.number : record.number - 1;
  // That all of it is to be run again, most fixes say themselves, or there is nothing left.
  const isSaid = from === batches.length || (from === 0 && first !== undefined && error.outcome !== 'corrupted');
  return isSaid ? (first ?? '') : `${first ?? ''} ${rerunText(from, batches)}`.trim();
}

function tooManyRejected(
  tracks: readonly Track[],
  { allowFailedRecords }: UploadInputs,
  { disk }: BatchDependencies,
): ActionError | undefined {
  const batches = tracks.map(({ record }) => record);
  const { refused, taken } = standingOf(batches);
  if (refused <= allowFailedRecords) return undefined;
  const allowed =
    allowFailedRecords === 0 ? '' : ` \`allow-failed-records\` allows ${formatCount(allowFailedRecords)}.`;
  const others = taken === 0 ? '' : '; the others are in';
  const isAll = taken === 0 && refused > 1;
  const which = `${isAll ? 'all' : `${formatCount(refused)} of`} ${count(refused + taken, 'record')}`;
  const known =
    disk.errorsFile() === undefined
      ? ''
      : ` The output \`errors-file\` has what is known of ${refused === 1 ? 'it' : 'them'}.`;
  return new ActionError(`Sitecore CDP refused ${which}${others}.${allowed}`, {
    title: `${count(refused, 'record')} refused`,
    outcome: taken === 0 ? 'failed' : 'partial',
    fix: `${resendText(batches)}${known}`,
  });
}

/** What to do with refused records: the others are in, and not all of those may be sent again. */
function resendText(batches: readonly Track['record'][]): string {
  const filesOf = (some: typeof batches) => [...new Set(some.map(({ shownPath }) => shownPath))];
  const failed = batches.filter((batch) => batch.failed);
  const files = listNames(filesOf(failed));
  const correct = `Correct ${failed.length === 1 && failed[0]?.failed === 1 ? 'it' : 'them'} in ${files}`;
  const inOnce = batches.filter(({ onceModes, succeeded }) => onceModes.length > 0 && (succeeded ?? 0) > 0);
  const once = onceWords(inOnce.flatMap(({ onceModes }) => onceModes));
  if (once === undefined) return `${correct} and run the job again: ${harmlessWords(batches)}`;
  const isMixed = filesOf(inOnce).some((path) => filesOf(failed).includes(path));
  return isMixed
    ? `${correct}, and send those records alone, in a file of their own: the others are in, and ${once}`
    : `${correct} and run the job again for ${files} alone: ${listNames(filesOf(inOnce))} is in, and ${once}`;
}

/** Why all of it may be sent again, although some of it was. */
function harmlessWords(batches: readonly Track['record'][]): string {
  if (batches.every(({ onceModes }) => onceModes.length === 0)) return 'to send a record twice gives the same as once.';
  const isAnyIn = batches.some(({ succeeded }) => (succeeded ?? 0) > 0);
  return isAnyIn ? 'to send once more what is in does no harm.' : 'none of its records is in.';
}
