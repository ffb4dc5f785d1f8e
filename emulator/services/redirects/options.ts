import type { OptionsOf } from '../../options.ts';
import { withDefaults } from '../../options.ts';
import type { JobHoldPoint, NewRedirect, RedirectContent, RedirectJobRecord, Site } from './records.ts';

export interface RedirectsSettings {
  sites: readonly Site[];
  /** What the store has from the start. */
  redirects: readonly NewRedirect[];
  /** Items of a page of redirects, where the request does not say. */
  defaultLimit: number;
  /** A larger `limit` is cut to this one. */
  maxLimit: number;
  /** A PUT with more items gets a 413; undefined: none does. */
  upsertItems: number | undefined;
  /** A request whose path and query have more bytes gets a 414. */
  urlBytes: number;
  /** An import with a larger file gets a 413. */
  fileBytes: number;
  /** Time that each step of a job takes; undefined: as long as a step of a deployment. */
  stepMs: number | undefined;
  /** In how many steps a job does its work. */
  steps: number;
  holdJobsAt: JobHoldPoint | undefined;
  /** The number that the first row after the header has in `errors`, which no document says. */
  firstRow: number;
  /** Whether each event of an import has all the errors so far, or the last event alone has them. */
  errorsIn: 'each' | 'last';
  /** Where a site has a path under several ids: which of them a write overwrites. No document says. */
  overwrites: 'first' | 'last' | 'all';
  /** Old paths with the same key are the same one to the platform. */
  pathKey: (path: string) => string;
  /** What the platform makes of a redirect that was sent to it before it stores it. */
  storeAs: (redirect: RedirectContent) => RedirectContent;
  /** Called on each change of state of a job. */
  onJobChange: ((job: RedirectJobRecord) => void) | undefined;
}

/** What the redirects of the embedded platform are like; everything has a default. */
export type RedirectsOptions = OptionsOf<RedirectsSettings>;

export const FIRST_SITE_ID = 1000;

const DEFAULTS: RedirectsSettings = {
  sites: [
    { id: FIRST_SITE_ID, domain: 'store.example.com' },
    { id: FIRST_SITE_ID + 1, domain: 'outlet.example.com' },
  ],
  redirects: [],
  defaultLimit: 50,
  maxLimit: 250,
  upsertItems: undefined,
  urlBytes: 8192,
  // 20 MB; that a megabyte is not 2^20 bytes here is the careful reading.
  fileBytes: 20_000_000,
  stepMs: undefined,
  steps: 4,
  holdJobsAt: undefined,
  firstRow: 1,
  errorsIn: 'each',
  overwrites: 'first',
  pathKey: (path) => path,
  storeAs: (redirect) => redirect,
  onJobChange: undefined,
};

export function createRedirectsSettings(options: RedirectsOptions): RedirectsSettings {
  return withDefaults(DEFAULTS, options);
}
