import type { BatchPart, ErrorLog, PackedFile } from '../../files/batch/batch-file.ts';
import type { BatchEvent } from '../../report/batch-record.ts';
import type { Run } from '../../report/run-events.ts';
import type { BatchClient } from '../../sitecore-cdp/batches.ts';
import type { Connecting } from '../deadline.ts';

/** Files of the use case, in a temporary folder that is removed when the run ends, in whatever way it ends. */
export interface BatchDisk {
  /**
   * Reads, checks and packs a file as a stream. Problems of its content are part of the result.
   * @throws ActionError where the file cannot be read, or a part cannot be written
   */
  pack(path: string, onProgress: (readBytes: number, sizeBytes: number) => void): Promise<PackedFile>;
  /** The path for a batch's error log. */
  logPathOf(ref: string): string;
  /**
   * Unzips an error log in bounded memory, joins it to the records of the part by `ref`, and appends them to the errors
   * file. Personal data is removed from the messages.
   * @param signal stops it: a log may have any size
   * @throws ActionError where it is not a gzip of such lines, or the errors file cannot be written; the signal's reason
   */
  readErrorLog(logPath: string, source: string, part: BatchPart, signal: AbortSignal): Promise<ErrorLog>;
  /** The errors file, which is not removed; undefined while there are no errors. */
  errorsFile(): string | undefined;
  /** Never throws. */
  removeTemporary(): Promise<void>;
}

export interface BatchDependencies extends Connecting<BatchClient> {
  disk: BatchDisk;
  run: Run<BatchEvent>;
  /** The path as users see it: relative to the workspace if it is inside. */
  shownPathOf(path: string): string;
  /** @param after another UUID, from which this one is derived: the same input gives the same result. Without it, a random one */
  createRef(after?: string): string;
}
