/** What a storefront's worker has logged, as the log tail and the log query tell it (API document, section 1). */

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The request during which something was logged. */
export interface LoggedRequest {
  /** '' if it is not known. */
  method: string;
  /** As the platform gives it: a URL, or whatever it holds; '' if it is not known. */
  url: string;
  /** Undefined: not known (the platform says 0). */
  statusCode: number | undefined;
}

/** A message of `console`, or an exception that nothing caught. */
export interface LogLine {
  /** Ms since 1970, by the platform's clock; undefined if it names no time that could be read. */
  atMs: number | undefined;
  level: LogLevel;
  /** Each argument: a text without colours, anything else as JSON; cut where there is a `…`. Not redacted. */
  messages: readonly string[];
  /** Its name, if it is an exception. */
  exception: string | undefined;
}

/** One request with everything that was logged during it. The tail gives it whole; the query gives its lines one by one. */
export interface WorkerLogEvent {
  /** The platform's id; undefined if it has none. With it, doubles after a reconnect are known. */
  id: string | undefined;
  atMs: number | undefined;
  request: LoggedRequest | undefined;
  /** The platform's id of the request, which tells which entries of the query are of the same one. */
  requestId?: string | undefined;
  lines: readonly LogLine[];
  /**
   * The event or entry as the platform gave it, on one line of JSON. Not redacted. It may take megabytes: whoever keeps
   * events has to bound the sum of these, too.
   */
  json: string;
}

/** Errors or exceptions of the same kind: the first lines differ in numbers and ids alone. */
export interface LogProblem {
  level: 'error' | 'exception';
  /** Name of the exception. */
  name?: string | undefined;
  /** Of the first one, one line. Not redacted. */
  message: string;
  count: number;
  /** Paths of the requests during which it came, without doubles; at most a few. */
  paths: readonly string[];
}
