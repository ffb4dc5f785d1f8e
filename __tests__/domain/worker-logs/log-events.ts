/** Worker log events for tests. */
import type { LogLine, WorkerLogEvent } from '../../../src/domain/worker-logs/log-event.ts';

export function errorLine(message: string, more: Partial<LogLine> = {}): LogLine {
  return { atMs: undefined, level: 'error', messages: [message], exception: undefined, ...more };
}

export function eventOf(
  url: string,
  atMs: number | undefined,
  lines: readonly LogLine[] = [],
  more: Partial<WorkerLogEvent> = {},
): WorkerLogEvent {
  const request = { method: 'GET', url, statusCode: 200 };
  return { id: undefined, atMs, request, lines, json: JSON.stringify({ url, atMs }), ...more };
}
