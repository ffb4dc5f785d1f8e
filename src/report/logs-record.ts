import type { EntryFilter } from '../domain/worker-logs/filter.ts';
import type { LogFormat } from '../domain/worker-logs/formats.ts';
import type { LogCounts } from '../domain/worker-logs/log-counter.ts';
import type { LogProblem } from '../domain/worker-logs/log-event.ts';
import type { ActionError } from '../errors.ts';
import type { FailOn, LogTask } from '../inputs/logs.ts';
import type { EventRules, FieldRules } from './field-rules.ts';
import { RUN_EVENT_FIELDS, type RunEvent } from './run-events.ts';
import { RUN_FIELDS, type RunRecord } from './run-record.ts';

/** Everything that is known of a run of `logs`, as the step summary shows it. Holds no secret values. */
export interface LogsRecord extends RunRecord, LogsFindings {
  outcome: LogsOutcome;
  asked: LogsAsked | undefined;
  project: { uuid?: string; name?: string };
  file: LogsFile | undefined;
  /** Of the tail: how often it was opened, and how often it broke, which may have cost entries. */
  connections: { opened: number; broken: number };
}

/**
 * `complete`: everything that was asked for was read. `truncated`: there is more, or some may be missing. `failed`: that
 * which `fail-on` names was found.
 */
export type LogsOutcome = 'complete' | 'truncated' | 'failed' | 'skipped' | 'cancelled' | 'error';

/** What the inputs ask for. */
export interface LogsAsked {
  task: LogTask;
  filter: EntryFilter;
  format: LogFormat;
  failOn: FailOn;
}

export interface LogsFindings extends LogCounts {
  /** Errors and exceptions by kind; those with the most entries first. */
  problems: readonly LogProblem[];
  /** Kinds that are too many to be in `problems`. */
  moreProblems: number;
  /** There is more than `max-entries`. */
  isCut: boolean;
}

export interface LogsFile {
  /** Absolute. */
  path: string;
  /** As a user names it. */
  shownPath: string;
  sizeBytes: number;
}

/** What happens in a run of `logs`. */
export type LogsEvent =
  | RunEvent<LogsOutcome>
  /** The inputs are valid. */
  | ({ type: 'started' } & LogsAsked)
  | { type: 'project-found'; uuid: string; name?: string }
  /** A connection to the tail is open. */
  | { type: 'tail-opened' }
  /** It is closed, and another one is to be opened. `isGap`: what is logged until then may be missing. */
  | { type: 'tail-closed'; isFault: boolean; isGap: boolean; reason: string }
  /** Entries for the job log, rendered. */
  | { type: 'entries-shown'; lines: readonly string[] }
  /** Nothing more is read. */
  | ({ type: 'log-read' } & LogsFindings)
  | ({ type: 'file-written' } & LogsFile);

const PROBLEMS = { level: 'own' } as const;
const ASKED = {
  task: { mode: 'own' },
  filter: { entryType: 'own', level: 'own', method: 'public' },
  format: 'own',
  failOn: 'own',
} as const;
const FILE = { path: 'public', shownPath: 'public' } as const;
const PROJECT = { uuid: 'public', name: 'public' } as const;

export const LOGS_FIELDS: FieldRules<LogsRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  asked: ASKED,
  project: PROJECT,
  problems: PROBLEMS,
  file: FILE,
};

export const LOGS_EVENT_FIELDS: EventRules<LogsEvent> = {
  ...RUN_EVENT_FIELDS,
  ended: { outcome: 'own' },
  started: ASKED,
  'project-found': PROJECT,
  'log-read': { problems: PROBLEMS },
  'file-written': FILE,
};

export function foldLogsEvent(record: LogsRecord, event: LogsEvent): void {
  switch (event.type) {
    case 'started': {
      const { type: _, ...asked } = event;
      record.asked = asked;
      break;
    }
    case 'project-found':
      record.project = { uuid: event.uuid, ...(event.name === undefined ? {} : { name: event.name }) };
      break;
    case 'tail-opened':
      record.connections.opened += 1;
      break;
    case 'tail-closed':
      if (event.isGap) record.connections.broken += 1;
      break;
    case 'log-read': {
      const { type: _, ...findings } = event;
      Object.assign(record, findings);
      break;
    }
    case 'file-written': {
      const { type: _, ...file } = event;
      record.file = file;
    }
  }
}

/** How a run ended: what the output `outcome` says. */
export function logsOutcomeOf(record: Readonly<LogsRecord>, error: ActionError | undefined): LogsOutcome {
  if (error !== undefined) {
    return error.outcome === 'cancelled' || error.outcome === 'failed' ? error.outcome : 'error';
  }
  if (record.skipped !== undefined) return 'skipped';
  return record.isCut || record.connections.broken > 0 ? 'truncated' : 'complete';
}
