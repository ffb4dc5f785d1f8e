import type { BatchPart } from '../../files/batch/batch-file.ts';
import type { BatchRecord } from '../../report/batch-record.ts';
import type { Phase } from '../../report/run-events.ts';
import type { BatchAnswer, BatchClient } from '../../sitecore-cdp/batches.ts';
import type { Connection } from '../deadline.ts';
import type { BatchDependencies } from './dependencies.ts';

/** A part of a file and its batch. Each change is reported. */
export interface Track {
  /** The absolute path of the file that it is a part of. */
  readonly source: string;
  readonly part: BatchPart;
  readonly record: Readonly<BatchRecord>;
  change(changes: Partial<BatchRecord>): void;
  /** Abandons the ref, and with it what the service has reported about it. */
  abandonRef(): void;
}

/** What sending one batch needs. */
export interface SendContext
  extends Connection<BatchClient>,
    Pick<BatchDependencies, 'disk' | 'run' | 'createRef' | 'signal'> {
  phase: Phase;
  pollIntervalMs: number;
  /** The input `batch-ref`: the batch that the service has with this ref is resumed. */
  givenRef: string | undefined;
}

export function createTrack(source: string, part: BatchPart, first: BatchRecord, run: BatchDependencies['run']): Track {
  let record = first;
  const put = (next: BatchRecord) => {
    record = next;
    run.emit({ type: 'batch-updated', batch: record });
  };
  return {
    source,
    part,
    get record() {
      return record;
    },
    change: (changes) => put({ ...record, ...changes }),
    abandonRef: () => {
      const { ref, isUploaded: _, status: _s, seen: _seen, counts: _counts, ...rest } = record;
      if (ref !== undefined) put({ ...rest, abandonedRefs: [...rest.abandonedRefs, ref] });
    },
  };
}

/** The ref of a batch that has been allocated. */
export function refOf({ record }: Track): string {
  if (record.ref === undefined) throw new Error(`Bug: batch ${record.number} has no ref.`);
  return record.ref;
}

/** Records what the service reports about a batch. */
export function applyAnswer(track: Track, { status, md5, sizeBytes, counts }: BatchAnswer): void {
  const { seen, counts: known } = track.record;
  const file = { ...(md5 === undefined ? {} : { md5 }), ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  track.change({ status, seen: { ...seen, ...file }, counts: { ...known, ...counts } });
}
