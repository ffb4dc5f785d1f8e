/** A log of a worker for tests. */
import type { LogFilter, LogsClient, TailOptions } from '../../../src/bigcommerce/logs.ts';
import type { WorkerLogEvent } from '../../../src/domain/worker-logs/log-event.ts';

/** A tail to which a test sends, and what was asked of the query. */
export class FakeLogs implements LogsClient {
  readonly queries: LogFilter[] = [];
  options: TailOptions | undefined;
  /** What the query answers, by pages. */
  pages: (readonly WorkerLogEvent[])[] = [];
  /** The same, where it depends on what is asked. */
  answer: ((filter: LogFilter) => readonly WorkerLogEvent[]) | undefined;
  /** A connection is open as soon as it is asked for. */
  opensAtOnce = false;
  queryError: unknown;
  readonly #queue: (WorkerLogEvent | { error: unknown })[] = [];
  #arrival = Promise.withResolvers<void>();

  send(...events: (WorkerLogEvent | { error: unknown })[]): void {
    this.#queue.push(...events);
    this.#arrival.resolve();
  }

  async *tail(_: string, options: TailOptions): AsyncGenerator<WorkerLogEvent> {
    this.options = options;
    if (this.opensAtOnce) options.onOpen?.();
    const onAbort = () => this.#arrival.resolve();
    options.signal.addEventListener('abort', onAbort, { once: true });
    for (;;) {
      options.signal.throwIfAborted();
      for (const one of this.#queue.splice(0)) {
        if ('error' in one) throw one.error;
        yield one;
      }
      options.signal.throwIfAborted();
      await this.#arrival.promise;
      this.#arrival = Promise.withResolvers();
    }
  }

  async *query(_: string, filter: LogFilter): AsyncGenerator<readonly WorkerLogEvent[]> {
    this.queries.push(filter);
    if (this.queryError !== undefined) throw this.queryError;
    if (this.answer !== undefined) yield this.answer(filter);
    yield* this.pages;
  }
}
