import type { WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import { ActionError } from '../errors.ts';
import { repeatAlways } from '../net/retry.ts';
import { type ApiOptions, callEndpoint } from './endpoint.ts';
import { createOpenStream, followEvents } from './events.ts';
import { type LogPage, parseLogPage, parseTailEvent, type QueryEntry, type TailEvent } from './log-schemas.ts';
import type { LogFilter, LogsClient, QueryOptions, TailOptions } from './logs.ts';
import { RecentIds } from './recent-ids.ts';

const ENTRIES_A_PAGE = 500;
/** A million entries: twice as many as the action reads at most, since a page may have fewer. */
const MAX_PAGES = 2000;
/** Ids of events that were seen: a reconnect repeats the last few. */
const REMEMBERED_IDS = 10_000;
/** A worker may log much within one request. */
const MAX_EVENT_CHARS = 8 * 1024 * 1024;
/** 64 kB for each entry. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;

export function createLogsClient(api: ApiOptions): LogsClient {
  return {
    tail: (projectUuid, options) => tail(api, projectUuid, options),
    query: (projectUuid, filter, options) => query(api, projectUuid, filter, options),
  };
}

function pathOf(projectUuid: string): string {
  return `infrastructure/logs/${encodeURIComponent(projectUuid)}`;
}

/** `GET /infrastructure/logs/{project_uuid}/tail`, through any number of connections. */
async function* tail(api: ApiOptions, projectUuid: string, options: TailOptions): AsyncGenerator<WorkerLogEvent> {
  const source = {
    what: 'Following the worker’s log',
    path: `${pathOf(projectUuid)}/tail`,
    scope: 'logs-read',
  } as const;
  const open = createOpenStream(api, source);
  const opened: typeof open = async (lastEventId, signal) => {
    const stream = await open(lastEventId, signal);
    options.onOpen?.();
    return stream;
  };
  const reading = {
    parse: parseTailEvent,
    subjectOf: (event: TailEvent) => event.projectUuid,
    subject: projectUuid,
    subjectWord: 'project',
    maxEventChars: MAX_EVENT_CHARS,
    endWords: 'ended the stream, as it does every minute',
    // The project exists: a 404 is a missing scope or feature.
    maxNotFound: 0,
  };
  const seen = new RecentIds(REMEMBERED_IDS);
  for await (const { projectUuid: _, ...event } of followEvents(opened, reading, options)) {
    if (event.id === undefined || seen.isNew(event.id)) yield event;
  }
}

/** `GET /infrastructure/logs/{project_uuid}`, all pages, the newest entries first. */
async function* query(
  api: ApiOptions,
  projectUuid: string,
  filter: LogFilter,
  { onSkipped = () => {} }: QueryOptions = {},
): AsyncGenerator<readonly WorkerLogEvent[]> {
  const cursors = new Set<string>();
  const seen = new RecentIds(REMEMBERED_IDS);
  for (let after: string | undefined; ; ) {
    const page: LogPage = await callEndpoint(api, {
      what: 'Reading the worker’s log',
      method: 'GET',
      path: pathOf(projectUuid),
      query: { ...queryOf(filter), limit: String(ENTRIES_A_PAGE), after },
      scope: 'logs-read',
      parse: parseLogPage,
      maxAnswerBytes: MAX_PAGE_BYTES,
      mayRepeat: repeatAlways,
    });
    if (page.unreadable > 0) onSkipped(`${page.unreadable} entries that are not what the API describes`);
    yield page.entries.filter(({ id }) => id === undefined || seen.isNew(id)).map(toEvent);
    // A cursor that repeats would loop forever.
    if (page.after === undefined || cursors.has(page.after)) return;
    cursors.add(page.after);
    if (cursors.size >= MAX_PAGES) throw endless();
    after = page.after;
  }
}

function queryOf({ startMs, endMs, entryType, method, statusCode, url, level }: LogFilter) {
  return {
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
    entry_type: entryType,
    method,
    status_code: statusCode === undefined ? undefined : String(statusCode),
    'url:like': url,
    'level:min': level,
  };
}

/** An entry of the query is one line, or a request without any. */
function toEvent({ id, isRequest, request, requestId, line, json }: QueryEntry): WorkerLogEvent {
  return { id, atMs: line.atMs, request, requestId, lines: isRequest ? [] : [line], json };
}

function endless(): ActionError {
  return new ActionError(`Reading the worker’s log: after ${MAX_PAGES} pages it still goes on.`, {
    topic: 'no-connection-or-no-answer',
    title: 'The worker’s log does not end',
    fix: 'Ask for a shorter time, or for fewer entries.',
  });
}
