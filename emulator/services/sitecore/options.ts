import { randomBytes } from 'node:crypto';
import type { OptionsOf } from '../../service.ts';
import { withDefaults } from '../../service.ts';
import type { BatchHoldPoint, BatchRecord, SentRecord } from './records.ts';
import type { StoreKey } from './v4-signature.ts';

/** What the service counted. */
export interface RenderedCounts {
  durationMs: number;
  read: number;
  processed: number;
  failed: number;
}

/** A store that is not the emulator's own. */
export interface ForeignStore {
  /** A URL to which one PUT of this very file may go. */
  presign(upload: { ref: string; md5Base64: string; sizeBytes: number }): Promise<string>;
  /** The stored file; throws while there is none. It is looked for each time that a GET asks for the batch. */
  read(ref: string): AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>;
}

export interface SitecoreSettings {
  clientKey: string;
  apiToken: string;
  /** With what the URLs of the store are signed. */
  storeKey: StoreKey;
  /** Undefined: files go to the emulator's own store. The error logs are there in any case. */
  store: ForeignStore | undefined;
  /** Life of a location. The URL has whole seconds; the fraction of a shortened life still counts. */
  locationLifeSeconds: number;
  /** Life of the URL of an error log. */
  logLifeSeconds: number;
  /** A larger file is not accepted. */
  fileBytes: number;
  /**
   * Whether a ref that is still `uploading` may be allocated again with the same checksum and size. "Unique over all
   * batches" reads as no; then that is a 409, too.
   */
  reallocates: boolean;
  /** Whether the GETs show the location, too. */
  showsLocation: boolean;
  /** Under which names the answers carry the counts, which no document says; `() => ({})` for none. */
  renderCounts: (counts: RenderedCounts) => Readonly<Record<string, unknown>>;
  /** Time between two states; undefined: as long as a step of a deployment. */
  stepMs: number | undefined;
  holdBatchesAt: BatchHoldPoint | undefined;
  /** So many records and rejections of a batch stay in memory. */
  maxRecords: number;
  /** Called with each record that can be read, whether it stays in memory or not. */
  onRecord: ((record: SentRecord, batch: BatchRecord) => void) | undefined;
  /** Called on each change of state of a batch. */
  onBatchChange: ((batch: BatchRecord) => void) | undefined;
}

/** What the embedded Batch API is like; everything has a default. */
export type SitecoreOptions = OptionsOf<SitecoreSettings>;

const DEFAULTS: Omit<SitecoreSettings, 'storeKey'> = {
  clientKey: 'emulator-client-key-7d20',
  apiToken: 'emulator-api-token-b4e81f63',
  store: undefined,
  locationLifeSeconds: 3600,
  logLifeSeconds: 3600,
  // 50 MB; that a megabyte is not 2^20 bytes here is the careful reading.
  fileBytes: 50_000_000,
  reallocates: false,
  showsLocation: true,
  renderCounts: ({ durationMs, read, processed, failed }) => ({
    statistics: { duration: durationMs, totalRead: read, totalProcessed: processed, totalFailed: failed },
  }),
  stepMs: undefined,
  holdBatchesAt: undefined,
  maxRecords: 1000,
  onRecord: undefined,
  onBatchChange: undefined,
};

export function createSitecoreSettings(options: SitecoreOptions): SitecoreSettings {
  const storeKey = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  return withDefaults({ ...DEFAULTS, storeKey }, options);
}
