import type { WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import type { WorkerLogsRecord } from '../domain/worker-logs/worker-logs-record.ts';

export type { WorkerLogsRecord };

/** The worker's logs of one verification: that of the deployment, of its rehearsal, or of what was brought back. */
export type WorkerLogsEvent = {
  type: 'worker-logs-read';
  workerLogs: WorkerLogsRecord;
  /** What was logged during this run's own requests, whatever its level; bounded. */
  own: readonly WorkerLogEvent[];
  /** The verification found the storefront broken. */
  isBroken: boolean;
};

export const WORKER_LOGS_FIELDS = { state: 'own', problems: { level: 'own' } } as const;

export const WORKER_LOGS_EVENT_FIELDS = {
  'worker-logs-read': { workerLogs: WORKER_LOGS_FIELDS, own: { lines: { level: 'own' } } },
} as const;
