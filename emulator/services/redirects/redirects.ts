import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import type { AppliedFaults } from '../../faults.ts';
import type { RedirectCall } from './calls.ts';
import { answerDelete, answerUpsert } from './change.ts';
import type { EventsSettings } from './events.ts';
import { answerEvents } from './events.ts';
import { answerDownload, answerExport } from './export.ts';
import type { ImportParts, ReceivedForm, RowRefuser } from './import.ts';
import { answerImport } from './import.ts';
import { answerListJobs } from './job-answers.ts';
import { RedirectJobs } from './jobs.ts';
import { RedirectLists } from './list.ts';
import type { RedirectsOptions, RedirectsSettings } from './options.ts';
import { createRedirectsSettings } from './options.ts';
import { RedirectStore } from './store.ts';

/** A form may have so much more than its file. */
const FORM_BYTES = 1_048_576;

export interface RedirectsParts extends Omit<EventsSettings, 'errorsIn'> {
  redirects: RedirectsOptions;
  stepMs: number;
}

export interface RedirectExchange {
  call: RedirectCall;
  /** In the path of the request. */
  jobId: string;
  url: URL;
  body: unknown;
  form: ReceivedForm;
  faults: AppliedFaults;
  headers: Record<string, string>;
}

/** The calls under `/stores/{store_hash}/v3/storefront/redirects` (API document, section 2). */
export class Redirects {
  readonly store: RedirectStore;
  readonly jobs: RedirectJobs;
  /** Refuses rows of imports that are fine by themselves. */
  refuseRow: RowRefuser | undefined;
  readonly #settings: RedirectsSettings & EventsSettings;
  readonly #lists: RedirectLists;

  constructor({ redirects, stepMs, sseForm, streamCutMs }: RedirectsParts) {
    this.#settings = { ...createRedirectsSettings(redirects), sseForm, streamCutMs };
    const { steps, holdJobsAt, onJobChange } = this.#settings;
    this.store = new RedirectStore(this.#settings);
    this.#lists = new RedirectLists(this.store, this.#settings);
    this.jobs = new RedirectJobs({ steps, onJobChange, holdAt: holdJobsAt, stepMs: this.#settings.stepMs ?? stepMs });
  }

  /** A form with more bytes is not kept. */
  get maxFormBytes(): number {
    return this.#settings.fileBytes + FORM_BYTES;
  }

  get importParts(): ImportParts {
    return { store: this.store, jobs: this.jobs, settings: this.#settings, refuseRow: this.refuseRow };
  }

  async answer({ call, jobId, url, body, form, faults, headers }: RedirectExchange): Promise<Answer> {
    const { store, jobs } = this;
    const query = url.searchParams;
    const partFault = faults.answer?.effect === 'part-fails' ? faults.answer : undefined;
    if (url.pathname.length + url.search.length > this.#settings.urlBytes) return createErrorAnswer(414);
    switch (call) {
      case 'listRedirects':
        return this.#lists.answer(query);
      case 'upsertRedirects':
        return answerUpsert(body, store, this.#settings, partFault);
      case 'deleteRedirects':
        return answerDelete(query, store, partFault);
      case 'listRedirectJobs':
        return answerListJobs(query, jobs, this.#settings);
      case 'importRedirects':
        return await answerImport(form, this.importParts, faults.job);
      case 'exportRedirects':
        return answerExport(body, { store, jobs }, faults.job);
      case 'importEvents':
        return answerEvents({ kind: 'import', jobId, faults, headers }, jobs, this.#settings);
      case 'exportEvents':
        return answerEvents({ kind: 'export', jobId, faults, headers }, jobs, this.#settings);
      case 'downloadExport':
        return answerDownload(jobId, jobs);
    }
  }
}
