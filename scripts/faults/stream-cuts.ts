/**
 * An event stream that is cut at each of its bytes, by an end and by a reset: thousands of connections, so the real client
 * reads them in this process, over real sockets. After the cut comes another connection with all of it.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '../../src/net/http.ts';
import { type RecordedStream, recordStreams } from './stream-records.ts';

/** So many clients at once. */
const WIDTH = 100;
/** Longer than any pause before another connection. */
const LIMIT_MS = 30_000;

const ENDINGS = ['end', 'reset'] as const;

interface Cut {
  stream: RecordedStream;
  ending: (typeof ENDINGS)[number];
  afterBytes: number;
}

export interface CutsResult {
  /** By name of the stream: its bytes, and how many cuts were made. */
  streams: readonly { name: string; bytes: number; cuts: number }[];
  problems: readonly string[];
  durationMs: number;
}

export async function cutStreams(): Promise<CutsResult> {
  const startMs = performance.now();
  const streams = await recordStreams();
  const cuts = streams.flatMap((stream) =>
    ENDINGS.flatMap((ending) =>
      Array.from({ length: bytesOf(stream).length + 1 }, (_, afterBytes): Cut => ({ stream, ending, afterBytes })),
    ),
  );
  const problems: string[] = [];
  const queue = cuts.values();
  const worker = async () => {
    for (const cut of queue) problems.push(...(await playCut(cut)));
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return {
    streams: streams.map((stream) => {
      const bytes = bytesOf(stream).length;
      return { name: stream.name, bytes, cuts: (bytes + 1) * ENDINGS.length };
    }),
    problems,
    durationMs: performance.now() - startMs,
  };
}

function bytesOf({ text }: RecordedStream): Buffer {
  return Buffer.from(text);
}

async function playCut(cut: Cut): Promise<string[]> {
  const { stream, ending, afterBytes } = cut;
  const problems: string[] = [];
  const seen = { connections: 0, whole: [] as string[] };
  const server = createServer((_, response) => {
    seen.connections += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (seen.connections > 1) response.end(stream.text);
    else sendCut(response, bytesOf(stream).subarray(0, afterBytes), ending);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpClient({ userAgent: 'faults', correlationId: 'faults' });
  const signal = AbortSignal.timeout(LIMIT_MS);
  const apiOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = { http, apiOrigin, storeHash: 'store', accessToken: 'token', signal, onRetry: () => {} };
  const onSkipped = (what: string) => problems.push(`skipped ${what}`);
  try {
    for await (const item of stream.follow(api, { signal, onReconnect: () => {}, onSkipped })) {
      if (stream.isLast(item)) break;
    }
    const expected = isWholeAt(stream, afterBytes) ? 1 : 2;
    if (seen.connections !== expected) problems.push(`${seen.connections} connections, and not ${expected}`);
  } catch (error) {
    problems.push(`threw ${error instanceof Error ? error.message : error}`);
  } finally {
    await http.close();
    server.close();
    server.closeAllConnections();
  }
  return problems.map((problem) => `${stream.name}, ${ending} after ${afterBytes} bytes: ${problem}`);
}

/** Whether the last event is complete by then: its line has ended, and the blank line after it, too. */
function isWholeAt(stream: RecordedStream, afterBytes: number): boolean {
  return (
    bytesOf(stream).subarray(0, afterBytes).toString('latin1').trimEnd().length + 2 <= afterBytes &&
    bytesOf(stream).subarray(0, afterBytes).toString('latin1').trimEnd() ===
      bytesOf(stream).toString('latin1').trimEnd()
  );
}

function sendCut(response: ServerResponse, bytes: Buffer, ending: Cut['ending']): void {
  if (ending === 'end') {
    response.end(bytes);
    return;
  }
  response.flushHeaders();
  // Only once the bytes are handed over may the socket go.
  response.write(bytes.length === 0 ? '' : bytes, () => setTimeout(() => response.socket?.destroy(), 5));
}
