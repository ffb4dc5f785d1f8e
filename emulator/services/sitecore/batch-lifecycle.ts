import { setTimeout as sleep } from 'node:timers/promises';
import type { AppliedFaults } from '../../faults/applied.ts';
import type { Run } from '../../lifecycle.ts';
import { Lifecycle } from '../../lifecycle.ts';
import { BATCH_ENDS, BATCH_LOG, BATCH_STATUS, BATCH_STAYS } from './faults.ts';
import type { SitecoreSettings } from './options.ts';
import { processFile } from './process-file.ts';
import { NotGzip } from './read-lines.ts';
import type { BatchHoldPoint, BatchRecord, ReceivedFile, RecordRejecter } from './records.ts';
import { isOver } from './records.ts';

export interface BatchLifecycleOptions extends Pick<SitecoreSettings, 'maxRecords' | 'onRecord' | 'onBatchChange'> {
  stepMs: number;
  holdAt: BatchHoldPoint | undefined;
}

/** A state that a test sets by hand. What is not given stays as it is. */
export type BatchChange = Partial<
  Pick<BatchRecord, 'status' | 'md5' | 'sizeBytes' | 'href' | 'expiry' | 'recordCount' | 'rejectedCount' | 'logPath'>
>;

type NewBatch = Pick<BatchRecord, 'ref' | 'md5' | 'sizeBytes' | 'href' | 'expiry'>;

/** The batches and their lifecycle: uploading, file_uploaded, processing, a verdict (API document, section 3). */
export class BatchLifecycle extends Lifecycle<BatchRecord, BatchChange, BatchHoldPoint> {
  /** Rejects records that are fine by themselves. */
  reject: RecordRejecter | undefined;
  readonly #options: BatchLifecycleOptions;
  /** Called when the file of a batch is there. */
  readonly #arrivals = new Map<string, () => void>();
  /** Called when the state of a batch has been seen. */
  readonly #views = new Map<string, () => void>();

  constructor(options: BatchLifecycleOptions) {
    const { holdAt, onBatchChange } = options;
    const onChange = (batch: BatchRecord) => {
      batch.modifiedAtMs = Date.now();
      onBatchChange?.(batch);
    };
    super({ noun: 'batch', idOf: ({ ref }) => ref, isOver, holdAt, onChange });
    this.#options = options;
  }

  start(batch: NewBatch, faults: AppliedFaults): BatchRecord {
    const now = Date.now();
    const record: BatchRecord = {
      ...batch,
      status: 'uploading',
      uploads: 0,
      file: undefined,
      path: undefined,
      recordCount: 0,
      rejectedCount: 0,
      records: [],
      rejections: [],
      failureReason: undefined,
      logPath: undefined,
      createdAtMs: now,
      modifiedAtMs: now,
      endedAtMs: undefined,
      version: 1,
    };
    return this.run(
      record,
      (run) => this.#work(run, faults),
      (run, error) => {
        run.record.failureReason = `fault of the emulator: ${error instanceof Error ? error.message : String(error)}`;
        this.publish(run, { status: 'error' });
      },
    );
  }

  /** The file of a batch is in the store; it may come more than once. */
  receive(batch: BatchRecord, file: ReceivedFile): void {
    Object.assign(batch, { file, path: file.path, uploads: batch.uploads + 1 });
    this.#arrivals.get(batch.ref)?.();
  }

  /** An answer has shown the state of a batch. */
  noteSeen(batch: BatchRecord): void {
    this.#views.get(batch.ref)?.();
  }

  async #work(run: Run<BatchRecord>, faults: AppliedFaults): Promise<void> {
    const stays = faults.find(BATCH_STAYS)?.status;
    await this.#wait(run, (resolve) => this.#arrivals.set(run.record.ref, resolve));
    await this.#step(run);
    if (stays === 'uploading') return await this.#stay(run);
    await this.hold(run, 'uploading');
    this.publish(run, { status: 'file_uploaded' });
    await this.#step(run);
    if (stays === 'file_uploaded') return await this.#stay(run);
    await this.hold(run, 'file_uploaded');
    if (stays !== undefined && stays !== 'processing') {
      this.publish(run, { status: stays });
      return await this.#stay(run);
    }
    const unknown = faults.find(BATCH_STATUS);
    if (unknown !== undefined) await this.#showUnknown(run, unknown.status, unknown.seenTimes ?? 1);
    this.publish(run, { status: 'processing' });
    await this.#step(run);
    if (stays === 'processing') return await this.#stay(run);
    await this.hold(run, 'processing');
    this.publish(run, await this.#process(run, faults));
  }

  async #process({ record, controller }: Run<BatchRecord>, faults: AppliedFaults): Promise<BatchChange> {
    const { file, md5, sizeBytes } = record;
    const ends = faults.find(BATCH_ENDS);
    if (file === undefined || file.md5 !== md5 || file.sizeBytes !== sizeBytes || ends?.status === 'corrupted') {
      const seen = file === undefined ? 'no file' : `${file.sizeBytes} bytes with MD5 ${file.md5}`;
      record.failureReason = `${sizeBytes} bytes with MD5 ${md5} were allocated, and ${seen} received`;
      return { status: 'corrupted' };
    }
    const { settings, reject, signal } = { settings: this.#options, reject: this.reject, signal: controller.signal };
    try {
      const log = await processFile(record, file.path, { settings, faults, reject, signal });
      const form = faults.find(BATCH_LOG);
      const status = ends?.status ?? (record.rejectedCount > 0 ? 'error' : 'success');
      const isNamed = form === undefined ? ends === undefined : !form.kinds.includes('missing');
      return { status, ...(status === 'error' && isNamed && { logPath: log.path }) };
    } catch (error) {
      if (!(error instanceof NotGzip)) throw error;
      record.failureReason = error.message;
      return { status: 'error' };
    }
  }

  async #showUnknown(run: Run<BatchRecord>, status: string, times: number): Promise<void> {
    let left = times;
    const seen = this.#wait(run, (resolve) => {
      this.#views.set(run.record.ref, () => {
        left -= 1;
        if (left <= 0) resolve();
      });
    });
    this.publish(run, { status });
    await seen.finally(() => this.#views.delete(run.record.ref));
    await this.#step(run);
  }

  async #step({ controller }: Run<BatchRecord>): Promise<void> {
    await sleep(this.#options.stepMs, undefined, { signal: controller.signal });
  }

  async #stay(run: Run<BatchRecord>): Promise<void> {
    await this.#wait(run, () => {});
  }

  /** Until `resolve` is called, or the run is aborted. */
  #wait({ controller: { signal } }: Run<BatchRecord>, begin: (resolve: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      begin(resolve);
    });
  }
}
