import type { BodyAnswer } from '../../answers.ts';
import { createBatchError } from './api-answers.ts';
import type { BatchCourses } from './batch-courses.ts';
import type { BatchCountsFault, BatchFault } from './batch-faults.ts';
import { findFault } from './batch-faults.ts';
import type { BatchStore } from './batch-store.ts';
import type { SitecoreSettings } from './options.ts';
import type { BatchRecord } from './records.ts';

export interface AllocationParts {
  settings: SitecoreSettings;
  store: BatchStore;
  courses: BatchCourses;
}

interface AllocatedFile {
  md5: string;
  sizeBytes: number;
}

/** `PUT /v2/batches/{ref}`: who gets which location, and what was decided for a batch when it was allocated. */
export class Allocations {
  readonly #parts: AllocationParts;
  readonly #faults = new Map<string, readonly BatchFault[]>();
  /** How many URLs of the error log were given out that have expired already. */
  readonly #staleLogs = new Map<string, number>();
  /** Foreign stores that are being read. */
  readonly #lookups = new Map<string, Promise<void>>();

  constructor(parts: AllocationParts) {
    this.#parts = parts;
  }

  /** The batch, or the refusal. */
  async allocate(
    ref: string,
    body: unknown,
    origin: string,
    faults: readonly BatchFault[],
  ): Promise<BatchRecord | BodyAnswer> {
    const { settings, courses } = this.#parts;
    const file = parseFile(body, settings.fileBytes);
    if (typeof file === 'string') return createBatchError(400, file);
    const known = courses.find(ref);
    if (known !== undefined) {
      const isSame = known.md5 === file.md5 && known.sizeBytes === file.sizeBytes && known.status === 'uploading';
      if (!settings.reallocates || !isSame) return createBatchError(409, 'There is a batch with this ref already.');
    }
    const location = await this.#createLocation(ref, file, origin, faults);
    this.#faults.set(ref, faults);
    if (known !== undefined) return Object.assign(known, location);
    return courses.start({ ref, ...file, ...location }, faults);
  }

  hasLocation({ ref }: BatchRecord): boolean {
    return this.#faultOf(ref, 'batch-location')?.kind !== 'none';
  }

  countsOf({ ref }: BatchRecord): Omit<BatchCountsFault, 'effect'> | undefined {
    const fault = this.#faultOf(ref, 'batch-counts');
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
    const fault = this.#faultOf(ref, 'log-expired');
    const given = this.#staleLogs.get(ref) ?? 0;
    if (fault === undefined || given >= (fault.urls ?? 1)) return false;
    this.#staleLogs.set(ref, given + 1);
    return true;
  }

  /** A foreign store tells nobody of what it has: it is looked at when somebody asks for the batch. */
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
    const { store, courses } = this.#parts;
    try {
      const file = await store.receive(await read(), batch.ref);
      if (file !== 'bad-digest') courses.receive(batch, file);
    } catch {
      // It is not there yet.
    }
  }

  async #createLocation(
    ref: string,
    { md5, sizeBytes }: AllocatedFile,
    origin: string,
    faults: readonly BatchFault[],
  ): Promise<Pick<BatchRecord, 'href' | 'expiry'>> {
    const { settings, store } = this.#parts;
    const fault = findFault(faults, 'batch-location');
    const isStale = fault?.kind === 'expired' || fault?.kind === 'past';
    const md5Base64 = Buffer.from(md5, 'hex').toString('base64');
    const signed =
      settings.store === undefined
        ? store.signLocation(origin, { ref, md5 }, isStale)
        : await settings.store.presign({ ref, md5Base64, sizeBytes });
    const lifeMs = fault?.kind === 'past' ? -1000 : settings.locationLifeSeconds * 1000;
    return {
      href: fault?.href ?? (fault?.kind === 'refused' ? spoil(signed) : signed),
      expiry: fault?.expiry ?? new Date(Date.now() + lifeMs).toISOString(),
    };
  }

  #faultOf<E extends BatchFault['effect']>(ref: string, effect: E) {
    return findFault(this.#faults.get(ref) ?? [], effect);
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
function spoil(href: string): string {
  return href.replace(
    /(X-Amz-Signature=)(.)/,
    (_, name: string, digit: string) => `${name}${digit === '0' ? '1' : '0'}`,
  );
}
