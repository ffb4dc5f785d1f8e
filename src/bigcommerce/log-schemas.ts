import * as z from 'zod/mini';
import { LOG_LEVELS, type LoggedRequest, type LogLine, type WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import { mapped, orMissing, orUndefined } from '../schema.ts';

/**
 * Logs of workers, from unknown to typed (API document, section 1, "Worker log event" and the log query). A worker logs
 * whatever it likes, so no odd field costs an entry: it is left out, and what is readable counts.
 */

/** Of one message; a longer one is cut, since a worker may log whole pages. */
const MAX_MESSAGE_CHARS = 10_000;
/** Of one entry. */
const MAX_MESSAGES = 100;
const MAX_LINES = 1000;
const MAX_URL_CHARS = 4000;

const level = z.catch(z.enum(LOG_LEVELS), 'info');
const time = mapped(orMissing(z.union([z.string(), z.number()])), readTime);
const messages = mapped(orMissing(z.array(z.unknown())), (all): readonly string[] =>
  (all ?? []).slice(0, MAX_MESSAGES).map(renderMessage),
);
const text = z.catch(z._default(z.string(), ''), '');

const request = mapped(
  orMissing(z.object({ method: text, url: text, status_code: orMissing(z.number()) })),
  (found): LoggedRequest | undefined =>
    found === undefined || found === null
      ? undefined
      : { method: found.method, url: found.url.slice(0, MAX_URL_CHARS), statusCode: found.status_code || undefined },
);

const tailLog = mapped(
  z.object({ timestamp: time, level, messages }),
  (log): LogLine => ({ atMs: log.timestamp, level: log.level, messages: log.messages, exception: undefined }),
);

const tailException = mapped(
  z.object({ timestamp: time, name: text, message: text }),
  (found): LogLine => ({
    atMs: found.timestamp,
    level: 'error',
    messages: [renderMessage(found.message)],
    exception: found.name || 'Error',
  }),
);

/** An odd item does not hide the others. */
function listOf(item: z.ZodMiniType<LogLine>) {
  return mapped(orMissing(z.array(z.catch(z.nullable(item), null))), (all) =>
    (all ?? []).filter((one) => one !== null).slice(0, MAX_LINES),
  );
}

const tailEvent = mapped(
  z.object({
    uuid: orUndefined(z.string()),
    project_uuid: orUndefined(z.string()),
    timestamp: time,
    request,
    logs: listOf(tailLog),
    exceptions: listOf(tailException),
  }),
  (event): Omit<TailEvent, 'json'> => ({
    id: event.uuid,
    projectUuid: event.project_uuid,
    atMs: event.timestamp,
    request: event.request,
    lines: [...event.logs, ...event.exceptions],
  }),
);

/** An event of the tail names its project. */
export interface TailEvent extends WorkerLogEvent {
  projectUuid: string | undefined;
}

const queryEntry = mapped(
  z.object({
    id: orUndefined(z.string()),
    timestamp: time,
    entry_type: orUndefined(z.string()),
    level,
    messages,
    is_exception: orUndefined(z.boolean()),
    exception_name: orMissing(z.string()),
    request_id: orMissing(z.string()),
    request,
  }),
  (entry): Omit<QueryEntry, 'json'> => ({
    id: entry.id,
    requestId: entry.request_id ?? undefined,
    isRequest: entry.entry_type === 'request',
    request: entry.request,
    line: {
      atMs: entry.timestamp,
      level: entry.level,
      messages: entry.messages,
      exception: entry.is_exception === true ? (entry.exception_name ?? 'Error') : undefined,
    },
  }),
);

/** One entry of the query: a request, or one line that was logged during one. */
export interface QueryEntry {
  id: string | undefined;
  /** The same for all entries of a request. */
  requestId: string | undefined;
  isRequest: boolean;
  request: LoggedRequest | undefined;
  line: LogLine;
  /** As the platform gave it. */
  json: string;
}

/** Null for what is no entry. */
const queryItem = mapped(z.unknown(), (item): QueryEntry | null => {
  const entry = queryEntry.safeParse(item).data;
  return entry === undefined ? null : { ...entry, json: JSON.stringify(item) };
});

export interface LogPage {
  entries: QueryEntry[];
  /** Entries that could not be read. */
  unreadable: number;
  /** Cursor of the next page, which is older; undefined on the last one. */
  after: string | undefined;
}

const logPage = mapped(
  z.object({
    data: z.array(queryItem),
    meta: orMissing(
      z.object({
        cursor_pagination: orMissing(
          z.object({
            end_cursor: orMissing(z.string()),
            links: orMissing(z.object({ next: orMissing(z.string()) })),
            has_next_page: orMissing(z.boolean()),
          }),
        ),
      }),
    ),
  }),
  ({ data, meta }): LogPage => {
    const entries = data.filter((one) => one !== null);
    const paging = meta?.cursor_pagination;
    const next = paging?.links?.next ?? '';
    const isMore = next !== '' || paging?.has_next_page === true;
    const inLink = new URLSearchParams(next.slice(next.indexOf('?') + 1)).get('after') ?? '';
    const after = isMore ? paging?.end_cursor || inLink : '';
    return { entries, unreadable: data.length - entries.length, after: after === '' ? undefined : after };
  },
);

export const parseLogPage = (value: unknown) => logPage.parse(value);

/** @returns for anything else the reason, never a piece of the data, which may hold anything */
export function parseTailEvent(data: string): TailEvent | { unreadable: string } {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { unreadable: `not JSON, ${data.length} characters` };
  }
  const event = tailEvent.safeParse(json).data;
  return event === undefined ? { unreadable: 'no object' } : { ...event, json: JSON.stringify(json) };
}

/** A text as it is, anything else as JSON. */
function renderMessage(message: unknown): string {
  const rendered = typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
  return rendered.length > MAX_MESSAGE_CHARS ? `${rendered.slice(0, MAX_MESSAGE_CHARS)}…` : rendered;
}

function readTime(value: string | number | null | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const atMs = typeof value === 'number' ? value : Date.parse(value);
  return Number.isFinite(atMs) ? atMs : undefined;
}
