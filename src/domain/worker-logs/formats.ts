import { CONTROL_CHARACTERS } from '../hidden-characters.ts';
import { withoutCommands } from '../log-text.ts';
import type { LoggedRequest, LogLine, WorkerLogEvent } from './log-event.ts';

/** After the formats of BigCommerce's own `catalyst logs`, with the same names. */
export const LOG_FORMATS = ['default', 'short', 'request', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** In place of a time that is not known, as with `catalyst logs query`. */
const UNKNOWN_TIME = 'unknown';

/**
 * What was logged during one request, in lines as `catalyst logs` prints them, without colours:
 *
 * - `default`: `[2026-01-01T12:00:00.000Z] [WARN] slow {"ms":12}` for each log and exception
 * - `short`: their messages alone
 * - `request`: `[2026-01-01T12:00:00.000Z] POST https://shop.example/cart (500) [WARN] slow {"ms":12}`, and a line for a
 *   request that has logged nothing
 * - `json`: the event or entry as the platform gave it, on one line
 *
 * A log takes one line, whatever its messages hold. No line has control characters or can be read as a workflow command,
 * neither in the job log nor when a later step prints the file. An event is to be redacted before it is rendered: a
 * secret of several lines would not be found in one line.
 */
export function renderEvent(event: WorkerLogEvent, format: LogFormat): string[] {
  if (format === 'json') return [renderJson(event.json)];
  const lines = event.lines.map((line) => renderLine(line, event, format));
  const isBare = format === 'request' && lines.length === 0 && event.request !== undefined;
  if (isBare) lines.push([renderTime(event.atMs), renderRequest(event.request)].join(' ').trimEnd());
  return lines.map(withoutCommands);
}

function renderLine(line: LogLine, event: WorkerLogEvent, format: Exclude<LogFormat, 'json'>): string {
  const message = oneLine(line.messages.join(' '));
  const name = oneLine(line.exception ?? '');
  if (format === 'short') return message === '' ? name : message;
  const request = format === 'request' ? renderRequest(event.request) : '';
  const isEmpty = message === '' && name === '';
  const parts = [
    renderTime(line.atMs ?? event.atMs),
    request,
    // The level is the message's: a request without a message has none.
    request !== '' && isEmpty ? '' : `[${line.level.toUpperCase()}]`,
    name === '' || isIn(message, name) ? '' : `[${name}]`,
    message,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `GET https://shop.example/ (200)`, as far as it is known. */
function renderRequest(request: LoggedRequest | undefined): string {
  if (request === undefined) return '';
  const what = [request.method, request.url].map(oneLine).filter((part) => part !== '');
  if (what.length === 0) return '';
  return [...what, ...(request.statusCode === undefined ? [] : [`(${request.statusCode})`])].join(' ');
}

function renderTime(atMs: number | undefined): string {
  const time = new Date(atMs ?? Number.NaN);
  return `[${Number.isNaN(time.getTime()) ? UNKNOWN_TIME : time.toISOString()}]`;
}

/** Whether a message tells the name of its exception. Names may be patterns, with `<*>` for what varies. */
function isIn(message: string, name: string): boolean {
  const parts = name.split('<*>').map((part) => part.trim());
  return parts.every((part) => message.includes(part)) && parts.some((part) => part !== '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(CONTROL_CHARACTERS, '').trim();
}

/** The same JSON. Only strings can hold what is escaped here; line breaks between values go. */
function renderJson(json: string): string {
  return json
    .replace(/[\r\n]+/g, ' ')
    .replace(CONTROL_CHARACTERS, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/##\[/g, '\\u0023#[');
}
