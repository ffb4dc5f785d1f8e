import type { IncomingMessage } from 'node:http';
import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';
import { drain } from '../../request-body.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { isUuid } from '../../uuid.ts';
import { Allocations } from './allocate.ts';
import { createBatchError, createUnauthorized } from './api-answers.ts';
import { answerListBatches, renderBatch } from './batch-answers.ts';
import { BatchLifecycle } from './batch-lifecycle.ts';
import { BatchStore } from './batch-store.ts';
import type { SitecoreSettings } from './options.ts';
import type { BatchRecord } from './records.ts';

const BAD_REF = 'The ref must be a UUID.';

/** The Batch API of Sitecore CDP, with the store behind its signed URLs (API document, section 3). */
export class Sitecore {
  readonly batches: BatchLifecycle;
  readonly settings: SitecoreSettings;
  readonly #store: BatchStore;
  readonly #allocations: Allocations;

  constructor({ directory, stepMs }: ServiceContext, settings: SitecoreSettings) {
    this.settings = settings;
    this.batches = new BatchLifecycle({
      ...settings,
      holdAt: settings.holdBatchesAt,
      stepMs: settings.stepMs ?? stepMs,
    });
    this.#store = new BatchStore(settings, directory);
    this.#allocations = new Allocations({ settings, store: this.#store, batches: this.batches });
  }

  /** What must reach nothing but the API: the token, and `key:token` as the header has it. */
  get credentials(): string[] {
    return [this.settings.apiToken, encodeBasic(this.settings)];
  }

  /** A URL of the error log of a batch; throws if there is no such batch. */
  createLogUrl(ref: string, origin: string): string {
    if (this.batches.find(ref) === undefined) throw new Error(`There is no batch ${ref}.`);
    return this.#store.signLog(origin, ref.toLowerCase(), false);
  }

  /** The answer to a request without the credentials of the API. */
  checkAccess({ headers }: IncomingMessage): BodyAnswer | undefined {
    const [, given] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
    return given === encodeBasic(this.settings) ? undefined : createUnauthorized();
  }

  answerList(url: URL): BodyAnswer {
    return answerListBatches(url, this.batches.list, (batch) => this.#render(batch, url.origin));
  }

  async answerAllocate({ param, url, record, faults }: Exchange, isBodyInvalid: boolean): Promise<BodyAnswer> {
    const ref = param('ref');
    if (!isUuid(ref)) return createBatchError(400, BAD_REF);
    if (isBodyInvalid) return createBatchError(400, 'The request body is not valid JSON.');
    const batch = await this.#allocations.allocate(ref.toLowerCase(), record.body, url.origin, faults);
    return 'kind' in batch ? batch : createJsonAnswer(200, this.#render(batch, url.origin, { isAllocation: true }));
  }

  /** @param statusOf the status that this call shows */
  async answerBatch({ param, url }: Exchange, statusOf: (status: string) => string): Promise<BodyAnswer> {
    const ref = param('ref');
    if (!isUuid(ref)) return createBatchError(400, BAD_REF);
    const batch = this.batches.find(ref);
    if (batch === undefined) return createBatchError(404, 'There is no batch with this ref.');
    await this.#allocations.lookInStore(batch);
    const body = this.#render(batch, url.origin, { status: statusOf(batch.status) });
    this.batches.noteSeen(batch);
    return createJsonAnswer(200, body);
  }

  async answerUpload({ param, request, url, chunks }: Exchange): Promise<BodyAnswer> {
    const batch = this.batches.find(param('ref'));
    const onStored: Parameters<BatchStore['answerUpload']>[4] = (file) => batch && this.batches.receive(batch, file);
    return await this.#store.answerUpload(request, url, chunks, batch, onStored);
  }

  async answerLog({ param, request, url, chunks }: Exchange): Promise<BodyAnswer> {
    const batch = this.batches.find(param('ref'));
    await drain(chunks);
    return await this.#store.answerLog(request, url, batch);
  }

  #render(batch: BatchRecord, origin: string, { status = batch.status, isAllocation = false } = {}) {
    const { settings } = this;
    const isStale = batch.logPath !== undefined && this.#allocations.takeStaleLog(batch);
    return renderBatch(batch, {
      origin,
      status,
      logUrl: batch.logPath === undefined ? undefined : this.#store.signLog(origin, batch.ref, isStale),
      hasLocation: this.#allocations.hasLocation(batch) && (isAllocation || settings.showsLocation),
      counts: this.#allocations.countsOf(batch),
      settings,
    });
  }
}

function encodeBasic({ clientKey, apiToken }: SitecoreSettings): string {
  return Buffer.from(`${clientKey}:${apiToken}`).toString('base64');
}
