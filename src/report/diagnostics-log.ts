import type { WorkerLogEvent } from '../domain/worker-logs/log-event.ts';
import type { DeployEvent, DeployRecord } from './deploy-record.ts';
import { limitChars } from './format.ts';
import { HeadAndTail } from './head-and-tail.ts';
import type { Occurrence, Sink } from './run-events.ts';
import type { WorkerLogsEvent } from './worker-logs-record.ts';

/** What a support bundle is made of, kept in bounded memory while the run goes on. */
export interface DiagnosticsLog extends Sink<DeployEvent, DeployRecord> {
  /** An event of a deployment, as it was received. Not redacted. */
  addDeploymentEvent(data: string): void;
  /** Plain data, which may still change. Not redacted. */
  addRequest(request: object): void;
  contents(): DiagnosticsContents;
}

export interface DiagnosticsContents {
  /** Redacted when they are read: by then, all secrets are known. */
  timeline: readonly (TimedOccurrence | Omission)[];
  deploymentEvents: readonly (ReceivedEvent | Omission)[];
  requests: readonly (object | Omission)[];
  workerLogs: readonly (WorkerLogEvent | Omission)[];
  record: DeployRecord | undefined;
}

export interface TimedOccurrence {
  /** Ms since 1970. */
  atMs: number;
  occurrence: Occurrence<DeployEvent, DeployRecord>;
}

export interface ReceivedEvent {
  atMs: number;
  data: string;
}

/** Stands for what was too much to keep. */
export interface Omission {
  omitted: number;
}

/** The first and the last of each list. */
const TIMELINE = [300, 700] as const;
const EVENTS = [150, 350] as const;
const REQUESTS = [300, 700] as const;
const WORKER_LOGS = [300, 700] as const;
/** An event of a deployment has a few hundred. */
const MAX_EVENT_CHARS = 16_000;

/** Progress, of which there is some each moment; the requests have a list of their own. */
const LEFT_OUT: ReadonlySet<DeployEvent['type']> = new Set(['phase-status', 'network-used', 'reported'] as const);

export function createDiagnosticsLog(): DiagnosticsLog {
  const timeline = new HeadAndTail<TimedOccurrence>(...TIMELINE);
  const deploymentEvents = new HeadAndTail<ReceivedEvent>(...EVENTS);
  const requests = new HeadAndTail<object>(...REQUESTS);
  const workerLogs = new HeadAndTail<WorkerLogEvent>(...WORKER_LOGS);
  let last: Occurrence<DeployEvent, DeployRecord> | undefined;
  const omissionOf = (omitted: number): Omission => ({ omitted });
  return {
    failing: 'What happens could not be kept for the support bundle',
    receive: (occurrence) => {
      last = occurrence;
      if (!LEFT_OUT.has(occurrence.type)) timeline.add({ atMs: Date.now(), occurrence });
      const event = workerLogsOf(occurrence);
      for (const own of event?.own ?? []) workerLogs.add(own);
    },
    addDeploymentEvent: (data) => deploymentEvents.add({ atMs: Date.now(), data: limited(data) }),
    addRequest: (request) => requests.add(request),
    contents: () => ({
      timeline: timeline.items(omissionOf),
      deploymentEvents: deploymentEvents.items(omissionOf),
      requests: requests.items(omissionOf),
      workerLogs: workerLogs.items(omissionOf),
      record: last?.record,
    }),
  };
}

/** By the `…` behind it, the redactor knows the beginning of a secret that was cut. */
function limited(data: string): string {
  return data.length <= MAX_EVENT_CHARS ? data : `${limitChars(data, MAX_EVENT_CHARS)}…`;
}

function workerLogsOf(occurrence: { type: string; event: object }): WorkerLogsEvent | undefined {
  return occurrence.type === 'worker-logs-read' ? (occurrence.event as WorkerLogsEvent) : undefined;
}
