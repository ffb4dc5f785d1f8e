/** What the use cases of redirects work with, without a disk, a network or real time. */

import { createProgress, type RedirectsDependencies } from '../../src/actions/redirects/dependencies.ts';
import type { RedirectsClient } from '../../src/bigcommerce/redirects.ts';
import type { KnownRedirect, Redirect, RedirectRow } from '../../src/domain/redirects/redirect.ts';
import type { RowProblem } from '../../src/domain/row-problems.ts';
import type { ImportPart, RejectedRow } from '../../src/files/redirects/redirect-file.ts';
import type { AppliedRecord, JobRecord, RedirectsReporter } from '../../src/report/redirects-record.ts';
import { createFakeDeadline } from './fake-deadline.ts';
import { createFakeReporter, type ToldLines } from './fake-reporter.ts';

export interface Told extends ToldLines {
  notes: string[];
  oddities: { title: string; rows: readonly RowProblem[] }[];
  jobs: JobRecord[];
  applied: AppliedRecord[];
  rejected: { rows: readonly RejectedRow[]; unnamed: number }[];
  failedRows: RejectedRow[];
  backups: { domain: string; redirects: readonly Redirect[] }[];
  files: Map<string, string>;
  partsRemoved: number;
  waits: number[];
}

export interface World {
  client: Partial<RedirectsClient>;
  rows?: readonly RedirectRow[];
  /** Rows of a part. */
  partRows?: number;
  signal?: AbortSignal;
}

export const FILE = '/work/redirects.csv';

/** Dependencies around a client, and all that the use case tells. */
export function createWorld({ client, rows = [], partRows = 1000, signal = new AbortController().signal }: World) {
  const told: Told = {
    lines: [],
    warnings: [],
    notes: [],
    oddities: [],
    results: [],
    jobs: [],
    applied: [],
    rejected: [],
    failedRows: [],
    backups: [],
    files: new Map(),
    partsRemoved: 0,
    waits: [],
  };
  const dependencies: RedirectsDependencies = {
    connect: () => client as RedirectsClient,
    startDeadline: (timeoutMs) => createFakeDeadline(timeoutMs, signal, told.waits),
    disk: createFakeDisk(rows, partRows, told),
    reporter: createFakeRedirectsReporter(told),
    progress: createProgress(),
    shownPathOf: (path) => path.replace('/work/', ''),
    signal,
  };
  return { dependencies, told };
}

function createFakeDisk(rows: readonly RedirectRow[], partRows: number, told: Told): RedirectsDependencies['disk'] {
  return {
    readRedirects: async () => ({ format: 'csv', sizeBytes: 1, rows: [...rows], problems: [], problemCount: 0 }),
    writeParts: async (all) => {
      const parts: ImportPart[] = [];
      for (let firstIndex = 0; firstIndex < all.length; firstIndex += partRows) {
        const rowCount = Math.min(partRows, all.length - firstIndex);
        parts.push({ path: `part-${parts.length + 1}`, sizeBytes: rowCount, firstIndex, rowCount });
      }
      return parts;
    },
    removeParts: async () => {
      told.partsRemoved += 1;
    },
    writeBackup: async (_, domain, redirects) => {
      told.backups.push({ domain, redirects });
      return '/temp/backup.csv';
    },
    writeFailedRows: async (rejected) => {
      told.failedRows.push(...rejected);
      return '/temp/rejected.csv';
    },
    writeHeader: async (path) => void told.files.set(path, 'header'),
    checkExport: async () => ({ hasKnownHeader: true, hasRows: true }),
    besides: (path) => `${path}.part`,
    replace: async (path, by) => {
      told.files.set(path, told.files.get(by) ?? 'missing');
      told.files.delete(by);
    },
    remove: async (path) => void told.files.delete(path),
  };
}

function createFakeRedirectsReporter(told: Told): RedirectsReporter {
  return {
    ...createFakeReporter(told),
    job: (job) => void told.jobs.push(job),
    rejected: (rows, unnamed) => void told.rejected.push({ rows, unnamed }),
    plan: () => {},
    applied: (applied) => void told.applied.push(applied),
    backupWritten: () => {},
    failedRowsWritten: () => {},
    commentWritten: () => {},
    warnRows: (rows, title) => {
      if (rows.length > 0) told.oddities.push({ title, rows });
    },
    note: (message) => void told.notes.push(message),
    snapshot: () => {
      throw new Error('not asked for');
    },
  };
}

export function makeRow(fromPath: string, url: string, line = 2): RedirectRow {
  return { domain: 'shop.example', fromPath, target: { kind: 'manual', url }, line };
}

export function makeKnown(id: number, fromPath: string, url: string): KnownRedirect {
  return { id, fromPath, target: { kind: 'manual', url }, toUrl: undefined };
}
