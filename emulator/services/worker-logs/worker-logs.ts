import { randomUUID } from 'node:crypto';

/** A worker log event, as the API document has it. */
export interface WorkerLog {
  uuid: string;
  project_uuid: string;
  request: null | { method: string; url: string; status_code: number };
  logs: { timestamp: string; level: 'debug' | 'info' | 'warn' | 'error'; messages: string[] }[];
  exceptions: { timestamp: string; name: string; message: string }[];
  timestamp: string;
}

type Listener = (log: WorkerLog) => void;

/** Worker logs of the deployed projects; only who listens gets them (API document, section 1, "Worker log event"). */
export class WorkerLogs {
  readonly #listeners = new Map<string, Set<Listener>>();

  add(projectUuid: string, log: Partial<WorkerLog> = {}): void {
    const complete = { ...createSampleLog(projectUuid), ...log };
    for (const listener of this.#listeners.get(projectUuid) ?? []) listener(complete);
  }

  subscribe(projectUuid: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(projectUuid) ?? new Set();
    this.#listeners.set(projectUuid, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}

function createSampleLog(projectUuid: string): WorkerLog {
  const timestamp = new Date().toISOString();
  return {
    uuid: randomUUID(),
    project_uuid: projectUuid,
    request: { method: 'GET', url: '/products', status_code: 200 },
    logs: [{ timestamp, level: 'info', messages: ['Request processed successfully'] }],
    exceptions: [],
    timestamp,
  };
}
