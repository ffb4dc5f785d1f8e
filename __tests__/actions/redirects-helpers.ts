/** What the use cases of redirects work with, without a disk, a network or real time. */

import type { RedirectsDependencies } from '../../src/actions/redirects/dependencies.ts';
import type { RedirectsClient } from '../../src/bigcommerce/redirects.ts';
import type { KnownRedirect, Redirect, RedirectRow } from '../../src/domain/redirects/redirect.ts';
import type { ImportPart, RejectedRow } from '../../src/files/redirects/redirect-file.ts';
import { foldRedirects, initialRedirects } from '../../src/report/redirects-fold.ts';
import type { JobRecord, RedirectsEvent, RedirectsRecord } from '../../src/report/redirects-record.ts';
import { createFakeRun, type FakeRun } from '../fake-run.ts';
import { createFakeDeadline } from './fake-deadline.ts';

/** What a use case has left on the disk, and how long it has waited. */
export interface Traces {
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

/** What a use case reports and leaves behind. */
export interface Report
  extends Traces,
    Pick<FakeRun<RedirectsEvent>, 'lines' | 'warnings' | 'results' | 'events' | 'eventsOf'> {
  /** Of the events that say that nothing has to be done. */
  notes(): string[];
  /** In the order of their events. */
  jobs(): JobRecord[];
  /** What the events make of the record. */
  record(): RedirectsRecord;
}

/** Dependencies around a client, and what the use case makes of them. */
export function createWorld({ client, rows = [], partRows = 1000, signal = new AbortController().signal }: World) {
  const traces: Traces = { failedRows: [], backups: [], files: new Map(), partsRemoved: 0, waits: [] };
  const run = createFakeRun<RedirectsEvent>();
  const { events, eventsOf } = run;
  const dependencies: RedirectsDependencies = {
    connect: () => client as RedirectsClient,
    startDeadline: (timeoutMs) => createFakeDeadline(timeoutMs, signal, traces.waits),
    disk: createFakeDisk(rows, partRows, traces),
    run,
    shownPathOf: (path) => path.replace('/work/', ''),
    signal,
  };
  const report: Report = Object.assign(traces, {
    ...run,
    notes: () => eventsOf('nothing-to-do').map(({ message }) => message),
    jobs: () => events.flatMap((event) => ('jobId' in event ? [event] : [])),
    record: () => {
      const record = { ...initialRedirects(), warnings: [], phases: [] } as unknown as RedirectsRecord;
      for (const event of events) foldRedirects(record, event);
      return record;
    },
  });
  return { dependencies, report };
}

function createFakeDisk(rows: readonly RedirectRow[], partRows: number, traces: Traces): RedirectsDependencies['disk'] {
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
      traces.partsRemoved += 1;
    },
    writeBackup: async (_, domain, redirects) => {
      traces.backups.push({ domain, redirects });
      return '/temp/backup.csv';
    },
    writeFailedRows: async (rejected) => {
      traces.failedRows.push(...rejected);
      return '/temp/rejected.csv';
    },
    writeHeader: async (path) => void traces.files.set(path, 'header'),
    checkExport: async () => ({ hasKnownHeader: true, hasRows: true }),
    besides: (path) => `${path}.part`,
    replace: async (path, by) => {
      traces.files.set(path, traces.files.get(by) ?? 'missing');
      traces.files.delete(by);
    },
    remove: async (path) => void traces.files.delete(path),
  };
}

export function makeRow(fromPath: string, url: string, line = 2): RedirectRow {
  return { domain: 'shop.example', fromPath, target: { kind: 'manual', url }, line };
}

export function makeKnown(id: number, fromPath: string, url: string): KnownRedirect {
  return { id, fromPath, target: { kind: 'manual', url }, toUrl: undefined };
}
