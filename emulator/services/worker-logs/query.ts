import { createHash } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createErrorAnswer } from '../../answers.ts';
import type { Errors } from '../../query.ts';
import { readInteger, readWord } from '../../query.ts';
import { renderEntry } from './entries.ts';
import type { LogEntry } from './records.ts';
import { ENTRY_TYPES, LOG_LEVELS } from './records.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;
const MAX_WINDOW_MS = 7 * 24 * 60 * 60 * 1000;
/** All that a cursor depends on: it is good for one window and one set of filters. */
const SELECTING = ['start', 'end', 'entry_type', 'method', 'status_code', 'url:like', 'level:min'] as const;

type Filter = (entry: LogEntry) => boolean;

/** Place in the list, which has the newest entry first. */
interface Place {
  timeMs: number;
  ordinal: number;
}

/** How a page says whether there are more; undefined: by links and flags. */
export type PagingForm = 'links' | 'flags' | 'cursors' | undefined;

/**
 * `GET /infrastructure/logs/{project_uuid}`: one page, the newest entry first; `after` leads to older ones.
 * @param entries in that order
 */
export function answerQuery(entries: readonly LogEntry[], query: URLSearchParams, form: PagingForm): BodyAnswer {
  const errors: Errors = {};
  const filters = [...readWindow(query, errors), ...readFilters(query, errors)];
  const limit = readLimit(query, errors);
  const after = readCursor(query, 'after', errors);
  const before = readCursor(query, 'before', errors);
  if (query.has('after') && query.has('before')) errors['before'] = 'must not be combined with after';
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid query parameters.', errors);

  const matching = entries.filter((entry) => filters.every((matches) => matches(entry)));
  const page = cutPage(matching, { limit, after, before });
  return createDataAnswer(page.map(renderEntry), { cursor_pagination: renderPaging(page, matching, query, form) });
}

function cutPage(
  matching: readonly LogEntry[],
  { limit, after, before }: { limit: number; after: Place | undefined; before: Place | undefined },
): LogEntry[] {
  if (after !== undefined) return matching.filter((entry) => comparePlaces(after, entry) < 0).slice(0, limit);
  // The entries next to the cursor, still in the order of the list.
  if (before !== undefined) return matching.filter((entry) => comparePlaces(entry, before) < 0).slice(-limit);
  return matching.slice(0, limit);
}

function renderPaging(
  page: readonly LogEntry[],
  matching: readonly LogEntry[],
  query: URLSearchParams,
  form: PagingForm,
) {
  const [first] = page;
  const last = page.at(-1);
  const startCursor = first && writeCursor(first, query);
  const endCursor = last && writeCursor(last, query);
  const hasPrevious = first !== matching[0] && first !== undefined;
  const hasNext = last !== matching.at(-1) && last !== undefined;
  const links = {
    ...(hasNext && { next: `?after=${endCursor}` }),
    ...(hasPrevious && { previous: `?before=${startCursor}` }),
  };
  return {
    start_cursor: startCursor ?? null,
    end_cursor: endCursor ?? null,
    ...((form === undefined || form === 'links') && { links }),
    ...((form === undefined || form === 'flags') && { has_next_page: hasNext, has_prev_page: hasPrevious }),
  };
}

/** Below 0: the left one is nearer to the start of the list, since it is newer. */
export function comparePlaces(left: Place, right: Place): number {
  return right.timeMs - left.timeMs || right.ordinal - left.ordinal;
}

function writeCursor({ timeMs, ordinal }: Place, query: URLSearchParams): string {
  return Buffer.from(`${timeMs}:${ordinal}:${digestOf(query)}`).toString('base64url');
}

function readCursor(query: URLSearchParams, name: string, errors: Errors): Place | undefined {
  const cursor = query.get(name);
  if (cursor === null) return undefined;
  const found = /^(-?\d+):(\d+):(\w+)$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (found === null) errors[name] = 'is not a valid cursor';
  else if (found[3] !== digestOf(query)) errors[name] = 'belongs to another window, or to other filters';
  return found === null ? undefined : { timeMs: Number(found[1]), ordinal: Number(found[2]) };
}

function digestOf(query: URLSearchParams): string {
  const selecting = JSON.stringify(SELECTING.map((name) => query.get(name)));
  return createHash('sha256').update(selecting).digest('hex').slice(0, 8);
}

function readLimit(query: URLSearchParams, errors: Errors): number {
  const limit = readInteger(query, 'limit', errors) ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MAX_LIMIT) errors['limit'] = `must be from 1 to ${MAX_LIMIT}`;
  return limit;
}

/** Both ends belong to the window. */
function readWindow(query: URLSearchParams, errors: Errors): Filter[] {
  const startMs = readTime(query, 'start', errors);
  const endMs = readTime(query, 'end', errors);
  if (startMs === undefined || endMs === undefined) return [];
  if (startMs > endMs) errors['start'] = 'must not be after end';
  if (endMs - startMs > MAX_WINDOW_MS) errors['end'] = 'must be at most 7 days after start';
  return [({ timeMs }) => timeMs >= startMs && timeMs <= endMs];
}

/** As in `2026-01-31`, `2026-01-31T12:00Z` and `2026-01-31T12:00:00.000+01:00`. `Date.parse` takes far more. */
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** ISO 8601; also seconds since 1970, which the vendor's tool passes on as its user gives them. */
function readTime(query: URLSearchParams, name: string, errors: Errors): number | undefined {
  const text = query.get(name);
  const timeMs = parseTime(text ?? '');
  if (!Number.isNaN(timeMs)) return timeMs;
  errors[name] = text === null ? 'is required' : 'must be a time in ISO 8601 format';
  return undefined;
}

function parseTime(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
}

function readFilters(query: URLSearchParams, errors: Errors): Filter[] {
  const filters: Filter[] = [];
  const type = readWord(query, 'entry_type', ENTRY_TYPES, errors);
  if (type !== undefined) filters.push((entry) => entry.type === type);
  const method = query.get('method')?.toUpperCase();
  if (method !== undefined) filters.push(({ request }) => request?.method.toUpperCase() === method);
  const status = readInteger(query, 'status_code', errors);
  if (status !== undefined) {
    // 0: unknown, which is also the status of what belongs to no request.
    if (status !== 0 && (status < 100 || status > 599))
      errors['status_code'] = 'must be from 100 to 599, or 0 (unknown)';
    filters.push(({ request }) => (request?.status_code ?? 0) === status);
  }
  const part = query.get('url:like');
  if (part !== null) filters.push(({ request }) => request?.url.includes(part) === true);
  const level = readWord(query, 'level:min', LOG_LEVELS, errors);
  if (level !== undefined) filters.push((entry) => LOG_LEVELS.indexOf(entry.level) >= LOG_LEVELS.indexOf(level));
  return filters;
}
