import type { EntryFilter } from '../domain/worker-logs/filter.ts';
import type { LogCounts } from '../domain/worker-logs/log-counter.ts';
import type { LogTask } from '../inputs/logs.ts';
import { count, formatCount, formatDuration } from './format.ts';
import type { LogsAsked } from './logs-record.ts';
import { formatUtc } from './sections.ts';

/** Words about a run of `logs` that its messages, the log and the summary share. */

/** `1 entry`, `1,234 entries` */
export function entriesWords(entries: number): string {
  return entries === 1 ? '1 entry' : `${formatCount(entries)} entries`;
}

/** `3 errors and 1 exception`; `no errors` */
export function foundWords({ errors, exceptions }: Pick<LogCounts, 'errors' | 'exceptions'>): string {
  const words = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(exceptions > 0 ? [count(exceptions, 'exception')] : []),
  ];
  return words.length === 0 ? 'no errors' : words.join(' and ');
}

/** What the inputs ask for, in a line. */
export function askedWords({ task, filter, format, failOn }: LogsAsked): string {
  const filters = filterWords(filter);
  return [
    `Log of the worker, ${windowWords(task)}`,
    filters === '' ? 'no filter' : filters,
    `format: ${format}`,
    `fail-on: ${failOn}`,
  ].join('; ');
}

/** `live, for 1 min`, `from 2026-01-01 12:00:00 UTC to 2026-01-01 13:00:00 UTC` */
export function windowWords(task: LogTask): string {
  return task.mode === 'tail'
    ? `live, for ${formatDuration(task.durationMs)}`
    : `from ${formatUtc(new Date(task.startMs))} to ${formatUtc(new Date(task.endMs))}`;
}

/** `level: error, url: /cart`; '' without any. */
export function filterWords({ level, entryType, method, statusCode, url }: EntryFilter): string {
  return Object.entries({ level, 'entry-type': entryType, method, 'status-code': statusCode, url })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
}
