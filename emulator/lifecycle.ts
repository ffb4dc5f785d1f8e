import { dropOldest } from './kept-records.ts';
import { Waiters } from './waiters.ts';

/** What goes through states by itself until it has a verdict: a deployment, a job. */
interface StatefulRecord {
  endedAtMs: number | undefined;
  /** Grows by one with each change of state. */
  version: number;
}

/** A record on its way through the states. */
export interface Run<R> {
  readonly record: R;
  /** Aborts the automatic changes: the emulator closes, or a test has taken over. */
  readonly controller: AbortController;
  readonly listeners: Set<(record: R) => void>;
  released: boolean;
  release: (() => void) | undefined;
}

export interface LifecycleOptions<R, Point> {
  /** What one of them is called: "deployment". */
  noun: string;
  idOf: (record: R) => string;
  isOver: (record: R) => boolean;
  holdAt: Point | undefined;
  /** How many are remembered, at most (all); one that is not over is, with those after it. */
  kept?: number;
  /** Called on each change of state. */
  onChange: ((record: R) => void) | undefined;
}

/**
 * The lifecycle of one kind of records, which change by themselves, step by step; tests can hold them, release them, take
 * them over and wait for a state. A subclass has the steps.
 */
export class Lifecycle<R extends StatefulRecord, Change extends object, Point> {
  /** In the order in which they were started. */
  readonly list: R[] = [];
  readonly #runs = new Map<string, Run<R>>();
  readonly #options: LifecycleOptions<R, Point>;
  readonly #running = new Set<Promise<void>>();
  #holdAt: Point | undefined;
  readonly #waiters: Waiters<R>;

  constructor(options: LifecycleOptions<R, Point>) {
    this.#options = options;
    this.#holdAt = options.holdAt;
    this.#waiters = new Waiters(options.noun);
  }

  find(id: string): R | undefined {
    return this.#runs.get(id.toLowerCase())?.record;
  }

  /** Calls `listener` on each change of state; returns what stops it. */
  subscribe(id: string, listener: (record: R) => void): () => void {
    const { listeners } = this.#mustFind(id);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Those that reach this point from now on stay there until they are released; undefined: none does. */
  holdAt(point: Point | undefined): void {
    this.#holdAt = point;
  }

  /** Lets one, or all that there are, go on to the end, whether held already or not yet. */
  release(id?: string): void {
    for (const run of id === undefined ? this.#runs.values() : [this.#mustFind(id)]) {
      run.released = true;
      run.release?.();
    }
  }

  /** Takes one over: it no longer changes by itself, and has the state that is set. */
  set(id: string, change: Change): void {
    const run = this.#mustFind(id);
    run.controller.abort();
    this.publish(run, change);
  }

  /** The platform no longer knows it. */
  forget(id: string): void {
    const { record, controller } = this.#mustFind(id);
    controller.abort();
    this.#runs.delete(this.#options.idOf(record));
    this.list.splice(this.list.indexOf(record), 1);
  }

  waitFor(matches: (record: R) => boolean): Promise<R> {
    return this.#waiters.waitFor(this.list, matches);
  }

  async close(): Promise<void> {
    for (const run of this.#runs.values()) run.controller.abort();
    this.#waiters.close();
    await Promise.all(this.#running);
  }

  /**
   * @param steps from the first state to the verdict
   * @param onFault called when the steps throw, unless it was taken over or the emulator closes
   */
  protected run(record: R, steps: (run: Run<R>) => Promise<void>, onFault: (run: Run<R>, error: unknown) => void): R {
    const controller = new AbortController();
    const run: Run<R> = { record, controller, listeners: new Set(), released: false, release: undefined };
    this.list.push(record);
    for (const gone of dropOldest(this.list, this.#options.kept ?? Number.POSITIVE_INFINITY, this.#options.isOver)) {
      this.#runs.delete(this.#options.idOf(gone));
    }
    this.#runs.set(this.#options.idOf(record), run);
    this.publish(run);
    const done = steps(run)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) onFault(run, error);
      })
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
    return record;
  }

  /** Waits until it is released, if this is the point where it is to be held. */
  protected async hold(run: Run<R>, point: Point): Promise<void> {
    const { signal } = run.controller;
    if (this.#holdAt !== point || run.released || signal.aborted) return;
    await new Promise<void>((resolve) => {
      run.release = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  }

  /** Sets a new state, and notifies who listens or waits. */
  protected publish({ record, listeners }: Run<R>, change?: Change): void {
    const { isOver, onChange } = this.#options;
    Object.assign(record, change);
    record.version += 1;
    if (isOver(record)) record.endedAtMs ??= Date.now();
    onChange?.(record);
    for (const listener of [...listeners]) listener(record);
    this.#waiters.notify(record);
  }

  #mustFind(id: string): Run<R> {
    const run = this.#runs.get(id.toLowerCase());
    if (run === undefined) throw new Error(`There is no ${this.#options.noun} ${id}.`);
    return run;
  }
}
