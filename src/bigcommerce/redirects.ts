import type { JobState, RedirectJobKind } from '../domain/redirects/job.ts';
import type { KnownRedirect, Redirect } from '../domain/redirects/redirect.ts';
import type { ActionError } from '../errors.ts';
import type { FollowOptions, UploadFile, UploadProgress } from './hosting.ts';

/**
 * BigCommerce's 301 redirects as the use cases see them (API document, section 2). Failures are thrown as ActionErrors
 * that already say what to do; the answers that a use case has to decide on are values.
 */
export interface RedirectsClient {
  /** Where the API lists the store's sites: for people, since it takes a scope that redirects do not need. */
  readonly sitesUrl: string;
  /**
   * All redirects of a site, through all pages, each once. Read again when the list changes meanwhile.
   * @param siteId undefined: of all sites, each with its site
   * @throws ActionError, also for a list that keeps changing
   */
  listRedirects(
    siteId: number | undefined,
    onProgress: (read: number, total: number) => void,
  ): Promise<KnownRedirect[]>;
  /** One request: adds, or overwrites what the site has of that old path. May be sent again at any time. */
  upsertRedirects(siteId: number, redirects: readonly Redirect[]): Promise<UpsertAnswer>;
  /**
   * One request. By ids only: with a site's id, the platform would delete all redirects of the site. May be sent again.
   * Ids that are gone already count as deleted.
   */
  deleteRedirects(ids: readonly number[]): Promise<DeleteAnswer>;
  /** How many of these ids go into one request at most, from the start of the list: URLs have limits. */
  deleteBatchSize(ids: readonly number[]): number;
  /** One request, sent again only where it was certainly not carried out. `file` is streamed, never whole in memory. */
  startImport(file: UploadFile, progress: UploadProgress): Promise<StartAnswer>;
  startExport(request: ExportRequest): Promise<StartAnswer | { kind: 'nothing' }>;
  /**
   * The states of a job, through any number of connections; never ends by itself. Where the stream fails permanently, the
   * list of jobs is polled instead, as long as it has the job.
   * @throws the signal's reason, or ActionError
   */
  followJob(kind: RedirectJobKind, jobId: string, options: FollowOptions): AsyncIterable<JobState>;
  /** Streams the CSV of an export to a file. @throws ActionError; no file is left behind then */
  downloadExport(jobId: string, path: string, onProgress: (receivedBytes: number) => void): Promise<UploadFile>;
}

export interface ExportRequest {
  /** Undefined: all sites. */
  siteId: number | undefined;
  includeDynamicTargetUrls: boolean;
}

export type UpsertAnswer =
  /** What the answer says: an id in here was just written. */
  | { kind: 'done'; redirects: readonly KnownRedirect[] }
  /** Too many at once for the platform (413): fewer may work. Nothing was done. */
  | { kind: 'too-large'; error: ActionError }
  /** 207: a part of them was written, and the answer does not reliably say which. */
  | { kind: 'partial'; error: ActionError }
  /** 507: a limit of the store's plan is reached, maybe halfway through. */
  | { kind: 'plan-limit'; error: ActionError }
  /** Any other 4xx, or it could not be sent at all: nothing was done, as far as is known. */
  | { kind: 'rejected'; error: ActionError }
  /** Retries did not help, and one of them may have been carried out. Or the answer is not understood. */
  | { kind: 'uncertain'; error: ActionError };

export type DeleteAnswer =
  | 'deleted'
  /** A 4xx, or it could not be sent at all: none of them was deleted, as far as is known. */
  | { rejected: ActionError }
  /** Retries did not help, and one of them may have been carried out; or a part of it was (207). */
  | { uncertain: ActionError };

export type StartAnswer =
  | { kind: 'started'; jobId: string }
  /** 429: another job of the store is running, or a rate limit is exceeded. */
  | { kind: 'busy'; namedWaitMs: number; error: ActionError }
  /** A lost answer or a 5xx: it may or may not have been started. */
  | { kind: 'uncertain'; error: ActionError; namedWaitMs: number };
