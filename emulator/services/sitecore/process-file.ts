import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchFault, RefuseRecordsFault } from './batch-faults.ts';
import { findFault } from './batch-faults.ts';
import { checkLine } from './check-record.ts';
import { LogFile } from './log-file.ts';
import type { SitecoreSettings } from './options.ts';
import { readGzippedLines } from './read-lines.ts';
import type { BatchRecord, RecordRefuser, Refusal, SentRecord } from './records.ts';

const DEFAULT_REFUSAL = 'The record could not be processed.';
/** Other requests are served in between. */
const LINES_PER_TURN = 1000;

export interface ProcessingParts {
  settings: Pick<SitecoreSettings, 'keptRecords' | 'onRecord'>;
  /** Refuses records that are fine by themselves. */
  refuse: RecordRefuser | undefined;
  faults: readonly BatchFault[];
  signal: AbortSignal;
}

/**
 * Reads the file of a batch and counts in its record what it finds. The log is written next to the file.
 * @returns the log, which has a line for each refusal
 * @throws NotGzip
 */
export async function processFile(batch: BatchRecord, path: string, parts: ProcessingParts): Promise<LogFile> {
  const { settings, faults, signal } = parts;
  const form = findFault(faults, 'batch-log');
  const log = new LogFile(`${path}.log`, { kinds: form?.kinds ?? [], hugeBytes: form?.hugeBytes });
  const refuse = createRefuser(parts);
  try {
    for await (const line of readGzippedLines(path, signal)) {
      batch.recordCount += 1;
      const checked = checkLine(line);
      if (checked.record !== undefined) {
        if (batch.records.length < settings.keptRecords) batch.records.push(checked.record);
        settings.onRecord?.(checked.record, batch);
      }
      const refusal = checked.refusal ?? (checked.record && refuse(checked.record, batch.recordCount));
      if (refusal !== undefined) {
        batch.refusedCount += 1;
        if (batch.refusals.length < settings.keptRecords) batch.refusals.push(refusal);
        await log.add(refusal);
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

function createRefuser({ refuse, faults }: ProcessingParts) {
  const fault = findFault(faults, 'refuse-records');
  const positions = new Set(fault?.positions);
  const refs = new Set(fault?.refs?.map((ref) => ref.toLowerCase()));
  return (record: SentRecord, position: number): Refusal | undefined => {
    const isMeant = position <= (fault?.count ?? 0) || positions.has(position) || refs.has(record.ref.toLowerCase());
    if (fault !== undefined && isMeant) {
      return { ref: record.ref, code: fault.code ?? 400, message: renderMessage(fault, record) };
    }
    const refusal = refuse?.(record, position);
    return refusal === undefined ? undefined : { ref: record.ref, code: refusal.code, message: refusal.message };
  };
}

function renderMessage({ message = DEFAULT_REFUSAL, quoting = false }: RefuseRecordsFault, record: SentRecord): string {
  if (!quoting) return message;
  return `${message} ${[...listLeaves('value', record.value)].join(', ')}`;
}

function* listLeaves(name: string, value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) yield `${name}: ${value}`;
  else for (const [key, item] of Object.entries(value)) yield* listLeaves(key, item);
}
