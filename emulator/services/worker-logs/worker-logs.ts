import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createEntries } from './entries.ts';
import { comparePlaces } from './query.ts';
import type { LogEntry, WorkerLog } from './records.ts';

type Listener = (log: WorkerLog) => void;

/** Of a project, for tails that repeat some. */
const MAX_EVENTS = 1000;
/** Events of a flood between which others get their turn. */
const FLOOD_STEP = 1000;

/** Worker logs of the deployed projects (API document, section 1, "Worker log event"): for tails, and kept for queries. */
export class WorkerLogs {
  /** Workers run and write them, so none is made up. */
  hasWorkers = false;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #entries = new Map<string, KeptEntries>();
  readonly #events = new Map<string, LastItems<WorkerLog>>();
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

  /** Adds it so many times, as fast as it goes. */
  async flood(projectUuid: string, times: number, log: Partial<WorkerLog> = {}): Promise<void> {
    for (let added = 0; added < times; added += 1) {
      if (added % FLOOD_STEP === 0) await nextTurn();
      this.add(projectUuid, log);
    }
  }

  subscribe(projectUuid: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(projectUuid) ?? new Set();
    this.#listeners.set(projectUuid, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** The newest first. */
  entriesOf(projectUuid: string): readonly LogEntry[] {
    return this.#entries.get(projectUuid)?.newestFirst() ?? [];
  }

  /** At most so many, in the order in which they came. */
  lastEventsOf(projectUuid: string, count: number): readonly WorkerLog[] {
    return count === 0 ? [] : (this.#events.get(projectUuid)?.all().slice(-count) ?? []);
  }

  #store(projectUuid: string, log: WorkerLog): void {
    const events = this.#events.get(projectUuid) ?? new LastItems(MAX_EVENTS);
    const entries = this.#entries.get(projectUuid) ?? new KeptEntries(this.#maxEntries);
    this.#events.set(projectUuid, events);
    this.#entries.set(projectUuid, entries);
    events.add(log);
    for (const entry of createEntries(log)) {
      this.#ordinal += 1;
      entries.add({ ...entry, ordinal: this.#ordinal });
    }
  }
}

/** The last so many items that were added. */
class LastItems<T> {
  readonly #max: number;
  readonly #items: T[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  add(item: T): void {
    this.#items.push(item);
    // To drop each item by itself would move all others each time.
    if (this.#items.length > 2 * this.#max) this.#items.splice(0, this.#items.length - this.#max);
  }

  all(): readonly T[] {
    return this.#items.slice(Math.max(0, this.#items.length - this.#max));
  }
}

/** Sorted only when they are asked for: a query takes many pages, and a flood adds many entries. */
class KeptEntries {
  readonly #items: LastItems<LogEntry>;
  #sorted: readonly LogEntry[] | undefined;

  constructor(max: number) {
    this.#items = new LastItems(max);
  }

  add(entry: LogEntry): void {
    this.#sorted = undefined;
    this.#items.add(entry);
  }

  newestFirst(): readonly LogEntry[] {
    this.#sorted ??= this.#items.all().toSorted(comparePlaces);
    return this.#sorted;
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
