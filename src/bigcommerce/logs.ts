import type { EntryFilter } from '../domain/worker-logs/filter.ts';
import type { WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import type { Reconnection } from './hosting.ts';

/** The logs of a storefront's worker, as the use cases see them (API document, section 1). */
export interface LogsClient {
  /**
   * What is logged from now on, through any number of connections (the platform ends each after 60 s): without doubles,
   * in bounded memory. Never ends by itself.
   * @throws the signal's reason, or ActionError when the tail is refused (403, 404: scope or feature) and another try
   * would not help
   */
  tail(projectUuid: string, options: TailOptions): AsyncIterable<WorkerLogEvent>;
  /**
   * What was logged in a window of time, page by page, the newest first, without doubles.
   * @throws ActionError when it is refused
   */
  query(projectUuid: string, filter: LogFilter, options?: QueryOptions): AsyncIterable<readonly WorkerLogEvent[]>;
}

export interface TailOptions {
  signal: AbortSignal;
  /** Called when a connection is open: what is logged from then on is seen. */
  onOpen?: () => void;
  onReconnect: (reconnect: Reconnection) => void;
  /** Something in the stream could not be read and was skipped. */
  onSkipped: (description: string) => void;
}

export interface QueryOptions {
  /** Something in a page could not be read and was skipped. */
  onSkipped?: (description: string) => void;
}

/** What the log query takes. */
export interface LogFilter extends EntryFilter {
  /** Ms since 1970; at most 7 days apart. */
  startMs: number;
  endMs: number;
}
