import type { GateDecision, GatePolicy } from '../domain/preview-gate.ts';
import type { ActionError } from '../errors.ts';
import type { EventRules, FieldRules } from './field-rules.ts';
import { RUN_EVENT_FIELDS, type RunEvent } from './run-events.ts';
import { type CommitRecord, RUN_FIELDS, type RunRecord } from './run-record.ts';

/** Everything that is known of a run of the preview gate. */
export interface GateRecord extends RunRecord {
  outcome: GateOutcome;
  /** Undefined while nothing is decided. */
  decision?: GateDecision;
  settings?: GateSettings;
  eventName?: string;
  pullRequest?: { number: number; url: string };
  commit?: CommitRecord;
  /** Number of the newest open pull request that can deploy by itself. */
  newest?: number;
  /** Who commented. */
  commander?: string;
  comment?: { url: string };
  checkRun?: { id: number; url: string };
}

export interface GateSettings {
  policy: GatePolicy;
  environment: string;
  commandPhrase: string;
}

/** `error` until the work is over: nothing before it says that anything may deploy. */
export type GateOutcome = 'decided' | 'cancelled' | 'error';

/** What happens in a run of the preview gate. */
export type GateEvent =
  | RunEvent<GateOutcome>
  /** The inputs are valid. */
  | ({ type: 'started' } & GateSettings)
  | { type: 'event-read'; name: string }
  /** The number is known, and nothing else yet. */
  | { type: 'pull-request-named'; number: number; url: string }
  /** `ref`: what to check out. */
  | { type: 'pull-request-found'; number: number; url: string; commit: CommitRecord; ref: string }
  | { type: 'newest-found'; number: number }
  | { type: 'commanded'; login: string }
  | { type: 'decided'; decision: GateDecision }
  | { type: 'comment-written'; url: string }
  | { type: 'check-run-found'; id: number; url: string }
  /** The deploy action is to close it. */
  | { type: 'check-run-handed-on'; id: number };

export const GATE_FIELDS: FieldRules<GateRecord> = {
  ...RUN_FIELDS,
  outcome: 'own',
  decision: 'own',
  settings: { policy: 'own', environment: 'public' },
  pullRequest: { url: 'public' },
  commit: { sha: 'public', url: 'public' },
  comment: { url: 'public' },
  checkRun: { url: 'public' },
};

export const GATE_EVENT_FIELDS: EventRules<GateEvent> = {
  ...RUN_EVENT_FIELDS,
  ended: { outcome: 'own' },
  started: { policy: 'own', environment: 'public', commandPhrase: 'public' },
  'pull-request-named': { url: 'public' },
  'pull-request-found': { url: 'public', commit: { sha: 'public', url: 'public' }, ref: 'public' },
  decided: { decision: 'own' },
  'comment-written': { url: 'public' },
  'check-run-found': { url: 'public' },
};

/** Applies an event to the record. */
export function foldGateEvent(record: GateRecord, event: GateEvent): void {
  switch (event.type) {
    case 'started': {
      const { policy, environment, commandPhrase } = event;
      record.settings = { policy, environment, commandPhrase };
      break;
    }
    case 'event-read':
      record.eventName = event.name;
      break;
    case 'pull-request-named':
      record.pullRequest = { number: event.number, url: event.url };
      break;
    case 'pull-request-found':
      record.pullRequest = { number: event.number, url: event.url };
      record.commit = event.commit;
      break;
    case 'newest-found':
      record.newest = event.number;
      break;
    case 'commanded':
      record.commander = event.login;
      break;
    case 'decided':
      record.decision = event.decision;
      break;
    case 'comment-written':
      record.comment = { url: event.url };
      break;
    case 'check-run-found':
      record.checkRun = { id: event.id, url: event.url };
  }
}

export function gateOutcomeOf(_record: GateRecord, error: ActionError | undefined): GateOutcome {
  if (error === undefined) return 'decided';
  return error.outcome === 'cancelled' ? 'cancelled' : 'error';
}
