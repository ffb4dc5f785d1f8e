import type { LogProblem, WorkerLogEvent } from '../domain/worker-logs/log-event.ts';

/** What a record knows of what the worker logged while its storefront was verified. */
export interface WorkerLogsRecord {
  /**
   * `read`: all that was logged during the verification is known. `partly`: some may be missing, `reason` says why.
   * `refused`: the token lacks the scope, or the feature is not enabled. `failed`: the logs could not be read.
   */
  state: 'read' | 'partly' | 'refused' | 'failed';
  /** A sentence; undefined where all was read. */
  reason?: string | undefined;
  /** Of this run's own requests: errors and exceptions, grouped; those with the most entries first. */
  problems: readonly LogProblem[];
  /** Groups that are too many to be in `problems`. */
  moreProblems: number;
  /** Errors and exceptions of everybody else's requests. */
  othersCount: number;
}

export type WorkerLogsEvent = {
  type: 'worker-logs-read';
  workerLogs: WorkerLogsRecord;
  /** What was logged during this run's own requests, whatever its level; bounded. */
  own: readonly WorkerLogEvent[];
};
