import type { Service } from './services.ts';

export interface HttpCall {
  /** What the call is for, as a sentence begins: "Asking for an upload signature". */
  what: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  /** Who answers, for the title of a failure. */
  service?: Service | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Chunks are asked for one by one: the next when the socket has taken the last. */
  body?: string | AsyncIterable<Uint8Array>;
  /** For one attempt: from the start of connecting to the last byte received (or the headers, for a stream). */
  timeoutMs: number;
  signal: AbortSignal;
  /** Larger answers are not read; the default is far above any answer of these APIs. */
  maxAnswerBytes?: number;
  /** The format of a body read piece by piece: one of a firewall or proxy is refused by its first bytes. */
  expects?: 'events' | 'a CSV file' | 'a zip file' | 'a gzip file';
  /** What the user can do about a refusal with this status; undefined for the general advice. */
  explain?: (status: number, fields: Readonly<Record<string, string>>) => string | undefined;
  /** Reduces the server's own words about a refusal to what may be shown; all of them by default. */
  cleanWords?: (words: string) => string;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}
