import { VERDICTS } from '../domain/preview-gate.ts';
import type { ActionReport } from './create-run.ts';
import { formatDuration } from './format.ts';
import {
  foldGateEvent,
  GATE_EVENT_FIELDS,
  GATE_FIELDS,
  type GateEvent,
  type GateRecord,
  gateOutcomeOf,
} from './gate-record.ts';
import { gateResult } from './gate-result.ts';
import { renderGateSummary } from './gate-summary.ts';
import { nextText, reasonText, verdictText } from './gate-words.ts';
import type { JobLog } from './job-log.ts';
import { logRunEvent } from './log-run.ts';
import type { Outputs } from './outputs.ts';
import { withinLine } from './phrases.ts';
import type { Occurrence } from './run-events.ts';

type GateOccurrence = Occurrence<GateEvent, GateRecord>;

/** The report of a run of the preview gate. Until its end the output `deploy` is `false`. */
export const GATE_REPORT: ActionReport<GateEvent, GateRecord> = {
  initial: { outcome: 'error' },
  fold: foldGateEvent,
  fields: GATE_FIELDS,
  eventFields: GATE_EVENT_FIELDS,
  failureTitle: 'Preview gate failed',
  outcomeOf: gateOutcomeOf,
  effectOf: () => 'This run deploys nothing.',
  log: logGate,
  outputs: gateOutputsOf,
  result: gateResult,
  summary: renderGateSummary,
};

function logGate(occurrence: GateOccurrence, log: JobLog): void {
  switch (occurrence.type) {
    case 'decided': {
      const { record } = occurrence;
      log.info(`Preview gate: ${withinLine(verdictText(record))}. ${reasonText(record)}`);
      // Nothing is wrong, but whoever pushed may expect a deployment.
      if (record.decision === 'dependabot') log.notice(`${nextText(record)}`, 'Not deployed for Dependabot');
      break;
    }
    case 'reported':
      for (const line of lastLines(occurrence.record)) log.info(line);
      break;
    default:
      logRunEvent(occurrence, log);
  }
}

function lastLines(record: GateRecord): string[] {
  const { decision, failure, durationMs } = record;
  const duration = `Duration: ${formatDuration(durationMs)}`;
  if (failure !== undefined || decision === undefined) return ['Deploy: false (nothing decided)', duration];
  const next = nextText(record);
  const { deploys, reason } = VERDICTS[decision];
  return [`Deploy: ${deploys} (${reason})`, ...(next === undefined ? [] : [`What to do: ${next}`]), duration];
}

function gateOutputsOf(occurrence: GateOccurrence): Outputs | undefined {
  switch (occurrence.type) {
    case 'began':
      // Before anything can fail: the output must always have a value, and this one is safe.
      return { deploy: 'false' };
    case 'started':
      return { 'command-phrase': occurrence.event.commandPhrase };
    case 'pull-request-named':
      return { 'pull-request': occurrence.event.number };
    case 'pull-request-found': {
      const { number, commit, ref } = occurrence.event;
      return { 'pull-request': number, sha: commit.sha, ref };
    }
    case 'check-run-handed-on':
      return { 'check-run-id': occurrence.event.id };
    case 'ended': {
      const { decision, failure } = occurrence.record;
      if (failure !== undefined || decision === undefined) return undefined;
      const { deploys, reason } = VERDICTS[decision];
      return { reason, ...(deploys && { deploy: 'true' }) };
    }
    default:
      return undefined;
  }
}
