import type { GateDecision, GatePolicy } from '../domain/preview-gate.ts';
import type { FieldRules } from './field-rules.ts';
import type { RunReporter } from './reporters.ts';
import { type CommitRecord, RUN_FIELDS, type RunRecord } from './run-record.ts';

/** All that a run of the preview gate can tell. */
export interface GateRecord extends RunRecord {
  /** Undefined while nothing is decided. */
  because?: GateDecision;
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
  decided(because: GateDecision): void;
  commentWritten(comment: { url: string }): void;
  checkRunMade(checkRun: { id: number; url: string }): void;
  /** The deploy action is to close it. */
  checkRunHandedOn(id: number): void;
}

export const GATE_FIELDS: FieldRules<GateRecord> = {
  ...RUN_FIELDS,
  because: 'own',
  settings: { policy: 'own', environment: 'public' },
  pullRequest: { url: 'public' },
  commit: { sha: 'public', url: 'public' },
  comment: { url: 'public' },
  checkRun: { url: 'public' },
};
