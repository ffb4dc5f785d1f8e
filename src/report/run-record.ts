import type { FieldRules } from './field-rules.ts';

/** What every run tells, whatever it does. */
export interface RunRecord {
  startedAt: Date;
  durationMs: number;
  correlationId: string;
  /** Whether the platform was ever called: before that, a correlation id helps nobody. */
  networkUsed: boolean;
  /** Of the platform's API, where it is not the usual one. */
  apiHost?: string;
  phases: PhaseRecord[];
  warnings: string[];
  failure?: FailureRecord;
}

export interface PhaseRecord {
  title: string;
  startMs: number;
  endMs: number;
  state: 'done' | 'failed' | 'cancelled';
  /** What came of it, in a few words. */
  result?: string;
  /** It ended well, but for something that was warned of. */
  hasWarnings?: boolean;
}

export interface FailureRecord {
  title: string;
  message: string;
  /** What is wrong, one by one; `message` says the same in one text. */
  details: readonly string[];
  /** How many there are, where `details` lists fewer and says so in its last line. */
  detailCount?: number;
  fix: string | undefined;
}

export const RUN_FIELDS: FieldRules<RunRecord> = {
  correlationId: 'public',
  apiHost: 'public',
  phases: { state: 'own' },
};
