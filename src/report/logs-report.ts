import type { ActionReport } from './create-run.ts';
import type { JobLog } from './job-log.ts';
import { logRunEvent } from './log-run.ts';
import {
  foldLogsEvent,
  LOGS_EVENT_FIELDS,
  LOGS_FIELDS,
  type LogsEvent,
  type LogsRecord,
  logsOutcomeOf,
} from './logs-record.ts';
import { logsResult } from './logs-result.ts';
import { lastLogsLines, renderLogsSummary } from './logs-summary.ts';
import { askedWords } from './logs-words.ts';
import type { Outputs } from './outputs.ts';
import type { Occurrence } from './run-events.ts';

type LogsOccurrence = Occurrence<LogsEvent, LogsRecord>;

/** The report of a run of `logs`: entries in the job log, counts as outputs, what went wrong in the summary. */
export function createLogsReport(): ActionReport<LogsEvent, LogsRecord> {
  return {
    initial: {
      outcome: 'error',
      asked: undefined,
      project: {},
      ...{ entries: 0, errors: 0, exceptions: 0, problems: [], moreProblems: 0, isCut: false },
      file: undefined,
      connections: { opened: 0, broken: 0 },
    },
    fold: foldLogsEvent,
    fields: LOGS_FIELDS,
    eventFields: LOGS_EVENT_FIELDS,
    failureTitle: 'Log not read',
    outcomeOf: logsOutcomeOf,
    log: logLogs,
    outputs: outputsOf,
    result: logsResult,
    summary: renderLogsSummary,
  };
}

function logLogs(occurrence: LogsOccurrence, log: JobLog): void {
  switch (occurrence.type) {
    case 'started':
      log.info(askedWords(occurrence.event));
      break;
    case 'entries-shown':
      for (const line of occurrence.event.lines) log.info(line);
      break;
    case 'tail-opened':
      log.debug(`log tail: connection ${occurrence.record.connections.opened} is open`);
      break;
    case 'tail-closed': {
      const { isFault, reason } = occurrence.event;
      if (isFault) log.info(`Log tail: ${reason}`);
      else log.debug(`log tail: ${reason}`);
      break;
    }
    case 'file-written':
      log.info(`File: ${occurrence.event.shownPath}`);
      break;
    case 'reported':
      for (const line of lastLogsLines(occurrence.record)) log.info(line);
      break;
    default:
      logRunEvent(occurrence, log);
  }
}

function outputsOf(occurrence: LogsOccurrence): Outputs | undefined {
  switch (occurrence.type) {
    case 'skipped':
      return { 'skipped-reason': occurrence.event.reason };
    case 'log-read': {
      const { entries, errors, exceptions } = occurrence.event;
      return { entries, errors, exceptions };
    }
    case 'file-written':
      return { file: occurrence.event.path };
    case 'ended':
      return { outcome: occurrence.event.outcome };
    default:
      return undefined;
  }
}
