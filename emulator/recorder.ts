import type { IncomingMessage, ServerResponse } from 'node:http';
import { dropOldest } from './kept-records.ts';

/** A request as it was received; the object goes on changing until `finished`. */
export interface RecordedRequest {
  index: number;
  /** Name of its endpoint. */
  call: string;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The parsed JSON body; undefined while it is not read, when there was none, or when it was not JSON, as a form is not. */
  body: unknown;
  /** Bytes of the request body that were read. */
  bodyBytes: number;
  /** Undefined until an answer begins, and forever if there was none. */
  status: number | undefined;
  startedAtMs: number;
  endedAtMs: number | undefined;
  /** The answer was sent in full, or the connection is gone. */
  finished: boolean;
  /** The connection went away before the answer was sent in full (by either side). */
  aborted: boolean;
  /** Value of `Last-Event-ID`, for event streams. */
  lastEventId: string | undefined;
  /** Names of the faults that were applied to it. */
  faults: string[];
}

/** Something that no client may ever do. */
export interface Violation {
  requestIndex: number;
  message: string;
}

export type RequestMatch = string | ((request: RecordedRequest) => boolean);

export interface WaitOptions {
  /** The how-manieth match is awaited (1: the first one, which may have come already). */
  count?: number;
  /** Only requests with an index above this one count. */
  afterIndex?: number;
}

export interface RecorderSettings {
  onRequestEnd: ((request: RecordedRequest) => void) | undefined;
  /** How many requests are remembered; `index` counts all. */
  keptRecords: number;
}

interface Waiter {
  isDone: () => RecordedRequest | undefined;
  resolve: (request: RecordedRequest) => void;
  reject: (error: Error) => void;
}

/** Records every request, and notifies those who wait for one. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];
  readonly violations: Violation[] = [];
  readonly #settings: RecorderSettings;
  #arrived = 0;
  #waiters: Waiter[] = [];

  constructor(settings: RecorderSettings) {
    this.#settings = settings;
  }

  arrive(call: string, request: IncomingMessage, response: ServerResponse, url: URL): RecordedRequest {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : `${value}`,
      ]),
    );
    const record: RecordedRequest = {
      index: this.#arrived,
      call,
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
      body: undefined,
      bodyBytes: 0,
      status: undefined,
      startedAtMs: Date.now(),
      endedAtMs: undefined,
      finished: false,
      aborted: false,
      lastEventId: headers['last-event-id'],
      faults: [],
    };
    this.#arrived += 1;
    this.requests.push(record);
    dropOldest(this.requests, this.#settings.keptRecords, ({ finished }) => finished);
    response.once('close', () => this.#end(record, response));
    this.#notify();
    return record;
  }

  /** Records the status once an answer begins; who waits for it is told. */
  watchStatus(record: RecordedRequest, response: ServerResponse): void {
    const { writeHead } = response;
    const notify = () => this.#notify();
    response.writeHead = function recordStatus(this: ServerResponse, ...args: never[]) {
      record.status = Number(args[0]);
      notify();
      return Reflect.apply(writeHead, this, args);
    } as typeof writeHead;
  }

  /** Once for each request. */
  addViolation(requestIndex: number, message: string): void {
    const isKnown = this.violations.some((one) => one.requestIndex === requestIndex && one.message === message);
    if (!isKnown) this.violations.push({ requestIndex, message });
  }

  waitFor(match: RequestMatch, options: WaitOptions = {}, isReady = (_: RecordedRequest): boolean => true) {
    const { count = 1, afterIndex = -1 } = options;
    const matches = typeof match === 'string' ? (request: RecordedRequest) => request.call === match : match;
    const isDone = () =>
      this.requests.filter((request) => request.index > afterIndex && matches(request) && isReady(request))[count - 1];
    return new Promise<RecordedRequest>((resolve, reject) => {
      this.#waiters.push({ isDone, resolve, reject });
      this.#notify();
    });
  }

  /** Rejects all who still wait. */
  close(): void {
    for (const waiter of this.#waiters)
      waiter.reject(new Error('The emulator was closed while a request was awaited.'));
    this.#waiters = [];
  }

  #end(record: RecordedRequest, response: ServerResponse): void {
    record.finished = true;
    record.aborted = !response.writableFinished;
    record.endedAtMs = Date.now();
    this.#settings.onRequestEnd?.(record);
    this.#notify();
  }

  #notify(): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      const request = waiter.isDone();
      if (request === undefined) this.#waiters.push(waiter);
      else waiter.resolve(request);
    }
  }
}
