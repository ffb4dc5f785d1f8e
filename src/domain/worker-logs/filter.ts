import { LOG_LEVELS, type LoggedRequest, type LogLevel, type LogLine, type WorkerLogEvent } from './log-event.ts';

export const ENTRY_TYPES = ['log', 'request'] as const;

/** Which entries of the log are asked for, as the log query has it (API document, section 1). */
export interface EntryFilter {
  entryType?: (typeof ENTRY_TYPES)[number] | undefined;
  /** In capitals. */
  method?: string | undefined;
  statusCode?: number | undefined;
  /** A part of the URL, case included. */
  url?: string | undefined;
  /** That level and higher ones. */
  level?: LogLevel | undefined;
}

/**
 * What of an event passes a filter, for the tail, which takes none itself; undefined: nothing. An event is a request with
 * its lines; to the query, the request is an entry of level `info`.
 */
export function filterEvent(event: WorkerLogEvent, filter: EntryFilter): WorkerLogEvent | undefined {
  if (!isWanted(event.request, filter)) return undefined;
  const lines = filter.entryType === 'request' ? [] : event.lines.filter((line) => hasLevel(line, filter));
  if (lines.length > 0) return { ...event, lines };
  const isRequestWanted =
    filter.entryType !== 'log' && event.request !== undefined && hasLevel({ level: 'info' }, filter);
  return isRequestWanted ? { ...event, lines } : undefined;
}

function isWanted(request: LoggedRequest | undefined, { method, statusCode, url }: EntryFilter): boolean {
  if (method !== undefined && request?.method.toUpperCase() !== method) return false;
  if (statusCode !== undefined && request?.statusCode !== statusCode) return false;
  return url === undefined || request?.url.includes(url) === true;
}

function hasLevel({ level }: Pick<LogLine, 'level'>, filter: EntryFilter): boolean {
  return filter.level === undefined || LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(filter.level);
}
