import type { IncomingMessage } from 'node:http';
import type { BodyAnswer } from '../../answers.ts';
import { createJsonAnswer } from '../../answers.ts';
import type { AppliedFaults } from '../../faults.ts';
import { drain, readJsonBody } from '../../request-body.ts';
import { createFaultAnswer } from '../../sending.ts';
import type { RecordedRequest } from '../../types.ts';
import { isUuid } from '../../uuid.ts';
import { Allocations } from './allocate.ts';
import { createBatchError, createUnauthorized } from './api-answers.ts';
import { answerListBatches, renderBatch } from './batch-answers.ts';
import { BatchCourses } from './batch-courses.ts';
import { BatchStore } from './batch-store.ts';
import type { BatchCall } from './calls.ts';
import { isStoreCall } from './calls.ts';
import type { SitecoreOptions, SitecoreSettings } from './options.ts';
import { createSitecoreSettings } from './options.ts';
import type { BatchRecord } from './records.ts';
import { createStoreStatus } from './store-answers.ts';

export interface BatchesParts {
  sitecore: SitecoreOptions;
  stepMs: number;
}

export interface BatchExchange {
  call: BatchCall;
  /** In the path of the request, as it was sent. */
  ref: string;
  request: IncomingMessage;
  url: URL;
  record: RecordedRequest;
  chunks: AsyncIterable<Buffer>;
  faults: AppliedFaults;
}

/** The Batch API of Sitecore CDP, with the store behind its signed URLs (API document, section 3). */
export class Batches {
  readonly courses: BatchCourses;
  readonly settings: SitecoreSettings;
  readonly #store: BatchStore;
  readonly #allocations: Allocations;

  /** @param directory where files are kept */
  constructor({ sitecore, stepMs }: BatchesParts, directory: string) {
    this.settings = createSitecoreSettings(sitecore);
    const { holdBatchesAt } = this.settings;
    this.courses = new BatchCourses({
      ...this.settings,
      holdAt: holdBatchesAt,
      stepMs: this.settings.stepMs ?? stepMs,
    });
    this.#store = new BatchStore(this.settings, directory);
    this.#allocations = new Allocations({ settings: this.settings, store: this.#store, courses: this.courses });
  }

  /** What must reach nothing but the API: the token, and `key:token` as the header has it. */
  get credentials(): string[] {
    const { clientKey, apiToken } = this.settings;
    return [apiToken, encodeBasic(clientKey, apiToken)];
  }

  /** A URL of the error log of a batch; throws where there is no such batch. */
  createLogUrl(ref: string, origin: string): string {
    if (this.courses.find(ref) === undefined) throw new Error(`There is no batch ${ref}.`);
    return this.#store.signLog(origin, ref.toLowerCase(), false);
  }

  async answer(exchange: BatchExchange): Promise<BodyAnswer> {
    const { call, record, chunks, faults } = exchange;
    const isStore = isStoreCall(call);
    const faultAnswer = createBatchFaultAnswer(faults, isStore);
    const reading = isStore ? 'ok' : await readJsonBody(chunks, record);
    if (faultAnswer !== undefined) {
      if (isStore) await drain(chunks);
      return faultAnswer;
    }
    const answer = isStore ? await this.#answerStore(exchange) : await this.#answerApi(exchange, reading);
    if (faults.answer?.effect !== 'status-after-work') return answer;
    return createError(faults.answer.status, isStore);
  }

  async #answerStore({ call, ref, request, url, chunks }: BatchExchange): Promise<BodyAnswer> {
    const batch = this.courses.find(ref);
    if (call === 'batchLog') {
      await drain(chunks);
      return await this.#store.answerLog(request, url, batch);
    }
    return await this.#store.answerUpload(
      request,
      url,
      chunks,
      batch,
      (file) => batch && this.courses.receive(batch, file),
    );
  }

  async #answerApi({ call, ref, request, url, record, faults }: BatchExchange, reading: 'ok' | 'invalid') {
    if (!this.#isAuthorized(request)) return createUnauthorized();
    const { origin } = url;
    if (call === 'listBatches') {
      return answerListBatches(url, this.courses.list, (batch) => this.#render(batch, origin, batch.status));
    }
    if (!isUuid(ref)) return createBatchError(400, 'The ref must be a UUID.');
    if (call === 'allocateBatch') {
      if (reading === 'invalid') return createBatchError(400, 'The request body is not valid JSON.');
      const batch = await this.#allocations.allocate(ref.toLowerCase(), record.body, origin, faults.batch);
      return 'kind' in batch ? batch : createJsonAnswer(200, this.#render(batch, origin, batch.status, true));
    }
    const batch = this.courses.find(ref);
    if (batch === undefined) return createBatchError(404, 'There is no batch with this ref.');
    await this.#allocations.lookInStore(batch);
    // "GET /v2/batches/{ref} (or /v2/batches/inspect/{ref}, which also knows file_uploaded)".
    const status = call === 'batch' && batch.status === 'file_uploaded' ? 'uploading' : batch.status;
    const body = this.#render(batch, origin, status);
    this.courses.noteSeen(batch);
    return createJsonAnswer(200, body);
  }

  #render(batch: BatchRecord, origin: string, status: string, isAllocation = false) {
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

  #isAuthorized({ headers }: IncomingMessage): boolean {
    const { clientKey, apiToken } = this.settings;
    const [, given] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
    return given === encodeBasic(clientKey, apiToken);
  }
}

function encodeBasic(clientKey: string, apiToken: string): string {
  return Buffer.from(`${clientKey}:${apiToken}`).toString('base64');
}

/** What a fault gives in place of the work, in the form of the side that it hits. */
function createBatchFaultAnswer({ answer: fault }: AppliedFaults, isStore: boolean): BodyAnswer | undefined {
  // A request that gets no answer does no work either: what the client may not conclude, nobody can.
  if (fault?.effect === 'hang') return createError(500, isStore);
  if (fault?.effect !== 'status' || fault.body !== undefined || fault.xml !== undefined) {
    return createFaultAnswer(fault, isStore ? 'storage' : 'platform');
  }
  const answer = createError(fault.status, isStore);
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}

function createError(status: number, isStore: boolean): BodyAnswer {
  return isStore ? createStoreStatus(status) : createBatchError(status);
}
