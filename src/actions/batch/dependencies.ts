import type { BatchPart, ErrorLog, PackedFile } from '../../files/batch/batch-file.ts';
import type { BatchReporter } from '../../report/batch-record.ts';
import type { BatchClient } from '../../sitecore-cdp/batches.ts';
import type { Connecting } from '../deadline.ts';

/** What the use case has on the disk: a folder of the run's own, which is removed at its end, however it ends. */
export interface BatchDisk {
  /**
   * Reads, checks and packs a file, streaming. Faults of its content are in what it gives.
   * @throws ActionError where the file can't be read, or a part of it not written
   */
  pack(path: string, onProgress: (readBytes: number, sizeBytes: number) => void): Promise<PackedFile>;
  /** Where a batch's error log goes. */
  logPathOf(ref: string): string;
  /**
   * Unzips an error log in bounded memory, joins it to the records of the part by `ref`, and adds them to the errors
   * file. Personal data is taken out of the messages.
   * @param signal ends it: a log may be of any size
   * @throws ActionError where it is no gzip of such lines, or the errors file can't be written; the signal's reason
   */
  readErrorLog(logPath: string, source: string, part: BatchPart, signal: AbortSignal): Promise<ErrorLog>;
  /** The errors file; undefined while there are none. It stays. */
  errorsFile(): string | undefined;
  /** Throws nothing. */
  removeTemporary(): Promise<void>;
}

export interface BatchDependencies extends Connecting<BatchClient> {
  disk: BatchDisk;
  reporter: BatchReporter;
  /** As it is shown: relative to the workspace where it is in it. */
  shownPathOf(path: string): string;
  /** @param after a UUID: whoever comes from the same one gets the same. Without it, a fresh one */
  createRef(after?: string): string;
}
