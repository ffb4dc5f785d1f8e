import type { WorkerLog } from './records.ts';

export interface WorkerLogMembers {
  /** Sends an event to every open tail of the project, and keeps it for queries; what is not given is made up. */
  addWorkerLog(projectUuid: string, log?: Partial<WorkerLog>): void;
  /** Adds it so many times, each with a `uuid` of its own unless one is given, as fast as it goes. */
  floodWorkerLogs(projectUuid: string, times: number, log?: Partial<WorkerLog>): Promise<void>;
}
