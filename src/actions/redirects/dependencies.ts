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
import type { RedirectsReporter } from '../../report/redirects-record.ts';
import type { Connecting, Connection } from '../deadline.ts';

/** What the use cases of redirects have on the disk. */
export interface RedirectsDisk {
  /** @param siteId what a list's own `site_id` has to be. @throws ActionError where it can't be read at all */
  readRedirects(path: string, siteId: number | undefined): Promise<RedirectFile>;
  /** Into a folder of the run's own, which is removed at its end, however it ends. */
  writeParts(rows: readonly RedirectRow[]): Promise<ImportPart[]>;
  /** Removes that folder. Throws nothing. */
  removeParts(): Promise<void>;
  /** Where later steps find it. @returns its path */
  writeBackup(siteId: number, domain: string, redirects: readonly Redirect[]): Promise<string>;
  /** The same. */
  writeFailedRows(rows: readonly RejectedRow[]): Promise<string>;
  writeHeader(path: string): Promise<void>;
  /** What a download is, from its start. @throws ActionError where it is no export at all */
  checkExport(path: string): Promise<ExportStart>;
  /** A path beside this one that nobody has. */
  besides(path: string): string;
  /** Puts a file in the place of another one, at once. */
  replace(path: string, by: string): Promise<void>;
  /** Throws nothing. */
  remove(path: string): Promise<void>;
}

export interface RedirectsDependencies extends Connecting<RedirectsClient> {
  disk: RedirectsDisk;
  reporter: RedirectsReporter;
  progress: RedirectsProgress;
  /** As it is shown: relative to the workspace where it is in it. */
  shownPathOf(path: string): string;
}

/** What a cancelled run has to know beside the record: kept up to date by the use cases. */
export interface RedirectsProgress {
  /** The request to start a job is under way, or its answer was lost: nobody knows whether there is one. */
  starting: boolean;
  /** Of an import, from 1, of so many; 0 before the first one. */
  part: number;
  parts: number;
}

export function createProgress(): RedirectsProgress {
  return { starting: false, part: 0, parts: 0 };
}

/** What a use case has once it begins to ask the platform. */
export type Connected = Connection<RedirectsClient>;

/**
 * What a list has of the old paths that are desired: of a path that it has under several ids, the one that leads where it is
 * to lead, where there is one.
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
