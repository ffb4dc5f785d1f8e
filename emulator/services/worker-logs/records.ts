/** From the least to the most severe. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A worker log event, as the API document has it. */
export interface WorkerLog {
  uuid: string;
  project_uuid: string;
  request: null | { method: string; url: string; status_code: number };
  /** Messages are any JSON: what the worker gave to `console`. */
  logs: { timestamp: string; level: LogLevel; messages: unknown[] }[];
  exceptions: { timestamp: string; name: string; message: string }[];
  timestamp: string;
}

export const ENTRY_TYPES = ['log', 'request'] as const;

/** What a query gives of a worker log event: its request, a log or an exception (API document, section 1, table of calls). */
export interface LogEntry {
  id: string;
  /** ISO 8601. */
  timestamp: string;
  /** The same, in ms since 1970. */
  timeMs: number;
  type: (typeof ENTRY_TYPES)[number];
  level: LogLevel;
  messages: readonly unknown[];
  /** Name of the exception that it is. */
  exceptionName: string | undefined;
  /** One for all entries of a request. */
  requestId: string;
  request: WorkerLog['request'];
  /** Place in the order of arrival; never used again. */
  ordinal: number;
}
