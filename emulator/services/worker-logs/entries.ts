import { randomUUID } from 'node:crypto';
import type { LogEntry, WorkerLog } from './records.ts';

/** One entry for the request, one for each log, one for each exception. */
export function createEntries({ uuid, timestamp, request, logs, exceptions }: WorkerLog): Omit<LogEntry, 'ordinal'>[] {
  const create = (entry: Pick<LogEntry, 'timestamp' | 'type' | 'level' | 'messages'>, exceptionName?: string) => ({
    ...entry,
    // What is no time is of no window; it must not upset the order of the others.
    timeMs: Date.parse(entry.timestamp) || 0,
    id: randomUUID(),
    exceptionName,
    requestId: uuid,
    request,
  });
  // The message of a request is what the vendor's tool recognizes it by where there is no `entry_type`.
  const messages = request === null ? [] : [`${request.method} ${request.url}`];
  return [
    ...(request === null ? [] : [create({ timestamp, type: 'request', level: 'info', messages })]),
    ...logs.map((log) => create({ ...log, type: 'log' })),
    ...exceptions.map(({ name, message, timestamp: at }) =>
      create({ timestamp: at, type: 'log', level: 'error', messages: [message] }, name),
    ),
  ];
}

export function renderEntry(entry: LogEntry) {
  const { id, timestamp, type, level, messages, exceptionName, requestId, request } = entry;
  return {
    id,
    timestamp,
    entry_type: type,
    level,
    messages,
    is_exception: exceptionName !== undefined,
    ...(exceptionName !== undefined && { exception_name: exceptionName }),
    request_id: requestId,
    request,
  };
}
