import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, RecordedRequest, Violation } from './types.ts';

export type RequestMatch = Call | ((request: RecordedRequest) => boolean);

export interface WaitOptions {
  /** The how-manieth match is awaited (1: the first one, which may have come already). */
  count?: number;
  /** Only requests with an index above this one count. */
  afterIndex?: number;
}

interface Waiter {
  isDone: () => RecordedRequest | undefined;
  resolve: (request: RecordedRequest) => void;
  reject: (error: Error) => void;
}

/** Remembers every request, and tells those who wait for one. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];
  readonly violations: Violation[] = [];
  readonly #onEnd: ((request: RecordedRequest) => void) | undefined;
  #waiters: Waiter[] = [];

  constructor(onEnd?: (request: RecordedRequest) => void) {
    this.#onEnd = onEnd;
  }

  arrive(call: Call, request: IncomingMessage, response: ServerResponse, url: URL): RecordedRequest {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : `${value}`,
      ]),
    );
    const record: RecordedRequest = {
      index: this.requests.length,
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
    this.requests.push(record);
    response.once('close', () => this.#end(record, response));
    this.#notify();
    return record;
  }

  addViolation(requestIndex: number, message: string): void {
    this.violations.push({ requestIndex, message });
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

  /** Whoever still waits is told that nothing will come. */
  close(): void {
    for (const waiter of this.#waiters)
      waiter.reject(new Error('The emulator was closed while a request was awaited.'));
    this.#waiters = [];
  }

  #end(record: RecordedRequest, response: ServerResponse): void {
    record.finished = true;
    record.aborted = !response.writableFinished;
    record.endedAtMs = Date.now();
    this.#onEnd?.(record);
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
