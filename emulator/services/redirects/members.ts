import { startExport } from './export.ts';
import type { RowRejecter } from './import.ts';
import { startImport } from './import.ts';
import type { JobChange } from './jobs.ts';
import type { ExportRequest, JobHoldPoint, NewRedirect, RedirectJobRecord, Site, StoredRedirect } from './records.ts';
import type { Redirects } from './redirects.ts';
import { parseRows } from './rows.ts';

/** The redirects of a running embedded platform. */
export interface RedirectsMembers {
  readonly sites: readonly Site[];
  /** All there are at this moment, in the order of their ids. */
  readonly list: readonly StoredRedirect[];
  /** In the order in which they were started. */
  readonly jobs: readonly RedirectJobRecord[];
  /** One more site; the next id unless one is given. */
  addSite(domain: string, id?: number): Site;
  /** As an upsert does it, past all requests. */
  add(...redirects: readonly NewRedirect[]): StoredRedirect[];
  /** Unknown ids are skipped. */
  remove(...ids: readonly number[]): void;
  /** The full address that a redirect leads to: its `to_url`. */
  toUrlOf(redirect: StoredRedirect): string;
  /** Jobs that reach this point (`working`) from now on stay there until released; undefined: none does. */
  holdJobs(at?: JobHoldPoint | undefined): void;
  /** Lets one job, or all that there are now, run to the end. */
  releaseJobs(jobId?: string): void;
  /** Imports reject the rows for which this gives a message; undefined: none that are fine by themselves. */
  rejectRows(reject: RowRejecter | undefined): void;
  /** An import that somebody else started: a CSV with its header. */
  startImport(csv: string): RedirectJobRecord;
  /** An export that somebody else started. */
  startExport(request?: Partial<ExportRequest>): RedirectJobRecord;
  /** Takes a job over: it no longer changes by itself, and has the state that is set. */
  setJob(jobId: string, change: JobChange): void;
  /** The platform no longer knows the job: 404. */
  forgetJob(jobId: string): void;
  /** Resolves when a job gets into a state that matches, or at once where one is. */
  waitForJob(matches: (job: RedirectJobRecord) => boolean): Promise<RedirectJobRecord>;
}

export function createRedirectsMembers(redirects: Redirects): RedirectsMembers {
  const { store, jobs } = redirects;
  return {
    sites: store.sites,
    get list() {
      return store.list;
    },
    jobs: jobs.list,
    addSite: (domain, id) => store.addSite(domain, id),
    add: (...added) => added.map((redirect) => store.add(redirect)),
    remove: (...ids) => store.remove(ids),
    toUrlOf: (redirect) => store.renderToUrl(redirect),
    holdJobs: (...point) => jobs.holdAt(point.length === 0 ? 'working' : point[0]),
    releaseJobs: (jobId) => jobs.release(jobId),
    rejectRows: (reject) => {
      redirects.rejectRow = reject;
    },
    startImport: (csv) => {
      const rows = parseRows(csv);
      if (rows === undefined) throw new Error('This is not a CSV with the columns of redirects.');
      const bytes = Buffer.byteLength(csv);
      const file = { name: 'redirects.csv', contentType: 'text/csv', bytes, text: csv, rows: rows.length };
      return startImport(file, rows, redirects.importParts);
    },
    startExport: (request) => {
      const all = { siteId: undefined, redirectIds: [], includeDynamicTargetUrls: false };
      return startExport({ ...all, ...request }, { store, jobs });
    },
    setJob: (jobId, change) => jobs.set(jobId, change),
    forgetJob: (jobId) => jobs.forget(jobId),
    waitForJob: (matches) => jobs.waitFor(matches),
  };
}
