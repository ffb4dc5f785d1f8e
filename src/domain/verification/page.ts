/** A page of a storefront, as it was answered. Types only. */

/** One answer on the way to a page. */
export interface PageHop {
  status: number;
  url: URL;
  /** Where a redirect leads, resolved; undefined if it is none, or names no place that could be read. */
  location: URL | undefined;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

/**
 * Why there is no answer. `dns`, `tls`, `connection`, `proxy`: it was not reached. `address`: its name leads into a private
 * network, where nothing is asked. `timeout`, `broken`: it was reached, and did not answer in time, or broke off.
 * `redirects`: it redirects in a circle, or too often.
 */
export type PageFault = 'dns' | 'tls' | 'connection' | 'proxy' | 'address' | 'timeout' | 'broken' | 'redirects';

export type PageAnswer =
  | {
      kind: 'answered';
      /** At least one; the last one is the answer that counts: the last one within the storefront's hosts. */
      hops: readonly PageHop[];
      /** Of the last one: decompressed, and cut at the limit. */
      body: string;
      bytes: number;
      /** The body is longer than what was read. */
      isCut: boolean;
      /** From the first request to the headers of the last answer. */
      firstByteMs: number;
    }
  /** @property reason a few words: `no such host` */
  | { kind: 'none'; fault: PageFault; reason: string; hops: readonly PageHop[] };

export interface PageRequest {
  url: URL;
  /** Sent to the first host only. */
  headers: Readonly<Record<string, string>>;
  /** Redirects are followed to these hosts (`host` or `host:port`), and to no others. */
  hosts: ReadonlySet<string>;
  /** For the request with all its redirects. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Asks for pages. */
export interface Pages {
  /** Never throws but the signal's reason. */
  get(request: PageRequest): Promise<PageAnswer>;
  close(): Promise<void>;
}
