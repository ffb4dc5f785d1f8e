import type { Because, GatePolicy } from '../domain/preview-gate.ts';
import type { CommitRecord } from './deploy-record.ts';
import type { RunReporter } from './reporters.ts';
import { type RunRecord, redactRun, redactStrings } from './run-record.ts';

/** All that a run of the preview gate can tell. */
export interface GateRecord extends RunRecord {
  /** Undefined while nothing is decided. */
  because?: Because;
  settings?: { policy: GatePolicy; environment: string; commandPhrase: string };
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

/** A pull request as far as it is known. */
export interface GateTarget {
  number: number;
  headSha: string;
  isMergeable: boolean | undefined;
}

/** What the gate's use case tells; the report makes log lines, outputs and the summary of it. */
export interface GateReporter extends RunReporter {
  pullRequestNamed(number: number): void;
  pullRequestKnown(target: GateTarget): void;
  newestKnown(number: number): void;
  commandedBy(login: string): void;
  decided(because: Because): void;
  commentWritten(comment: { url: string }): void;
  checkRunMade(checkRun: { id: number; url: string }): void;
  /** The deploy action is to close it. */
  checkRunHandedOn(id: number): void;
}

/** A copy whose free texts have passed the redactor. */
export function redactGate(record: GateRecord, redact: (text: string) => string): GateRecord {
  const { settings, commander, eventName } = record;
  return {
    ...redactRun(record, redact),
    ...(settings === undefined ? {} : { settings: { ...redactStrings(settings, redact), policy: settings.policy } }),
    ...(commander === undefined ? {} : { commander: redact(commander) }),
    ...(eventName === undefined ? {} : { eventName: redact(eventName) }),
  };
}
