import { HttpError } from './errors.ts';
import type { HttpClient } from './http.ts';

/** A request as whoever observes requests may know it: no body, no header, no signature. */
export interface ObservedRequest {
  /** What it is for: "Asking for an upload signature". */
  what: string;
  method: string;
  /** Without what is a credential in it. */
  url: string;
  /** From 1; counted on where the request before it with the same purpose got no good answer. */
  attempt: number;
  /** Ms since 1970. */
  startedAtMs: number;
  /** Of a stream: until its end. Undefined while it is under way. */
  durationMs?: number;
  /** Of the answer; undefined if there was none. */
  status?: number;
  /** Why there is no usable answer. */
  error?: string;
}

/** @param onRequest called before each request; what it gets is completed as the request goes on */
export function observeRequests(http: HttpClient, onRequest: (request: ObservedRequest) => void): HttpClient {
  const failed = new Map<string, number>();
  const begin = ({ what, method, url }: Parameters<HttpClient['send']>[0]) => {
    const key = `${method} ${what}`;
    const attempt = (failed.get(key) ?? 0) + 1;
    failed.set(key, attempt);
    const startMs = performance.now();
    const request: ObservedRequest = { what, method, url: withoutCredentials(url), attempt, startedAtMs: Date.now() };
    onRequest(request);
    const end = (): void => {
      request.durationMs = performance.now() - startMs;
    };
    const answered = (status: number): void => {
      failed.delete(key);
      request.status = status;
    };
    const fail = (error: unknown): never => {
      if (error instanceof HttpError) request.status = error.status;
      request.error = error instanceof Error ? error.message : String(error);
      end();
      throw error;
    };
    return { answered, end, fail };
  };
  return {
    ...http,
    send: async (call) => {
      const { answered, end, fail } = begin(call);
      const answer = await http.send(call).catch(fail);
      answered(answer.status);
      end();
      return answer;
    },
    open: async (call) => {
      const { answered, end, fail } = begin(call);
      const { headers, body } = await http.open(call).catch(fail);
      // `open` gives nothing for any other status.
      answered(200);
      return { headers, body: observeBody(body, end, fail) };
    },
  };
}

async function* observeBody(
  body: AsyncIterable<Uint8Array>,
  end: () => void,
  fail: (error: unknown) => never,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    fail(error);
  } finally {
    end();
  }
}

/** Names in a query whose values are credentials, as in signed URLs: of such a URL no part of the query stays. */
const CREDENTIAL = /signature|credential|token|key|secret|password|\bsig\b/i;

function withoutCredentials(url: URL): string {
  const isSigned = [...url.searchParams.keys()].some((name) => CREDENTIAL.test(name));
  return `${url.origin}${url.pathname}${isSigned ? '?***' : url.search}`;
}
