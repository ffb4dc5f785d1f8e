import type { RedirectsClient } from '../../bigcommerce/redirects.ts';
import {
  isSameTarget,
  type KnownRedirect,
  pathText,
  type Redirect,
  type RedirectRow,
} from '../../domain/redirects/redirect.ts';
import type { ExportStart } from '../../files/redirects/check-export.ts';
import type { ImportPart, RedirectFile, RejectedRow } from '../../files/redirects/redirect-file.ts';
import type { OddRows, RedirectsEvent } from '../../report/redirects-record.ts';
import type { Run } from '../../report/run-events.ts';
import type { Connecting, Connection } from '../deadline.ts';

/** The files that the use cases of redirects read and write. */
export interface RedirectsDisk {
  /** @param siteId the only value that a list's own `site_id` may have. @throws ActionError where it cannot be read */
  readRedirects(path: string, siteId: number | undefined): Promise<RedirectFile>;
  /** Into a temporary folder of this run, which is removed however the run ends. */
  writeParts(rows: readonly RedirectRow[]): Promise<ImportPart[]>;
  /** Removes that folder. Never throws. */
  removeParts(): Promise<void>;
  /** Stored where later steps can read it. @returns its path */
  writeBackup(siteId: number, domain: string, redirects: readonly Redirect[]): Promise<string>;
  /** The same. */
  writeFailedRows(rows: readonly RejectedRow[]): Promise<string>;
  writeHeader(path: string): Promise<void>;
  /** Checks the start of a download. @throws ActionError where it is not an export */
  checkExport(path: string): Promise<ExportStart>;
  /** An unused path in the same folder. */
  besides(path: string): string;
  /** Replaces `path` by another file, atomically. */
  replace(path: string, by: string): Promise<void>;
  /** Never throws. */
  remove(path: string): Promise<void>;
}

export interface RedirectsDependencies extends Connecting<RedirectsClient> {
  disk: RedirectsDisk;
  run: RedirectsRun;
  /** As it is shown: relative to the workspace where it is in it. */
  shownPathOf(path: string): string;
}

export type RedirectsRun = Run<RedirectsEvent>;

/** What a use case gets once it talks to the platform. */
export type Connected = Connection<RedirectsClient>;

/**
 * The listed redirect of each desired old path. Where a path has several ids, one with the desired target is preferred.
 */
export function findPlaces(
  redirects: readonly KnownRedirect[],
  desired: readonly Redirect[],
): ReadonlyMap<string, KnownRedirect> {
  const targets = new Map(desired.map(({ fromPath, target }) => [fromPath, target]));
  const places = new Map<string, KnownRedirect>();
  for (const redirect of redirects) {
    const target = targets.get(redirect.fromPath);
    if (target === undefined) continue;
    if (!places.has(redirect.fromPath) || isSameTarget(redirect.target, target))
      places.set(redirect.fromPath, redirect);
  }
  return places;
}

const MAX_NAMED = 3;

/** `/a, /b, /c, 12 more` */
export function namesOf(redirects: readonly Redirect[]): string {
  const names = redirects.slice(0, MAX_NAMED).map(pathText);
  const rest = redirects.length - names.length;
  return [...names, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

export function warnOfRows(run: RedirectsRun, odd: Omit<OddRows, 'type'>): void {
  if (odd.rows.length > 0) run.emit({ type: 'rows-odd', ...odd });
}
