import { randomUUID } from 'node:crypto';
import { createEntries } from './entries.ts';
import type { LogEntry, WorkerLog } from './records.ts';

type Listener = (log: WorkerLog) => void;

/** Worker logs of the deployed projects (API document, section 1, "Worker log event"): for tails, and kept for queries. */
export class WorkerLogs {
  /** Workers run and write them, so none is made up. */
  hasWorkers = false;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #entries = new Map<string, LogEntry[]>();
  readonly #maxEntries: number;
  #ordinal = 0;

  /** @param maxEntries of a project; the ones that came first are dropped beyond it */
  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  add(projectUuid: string, log: Partial<WorkerLog> = {}): void {
    const complete = { ...createSampleLog(projectUuid), ...log };
    this.#store(projectUuid, complete);
    for (const listener of this.#listeners.get(projectUuid) ?? []) listener(complete);
  }

  subscribe(projectUuid: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(projectUuid) ?? new Set();
    this.#listeners.set(projectUuid, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** In the order in which they came. */
  entriesOf(projectUuid: string): readonly LogEntry[] {
    return this.#entries.get(projectUuid) ?? [];
  }

  #store(projectUuid: string, log: WorkerLog): void {
    const entries = this.#entries.get(projectUuid) ?? [];
    this.#entries.set(projectUuid, entries);
    for (const entry of createEntries(log)) {
      this.#ordinal += 1;
      entries.push({ ...entry, ordinal: this.#ordinal });
    }
    entries.splice(0, Math.max(0, entries.length - this.#maxEntries));
  }
}

function createSampleLog(projectUuid: string): WorkerLog {
  const timestamp = new Date().toISOString();
  return {
    uuid: randomUUID(),
    project_uuid: projectUuid,
    request: { method: 'GET', url: '/products', status_code: 200 },
    logs: [{ timestamp, level: 'info', messages: ['Request processed successfully'] }],
    exceptions: [],
    timestamp,
  };
}
