import * as z from 'zod/mini';
import type { WorkerLog } from '../worker-logs/records.ts';

/** Runs beside the storefront's worker, and is given the trace of each of its requests. */
export const TAIL_WORKER = `export default {
  async tail(items, env) {
    const traces = items.map(({ event, eventTimestamp, logs, exceptions }) => ({
      request: event?.request && { method: event.request.method, url: event.request.url },
      status: event?.response?.status,
      timestamp: eventTimestamp,
      logs: logs.map(({ timestamp, level, message }) => ({ timestamp, level, message })),
      exceptions: exceptions.map(({ timestamp, name, message }) => ({ timestamp, name, message })),
    }));
    await env.SINK.fetch('http://sink/', { method: 'POST', body: JSON.stringify(traces) });
  },
};`;

const traces = z.array(
  z.object({
    request: z.nullish(z.object({ method: z.string(), url: z.string() })),
    status: z.nullish(z.number()),
    timestamp: z.nullish(z.number()),
    logs: z.array(z.object({ timestamp: z.number(), level: z.string(), message: z.unknown() })),
    exceptions: z.array(z.object({ timestamp: z.number(), name: z.string(), message: z.string() })),
  }),
);

/** Status code of a request whose status is unknown (API document, section 1, table of calls). */
const UNKNOWN_STATUS = 0;

/** A worker log event for each request that was traced. What belongs to no request is dropped. */
export function parseTail(items: unknown): Partial<WorkerLog>[] {
  return traces.parse(items).flatMap(({ request, status, timestamp, logs, exceptions }) => {
    if (request === undefined || request === null) return [];
    return {
      // The edge answers an exception with 500. A request without either was given up by its client.
      request: { ...request, status_code: status ?? (exceptions.length > 0 ? 500 : UNKNOWN_STATUS) },
      logs: logs.map((log) => ({
        timestamp: renderTime(log.timestamp),
        level: toLevel(log.level),
        messages: Array.isArray(log.message) ? log.message : [log.message],
      })),
      exceptions: exceptions.map((one) => ({ ...one, timestamp: renderTime(one.timestamp) })),
      timestamp: renderTime(timestamp ?? Date.now()),
    };
  });
}

function renderTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** `console.log` is `info` with the platform. */
function toLevel(level: string): WorkerLog['logs'][number]['level'] {
  return level === 'debug' || level === 'warn' || level === 'error' ? level : 'info';
}
