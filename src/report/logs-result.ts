import type { LogWindow } from '../inputs/log-window.ts';
import type { LogsRecord } from './logs-record.ts';
import type { ActionResult } from './result.ts';

/** What the output `result` has of a run of `logs`; the entries themselves are in its file. */
export function logsResult(record: LogsRecord): ActionResult {
  const { asked, project, problems, moreProblems, file, connections } = record;
  return {
    project: { uuid: project.uuid, name: project.name },
    mode: asked?.task.mode,
    window: asked?.task.mode === 'query' ? windowOf(asked.task) : undefined,
    filter: asked && {
      entry_type: asked.filter.entryType,
      level: asked.filter.level,
      method: asked.filter.method,
      status_code: asked.filter.statusCode,
      url: asked.filter.url,
    },
    fail_on: asked?.failOn,
    entries_count: record.entries,
    errors_count: record.errors,
    exceptions_count: record.exceptions,
    problems: problems.map(({ level, name, message, count, paths }) => ({ level, name, message, count, paths })),
    problems_count: problems.length + moreProblems,
    more_entries: record.isCut,
    broken_connections_count: connections.broken,
    file: file && { path: file.path, size_bytes: file.sizeBytes },
  };
}

function windowOf({ startMs, endMs }: LogWindow) {
  return { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
}
