import type { BodyAnswer } from '../../answers.ts';
import type { AppliedFaults } from '../../faults/applied.ts';
import { createBatchError } from './api-answers.ts';
import type { BatchLifecycle } from './batch-lifecycle.ts';
import type { BatchStore } from './batch-store.ts';
import { BATCH_COUNTS, BATCH_LOCATION, LOG_EXPIRED } from './faults.ts';
import type { SitecoreSettings } from './options.ts';
import type { BatchRecord } from './records.ts';

export interface AllocationParts {
  settings: SitecoreSettings;
  store: BatchStore;
  batches: BatchLifecycle;
}

interface AllocatedFile {
  md5: string;
  sizeBytes: number;
}

/** `PUT /v2/batches/{ref}`: the location of each batch, and the faults that hit it when it was allocated. */
export class Allocations {
  readonly #parts: AllocationParts;
  readonly #faults = new Map<string, AppliedFaults>();
  /** How many URLs of the error log were given out that had expired already. */
  readonly #staleLogs = new Map<string, number>();
  /** Foreign stores that are being read. */
  readonly #lookups = new Map<string, Promise<void>>();

  constructor(parts: AllocationParts) {
    this.#parts = parts;
  }

  /** The batch, or the error. */
  async allocate(ref: string, body: unknown, origin: string, faults: AppliedFaults): Promise<BatchRecord | BodyAnswer> {
    const { settings, batches } = this.#parts;
    const file = parseFile(body, settings.fileBytes);
    if (typeof file === 'string') return createBatchError(400, file);
    const known = batches.find(ref);
    if (known !== undefined) {
      const isSame = known.md5 === file.md5 && known.sizeBytes === file.sizeBytes && known.status === 'uploading';
      if (!settings.reallocates || !isSame) return createBatchError(409, 'There is a batch with this ref already.');
    }
    const location = await this.#createLocation(ref, file, origin, faults);
    this.#faults.set(ref, faults);
    if (known !== undefined) return Object.assign(known, location);
    return batches.start({ ref, ...file, ...location }, faults);
  }

  hasLocation({ ref }: BatchRecord): boolean {
    return this.#faults.get(ref)?.find(BATCH_LOCATION)?.kind !== 'none';
  }

  countsOf({ ref }: BatchRecord): Partial<Record<'read' | 'processed' | 'failed', number>> | undefined {
    const fault = this.#faults.get(ref)?.find(BATCH_COUNTS);
    if (fault === undefined) return undefined;
    const { read, processed, failed } = fault;
    return {
      ...(read !== undefined && { read }),
      ...(processed !== undefined && { processed }),
      ...(failed !== undefined && { failed }),
    };
  }

  /** Whether the next URL of the error log is to be one that has expired; counted. */
  takeStaleLog({ ref }: BatchRecord): boolean {
    const fault = this.#faults.get(ref)?.find(LOG_EXPIRED);
    const given = this.#staleLogs.get(ref) ?? 0;
    if (fault === undefined || given >= (fault.urls ?? 1)) return false;
    this.#staleLogs.set(ref, given + 1);
    return true;
  }

  /** A foreign store does not announce its files: it is read when somebody asks for the batch. */
  async lookInStore(batch: BatchRecord): Promise<void> {
    const foreign = this.#parts.settings.store;
    if (foreign === undefined || batch.file !== undefined) return;
    const lookup =
      this.#lookups.get(batch.ref) ??
      this.#fetch(batch, async () => await foreign.read(batch.ref)).finally(() => this.#lookups.delete(batch.ref));
    this.#lookups.set(batch.ref, lookup);
    await lookup;
  }

  async #fetch(batch: BatchRecord, read: () => Promise<AsyncIterable<Buffer>>): Promise<void> {
    const { store, batches } = this.#parts;
    try {
      const file = await store.receive(await read(), batch.ref);
      if (file !== 'bad-digest') batches.receive(batch, file);
    } catch {
      // It is not there yet.
    }
  }

  async #createLocation(
    ref: string,
    { md5, sizeBytes }: AllocatedFile,
    origin: string,
    faults: AppliedFaults,
  ): Promise<Pick<BatchRecord, 'href' | 'expiry'>> {
    const { settings, store } = this.#parts;
    const fault = faults.find(BATCH_LOCATION);
    const isStale = fault?.kind === 'expired' || fault?.kind === 'past';
    const md5Base64 = Buffer.from(md5, 'hex').toString('base64');
    const signed =
      settings.store === undefined
        ? store.signLocation(origin, { ref, md5 }, isStale)
        : await settings.store.presign({ ref, md5Base64, sizeBytes });
    const lifeMs = fault?.kind === 'past' ? -1000 : settings.locationLifeSeconds * 1000;
    return {
      href: fault?.href ?? (fault?.kind === 'refused' ? changeSignature(signed) : signed),
      expiry: fault?.expiry ?? new Date(Date.now() + lifeMs).toISOString(),
    };
  }
}

/** `{checksum: <hex MD5, lower case, of the gzip>, size: <bytes>}`, or what is wrong with it. */
function parseFile(body: unknown, maxBytes: number): AllocatedFile | string {
  const fields: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { checksum, size } = fields;
  if (typeof checksum !== 'string' || !/^[0-9a-f]{32}$/.test(checksum)) {
    return 'checksum must be the MD5 of the file: 32 hexadecimal digits, lower case.';
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1)
    return 'size must be a whole number of 1 or more.';
  return size > maxBytes ? `size must not be more than ${maxBytes} bytes.` : { md5: checksum, sizeBytes: size };
}

/** The URL with another signature. */
function changeSignature(href: string): string {
  return href.replace(
    /(X-Amz-Signature=)(.)/,
    (_, name: string, digit: string) => `${name}${digit === '0' ? '1' : '0'}`,
  );
}
