import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createErrorAnswer } from '../../answers.ts';
import type { Project } from './records.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;

type Filter = (project: Project) => boolean;

/**
 * One page of projects (API document, section 1: cursor pagination and filters). The links hold the cursor alone, as the
 * real platform's do: a client that follows them without its own `limit` and filters sees another list.
 */
export function readPage(
  projects: readonly Project[],
  ordinalOf: (project: Project) => number,
  render: (project: Project) => unknown,
  query: URLSearchParams,
): BodyAnswer {
  const errors: Record<string, string> = {};
  const limit = readLimit(query, errors);
  const after = readCursor(query, 'after', errors);
  const before = readCursor(query, 'before', errors);
  const filters = readFilters(query, errors);
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid query parameters.', errors);

  const matching = projects.filter((project) => filters.every((matches) => matches(project)));
  const window = matching.filter((project) => {
    const ordinal = ordinalOf(project);
    return (after === undefined || ordinal > after) && (before === undefined || ordinal < before);
  });
  // Backwards, the page is the last one before the cursor, still in the list's own order.
  const page = before !== undefined && after === undefined ? window.slice(-limit) : window.slice(0, limit);

  const first = page[0];
  const last = page.at(-1);
  const links: { previous?: string; next?: string } = {};
  if (first !== undefined && first !== matching[0]) links.previous = `?before=${writeCursor(ordinalOf(first))}`;
  if (last !== undefined && last !== matching.at(-1)) links.next = `?after=${writeCursor(ordinalOf(last))}`;
  return createDataAnswer(page.map(render), {
    cursor_pagination: {
      count: page.length,
      per_page: limit,
      start_cursor: first === undefined ? '' : writeCursor(ordinalOf(first)),
      end_cursor: last === undefined ? '' : writeCursor(ordinalOf(last)),
      links,
    },
  });
}

function writeCursor(ordinal: number): string {
  return Buffer.from(`project:${ordinal}`).toString('base64url');
}

function readCursor(query: URLSearchParams, name: string, errors: Record<string, string>): number | undefined {
  const cursor = query.get(name);
  if (cursor === null) return undefined;
  const ordinal = /^project:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (ordinal === undefined) {
    errors[name] = 'is not a valid cursor';
    return undefined;
  }
  return Number(ordinal);
}

function readLimit(query: URLSearchParams, errors: Record<string, string>): number {
  const text = query.get('limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) errors['limit'] = 'must be a positive integer';
  return Math.min(limit, MAX_LIMIT);
}

function readFilters(query: URLSearchParams, errors: Record<string, string>): Filter[] {
  const filters: Filter[] = [];
  const uuids = query.get('uuid:in')?.toLowerCase().split(',');
  if (uuids !== undefined) filters.push((project) => uuids.includes(project.uuid));
  const part = query.get('name:like')?.toLowerCase();
  if (part !== undefined) filters.push((project) => project.name.toLowerCase().includes(part));
  for (const [field, dateOf] of [
    ['date_created', (project: Project) => Date.parse(project.dateCreated)],
    ['date_modified', (project: Project) => Date.parse(project.dateModified)],
  ] as const) {
    const min = readDate(query, `${field}:min`, errors);
    if (min !== undefined) filters.push((project) => dateOf(project) >= min);
    const max = readDate(query, `${field}:max`, errors);
    if (max !== undefined) filters.push((project) => dateOf(project) <= max);
  }
  return filters;
}

function readDate(query: URLSearchParams, name: string, errors: Record<string, string>): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) errors[name] = 'must be a date in RFC 3339 format';
  return time;
}
