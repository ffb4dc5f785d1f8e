import type { BatchPart } from '../../files/batch/batch-file.ts';
import type { BatchRecord, BatchReporter } from '../../report/batch-record.ts';
import type { Phase } from '../../report/reporters.ts';
import type { BatchAnswer, BatchClient } from '../../sitecore-cdp/batches.ts';
import type { Connection } from '../deadline.ts';
import type { BatchDependencies } from './dependencies.ts';

/** A part of a file on its way to a verdict. What is known of it is told with each change. */
export interface Track {
  /** The file that it is a part of, absolute. */
  readonly source: string;
  readonly part: BatchPart;
  readonly record: Readonly<BatchRecord>;
  change(changes: Partial<BatchRecord>): void;
  /** Gives up the ref that it has: what the service said belongs to that one. */
  giveUpRef(): void;
}

/** What there is while one batch is sent. */
export interface SendContext
  extends Connection<BatchClient>,
    Pick<BatchDependencies, 'disk' | 'reporter' | 'createRef' | 'signal'> {
  phase: Phase;
  pollIntervalMs: number;
  /** Ref of an input: what the service has under it is resumed. */
  givenRef: string | undefined;
}

export function createTrack(source: string, part: BatchPart, first: BatchRecord, reporter: BatchReporter): Track {
  let record = first;
  const put = (next: BatchRecord) => {
    record = next;
    reporter.batch(record);
  };
  put(first);
  return {
    source,
    part,
    get record() {
      return record;
    },
    change: (changes) => put({ ...record, ...changes }),
    giveUpRef: () => {
      const { ref, isUploaded: _, status: _s, seen: _seen, counts: _counts, ...kept } = record;
      if (ref !== undefined) put({ ...kept, abandonedRefs: [...kept.abandonedRefs, ref] });
    },
  };
}

/** The ref of a batch that has been allocated. */
export function refOf({ record }: Track): string {
  if (record.ref === undefined) throw new Error(`Bug: batch ${record.number} has no ref.`);
  return record.ref;
}

/** Takes over what the service says of a batch. */
export function takeAnswer(track: Track, { status, md5, sizeBytes, counts }: BatchAnswer): void {
  const { seen, counts: known } = track.record;
  const file = { ...(md5 === undefined ? {} : { md5 }), ...(sizeBytes === undefined ? {} : { sizeBytes }) };
  track.change({ status, seen: { ...seen, ...file }, counts: { ...known, ...counts } });
}
