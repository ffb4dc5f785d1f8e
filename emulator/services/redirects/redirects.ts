import type { ServiceContext } from '../../service.ts';
import type { ImportParts, RowRejecter } from './import.ts';
import { RedirectJobs } from './jobs.ts';
import { RedirectLists } from './list.ts';
import type { RedirectsSettings } from './options.ts';
import { RedirectStore } from './store.ts';

/** The state of the store's redirects, and of the jobs that import and export them. */
export class Redirects {
  readonly store: RedirectStore;
  readonly jobs: RedirectJobs;
  readonly lists: RedirectLists;
  readonly settings: RedirectsSettings;
  readonly context: ServiceContext;
  /** Rejects rows of imports that are fine by themselves. */
  rejectRow: RowRejecter | undefined;

  constructor(context: ServiceContext, settings: RedirectsSettings) {
    const { steps, holdJobsAt: holdAt, onJobChange, stepMs = context.stepMs } = settings;
    this.context = context;
    this.settings = settings;
    this.store = new RedirectStore(settings);
    this.lists = new RedirectLists(this.store, settings);
    this.jobs = new RedirectJobs({ steps, onJobChange, holdAt, stepMs });
  }

  get importParts(): ImportParts {
    return { store: this.store, jobs: this.jobs, settings: this.settings, rejectRow: this.rejectRow };
  }
}
