import type { WorkerLog } from './records.ts';

export interface WorkerLogMembers {
  /** Sends an event to every open tail of the project, and keeps it for queries; what is not given is made up. */
  addWorkerLog(projectUuid: string, log?: Partial<WorkerLog>): void;
}
