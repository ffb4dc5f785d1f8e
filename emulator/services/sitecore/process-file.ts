import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AppliedFaults } from '../../faults/applied.ts';
import { checkLine } from './check-record.ts';
import type { RefuseRecordsFault } from './faults.ts';
import { BATCH_LOG, REFUSE_RECORDS } from './faults.ts';
import { LogFile } from './log-file.ts';
import type { SitecoreSettings } from './options.ts';
import { readGzippedLines } from './read-lines.ts';
import type { BatchRecord, RecordRejecter, Rejection, SentRecord } from './records.ts';

const DEFAULT_MESSAGE = 'The record could not be processed.';
/** Other requests are served in between. */
const LINES_PER_TURN = 1000;

export interface ProcessingParts {
  settings: Pick<SitecoreSettings, 'maxRecords' | 'onRecord'>;
  /** Rejects records that are fine by themselves. */
  reject: RecordRejecter | undefined;
  faults: AppliedFaults;
  signal: AbortSignal;
}

/**
 * Reads the file of a batch and counts in its record what it finds. The log is written next to the file.
 * @returns the log, which has a line for each rejection
 * @throws NotGzip
 */
export async function processFile(batch: BatchRecord, path: string, parts: ProcessingParts): Promise<LogFile> {
  const { settings, faults, signal } = parts;
  const form = faults.find(BATCH_LOG);
  const log = new LogFile(`${path}.log`, { kinds: form?.kinds ?? [], hugeBytes: form?.hugeBytes });
  const reject = createRejecter(parts);
  try {
    for await (const line of readGzippedLines(path, signal)) {
      batch.recordCount += 1;
      const checked = checkLine(line);
      if (checked.record !== undefined) {
        if (batch.records.length < settings.maxRecords) batch.records.push(checked.record);
        settings.onRecord?.(checked.record, batch);
      }
      const rejection = checked.rejection ?? (checked.record && reject(checked.record, batch.recordCount));
      if (rejection !== undefined) {
        batch.rejectedCount += 1;
        if (batch.rejections.length < settings.maxRecords) batch.rejections.push(rejection);
        await log.add(rejection);
      }
      if (batch.recordCount % LINES_PER_TURN === 0) await nextTurn(undefined, { signal });
    }
    await log.finish();
    return log;
  } catch (error) {
    await log.abandon();
    throw error;
  }
}

function createRejecter({ reject, faults }: ProcessingParts) {
  const fault = faults.find(REFUSE_RECORDS);
  const positions = new Set(fault?.positions);
  const refs = new Set(fault?.refs?.map((ref) => ref.toLowerCase()));
  return (record: SentRecord, position: number): Rejection | undefined => {
    const isMeant = position <= (fault?.count ?? 0) || positions.has(position) || refs.has(record.ref.toLowerCase());
    if (fault !== undefined && isMeant) {
      return { ref: record.ref, code: fault.code ?? 400, message: renderMessage(fault, record) };
    }
    const rejection = reject?.(record, position);
    return rejection === undefined ? undefined : { ref: record.ref, code: rejection.code, message: rejection.message };
  };
}

function renderMessage({ message = DEFAULT_MESSAGE, quoting = false }: RefuseRecordsFault, record: SentRecord): string {
  if (!quoting) return message;
  return `${message} ${[...listLeaves('value', record.value)].join(', ')}`;
}

function* listLeaves(name: string, value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) yield `${name}: ${value}`;
  else for (const [key, item] of Object.entries(value)) yield* listLeaves(key, item);
}
