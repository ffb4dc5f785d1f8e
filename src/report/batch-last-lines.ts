import { type BatchUploadRecord, isAwaited } from './batch-record.ts';
import { amountWords, batchName, progressSentences, resultWords, sourceWords } from './batch-words.ts';
import { formatCount, formatDuration } from './format.ts';
import { limitLabel } from './limits.ts';
import { withinLine } from './phrases.ts';

/** The output has the others. */
const MAX_REFS = 20;

/** The last lines of the log. */
export function lastBatchLines(record: BatchUploadRecord): string[] {
  const { outcome, errorsFile, durationMs, failure } = record;
  return [
    `Outcome: ${outcome} (${failure?.inShort ?? outcomeWords(record)})`,
    ...progressSentences(record),
    ...refsLines(record),
    ...(errorsFile === undefined ? [] : [`Errors file: ${errorsFile}`]),
    ...resumeLines(record),
    `Duration: ${formatDuration(durationMs)}`,
  ];
}

function outcomeWords(record: BatchUploadRecord): string {
  const result = resultWords(record);
  if (record.outcome === 'dry-run') return `${amountWords(record)} would be uploaded; nothing was sent`;
  if (result !== undefined) return withinLine(result);
  switch (record.outcome) {
    case 'unknown':
      return 'no verdict';
    case 'cancelled':
      return 'the run was cancelled';
    case 'error':
      return 'nothing was uploaded';
    default:
      return record.failure === undefined ? record.outcome : withinLine(record.failure.title);
  }
}

function refsLines({ batches }: BatchUploadRecord): string[] {
  const refs = batches.flatMap(({ ref }) => (ref === undefined ? [] : [limitLabel(ref)]));
  if (refs.length === 0) return [];
  const rest = refs.length - MAX_REFS;
  const more = rest > 0 ? `, and ${formatCount(rest)} more: see the output \`batch-refs\`` : '';
  return [`${refs.length === 1 ? 'Batch' : 'Batches'}: ${refs.slice(0, MAX_REFS).join(', ')}${more}`];
}

/** How to resume if the run ended while a batch was being processed, unless the failure has already said so. */
function resumeLines({ batches, outcome, failure }: BatchUploadRecord): string[] {
  if (outcome !== 'unknown' && outcome !== 'cancelled') return [];
  return batches.filter(isAwaited).flatMap((batch) => {
    if (batch.ref === undefined || failure?.fix?.includes(batch.ref)) return [];
    const ref = limitLabel(batch.ref);
    if (batches.length === 1) return [`To resume: run this step again with \`batch-ref: ${ref}\`.`];
    const left = batches.length - batch.number;
    const rest = left === 0 ? '' : ` Not sent: the ${left === 1 ? 'batch' : `${formatCount(left)} batches`} after it.`;
    // A given `batch-ref` is for a file that makes one batch.
    const how = batch.parts === 1 ? ` To resume it: set \`files\` to this file alone, and \`batch-ref: ${ref}\`.` : '';
    return [`No verdict: ${batchName(batch, batches)} (${sourceWords(batch)}), ${ref}.${how}${rest}`];
  });
}
