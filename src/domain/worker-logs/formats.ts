import type { LogLine, WorkerLogEvent } from './log-event.ts';

export const LOG_FORMATS = ['default', 'short', 'request', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The lines of an event, one for each line that was logged. Not redacted. */
export function renderEvent(event: WorkerLogEvent, format: LogFormat): string[] {
  if (format === 'json') return [event.json];
  if (event.lines.length > 0) return event.lines.map((line) => renderLine(event, line, format));
  return format === 'request' && event.request !== undefined
    ? [`[${renderTime(event.atMs)}]${renderRequest(event)}`]
    : [];
}

function renderLine(event: WorkerLogEvent, line: LogLine, format: Exclude<LogFormat, 'json'>): string {
  const message = line.messages.join(' ').replace(/\s+/g, ' ').trim();
  if (format === 'short') return message;
  const request = format === 'request' ? renderRequest(event) : '';
  const name = line.exception === undefined || message.includes(line.exception) ? '' : ` [${line.exception}]`;
  return `[${renderTime(line.atMs ?? event.atMs)}]${request} [${line.level.toUpperCase()}]${name} ${message}`;
}

function renderTime(atMs: number | undefined): string {
  return atMs === undefined ? 'unknown' : new Date(atMs).toISOString();
}

function renderRequest({ request }: WorkerLogEvent): string {
  if (request === undefined) return '';
  const status = request.statusCode === undefined ? '' : ` (${request.statusCode})`;
  return ` ${request.method} ${request.url}${status}`;
}
