/** Redirects and jobs in the embedded platform (API document, section 2). */

export const TARGET_TYPES = ['product', 'brand', 'category', 'page', 'post', 'url'] as const;

export type TargetType = (typeof TARGET_TYPES)[number];

/** Where a redirect leads to, in the API's own words. */
export type RedirectTo = { type: 'url'; url: string } | { type: Exclude<TargetType, 'url'>; entity_id: number };

export interface Site {
  id: number;
  /** Lower case. */
  domain: string;
}

/** A redirect, but for its site and id. */
export interface RedirectContent {
  fromPath: string;
  to: RedirectTo;
}

export interface StoredRedirect extends RedirectContent {
  id: number;
  siteId: number;
}

/** A redirect that the store is to have. */
export interface NewRedirect {
  fromPath: string;
  /** A text is a path or a URL. */
  to: RedirectTo | string;
  /** The first site unless given. */
  siteId?: number;
  /** Under an id of its own, though the site has the path already: real stores have such copies (API document, section 2). */
  copy?: boolean;
}

export const JOB_KINDS = ['import', 'export'] as const;

export type JobKind = (typeof JOB_KINDS)[number];

export const JOB_STATUSES = ['new', 'working', 'complete', 'aborted', 'failed'] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/** Where a job can be held: before it begins, or once about half of it is done. */
export const JOB_HOLD_POINTS = ['new', 'working'] as const;

export type JobHoldPoint = (typeof JOB_HOLD_POINTS)[number];

export interface RowError {
  /** As the platform counts: see the option `firstRow`. */
  row: number;
  message: string;
}

/** The file of an import, as it was received. */
export interface ImportFile {
  name: string;
  /** Content type of its part of the form; '' where it had none. */
  contentType: string;
  bytes: number;
  /** With a byte-order mark, if it had one. */
  text: string;
  /** Rows after the header. */
  rows: number;
}

export interface ExportRequest {
  siteId: number | undefined;
  redirectIds: readonly number[];
  includeDynamicTargetUrls: boolean;
}

/** A job; the object goes on changing until it is over. */
export interface RedirectJobRecord {
  jobId: string;
  kind: JobKind;
  status: JobStatus;
  completed: number;
  failed: number;
  total: number;
  errors: RowError[];
  /** Of an import. */
  file: ImportFile | undefined;
  /** Of an export. */
  request: ExportRequest | undefined;
  /** What an export gives, once it is complete. */
  csv: string | undefined;
  createdAtMs: number;
  endedAtMs: number | undefined;
  /** Grows by one with each change of state. */
  version: number;
}

export function isOver({ status }: Pick<RedirectJobRecord, 'status'>): boolean {
  return status !== 'new' && status !== 'working';
}
