import * as z from 'zod/mini';
import { LOG_LEVELS, type LoggedRequest, type LogLine, type WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import { mapped, orMissing, orUndefined } from '../schema.ts';

/**
 * Logs of workers, from unknown to typed (API document, section 1, "Worker log event" and the log query). A worker logs
 * whatever it likes, so no odd field costs an entry: it is left out, and what is readable counts. The size of an event
 * or a page is bounded, so the number of its logs need not be.
 */

/** Of one message; a longer one is cut, since a worker may log whole pages. */
const MAX_MESSAGE_CHARS = 10_000;
/** Of one log. */
const MAX_MESSAGES = 100;
const MAX_URL_CHARS = 4000;
const MAX_NAME_CHARS = 200;
/** A longer one is no id, and is not remembered. */
const MAX_ID_CHARS = 200;

const UNNAMED = 'Error';
const TOO_DEEP = '(nested too deeply to be shown)';

const id = orUndefined(z.string().check(z.minLength(1), z.maxLength(MAX_ID_CHARS)));
const level = z.catch(
  z.pipe(
    mapped(z.string(), (word) => word.toLowerCase()),
    z.enum(LOG_LEVELS),
  ),
  'info',
);
const time = mapped(orMissing(z.union([z.string(), z.number()])), readTime);
const text = z.catch(z._default(z.string(), ''), '');
const name = mapped(text, (given) => cut(given, MAX_NAME_CHARS));

/** What a worker gave to `console`; the only message, if it is no list. */
const messages = mapped(z.optional(z.unknown()), (given): readonly string[] => {
  if (given === undefined || given === null) return [];
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  const shown = all.slice(0, MAX_MESSAGES).map(renderMessage);
  return all.length > shown.length ? [...shown, '…'] : shown;
});

const request = mapped(
  orMissing(z.object({ method: name, url: text, status_code: orMissing(z.int()) })),
  (found): LoggedRequest | undefined =>
    found === undefined || found === null
      ? undefined
      : { method: found.method, url: cut(found.url, MAX_URL_CHARS), statusCode: readStatus(found.status_code ?? 0) },
);

const tailLog = mapped(
  z.object({ timestamp: time, level, messages }),
  (log): LogLine => ({ atMs: log.timestamp, level: log.level, messages: log.messages, exception: undefined }),
);

const tailException = mapped(
  z.object({ timestamp: time, name, message: z.optional(z.unknown()) }),
  (found): LogLine => ({
    atMs: found.timestamp,
    level: 'error',
    messages: [renderMessage(found.message ?? '')],
    exception: found.name || UNNAMED,
  }),
);

/** An item that is no object is what was logged or thrown. */
function listOf(item: z.ZodMiniType<LogLine>, rest: Pick<LogLine, 'level' | 'exception'>) {
  const anyItem = mapped(
    z.unknown(),
    (found): LogLine => item.safeParse(found).data ?? { atMs: undefined, ...rest, messages: [renderMessage(found)] },
  );
  return orMissing(z.array(anyItem));
}

const tailEvent = mapped(
  z.object({
    uuid: id,
    project_uuid: orUndefined(z.string()),
    timestamp: time,
    request,
    logs: listOf(tailLog, { level: 'info', exception: undefined }),
    exceptions: listOf(tailException, { level: 'error', exception: UNNAMED }),
  }),
  (event): Omit<TailEvent, 'json'> | undefined => {
    // Something else, such as a sign of life.
    if (event.request === undefined && !event.logs && !event.exceptions) return undefined;
    return {
      id: event.uuid,
      projectUuid: event.project_uuid,
      atMs: event.timestamp,
      request: event.request,
      lines: [...(event.logs ?? []), ...(event.exceptions ?? [])],
    };
  },
);

/** An event of the tail names its project. */
export interface TailEvent extends WorkerLogEvent {
  projectUuid: string | undefined;
}

const queryEntry = mapped(
  z.object({
    id,
    timestamp: time,
    entry_type: orUndefined(z.string()),
    level,
    messages,
    is_exception: orUndefined(z.boolean()),
    exception_name: name,
    request_id: id,
    request,
  }),
  (entry): Omit<QueryEntry, 'json'> => {
    const exception = entry.is_exception === true ? entry.exception_name || UNNAMED : undefined;
    const line = {
      atMs: entry.timestamp,
      level: exception === undefined ? entry.level : 'error',
      messages: entry.messages,
      exception,
    };
    const isRequest =
      entry.entry_type === undefined ? isRequestRow(entry.request, line) : entry.entry_type === 'request';
    return { id: entry.id, isRequest, request: entry.request, requestId: entry.request_id, line };
  },
);

/** Without an `entry_type`, BigCommerce's own tool knows a request by its message, which is its method and URL. */
function isRequestRow(of: LoggedRequest | undefined, { messages: said, exception }: LogLine): boolean {
  if (of === undefined || of.method === '' || of.url === '' || exception !== undefined) return false;
  return said.length === 1 && said[0] === `${of.method} ${of.url}`;
}

/** One entry of the query: a request, or one line that was logged during one. */
export interface QueryEntry {
  id: string | undefined;
  isRequest: boolean;
  request: LoggedRequest | undefined;
  requestId: string | undefined;
  line: LogLine;
  /** As the platform gave it. */
  json: string;
}

/** Null for what is no entry. */
const queryItem = mapped(z.unknown(), (item): QueryEntry | null => {
  const entry = queryEntry.safeParse(item).data;
  return entry === undefined ? null : { ...entry, json: toJson(item) ?? JSON.stringify(TOO_DEEP) };
});

export interface LogPage {
  entries: QueryEntry[];
  /** Entries that could not be read. */
  unreadable: number;
  /** Cursor of the next page, which is older; undefined on the last one. */
  after: string | undefined;
}

const paging = z.object({
  end_cursor: orMissing(z.string()),
  links: orMissing(z.object({ next: orMissing(z.string()) })),
  has_next_page: orMissing(z.boolean()),
});

const logPage = mapped(
  z.object({
    data: z.nullable(z.array(queryItem)),
    meta: orMissing(z.object({ cursor_pagination: orMissing(paging) })),
  }),
  ({ data, meta }): LogPage => {
    const all = data ?? [];
    const entries = all.filter((one) => one !== null);
    const after = nextCursor(meta?.cursor_pagination, all.length === 0);
    return { entries, unreadable: all.length - entries.length, after };
  },
);

/** Where pages say neither by links nor by flags which is the last one, cursors lead on up to an empty page. */
function nextCursor(given: z.output<typeof paging> | null | undefined, isEmpty: boolean): string | undefined {
  const { links, has_next_page: hasNext, end_cursor: cursor } = given ?? {};
  const next = links?.next || undefined;
  const saysNothing = !links && typeof hasNext !== 'boolean';
  const isMore = saysNothing ? !isEmpty : next !== undefined || hasNext === true;
  return isMore ? cursor || cursorIn(next) || undefined : undefined;
}

/** A link is a URL or its query alone. */
function cursorIn(link = ''): string | null {
  return new URLSearchParams(link.replace(/#.*$/s, '').slice(link.indexOf('?') + 1)).get('after');
}

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
  // The text itself: numbers stay as they are, and any depth is fine. Within strings, JSON has no line breaks.
  return event === undefined ? { unreadable: 'no log event' } : { ...event, json: data.replace(/[\r\n]+/g, ' ') };
}

/** What terminals take for colours (ECMA-48, section 5.4, "control sequences"). */
const ESCAPE = '\u001b';
const COLOURS = new RegExp(String.raw`${ESCAPE}\[[0-?]*[ -/]*[@-~]`, 'g');

/** A text without colours, anything else as JSON. */
function renderMessage(message: unknown): string {
  return cut(
    typeof message === 'string' ? message.replace(COLOURS, '') : (toJson(message) ?? TOO_DEEP),
    MAX_MESSAGE_CHARS,
  );
}

/** Undefined: it is nested more deeply than Node's stack allows. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return undefined;
  }
}

/** The redactor finds the beginning of a secret only in a text that is marked as cut. */
function cut(given: string, maxChars: number): string {
  return given.length > maxChars ? `${given.slice(0, maxChars).toWellFormed()}…` : given;
}

/** 0 is the platform's word for unknown. */
function readStatus(status: number): number | undefined {
  return status > 0 && status < 1000 ? status : undefined;
}

/** With or without a zone; the platform's times are in UTC. `Date.parse` would take far more, and local time. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/i;
/** Beyond it, no Date has a text. */
const MAX_TIME_MS = 8.64e15;

function readTime(value: string | number | null | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return Math.abs(value) <= MAX_TIME_MS ? value : undefined;
  const [, day, hours = '00:00', zone = 'Z'] = ISO_TIME.exec(value) ?? [];
  const atMs = day === undefined ? Number.NaN : Date.parse(`${day}T${hours}${zone.toUpperCase()}`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
