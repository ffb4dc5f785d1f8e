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

/**
 * A copy whose free texts have passed the redactor: titles of phases too, which may name a file. Done before rendering,
 * since escaping would hide a secret from the redactor.
 */
export function redactRun<R extends RunRecord>(record: R, redact: (text: string) => string): R {
  const { failure } = record;
  return {
    ...record,
    phases: record.phases.map((phase) => ({
      ...phase,
      title: redact(phase.title),
      ...(phase.result === undefined ? {} : { result: redact(phase.result) }),
    })),
    warnings: redactStrings(record.warnings, redact),
    ...(failure === undefined ? {} : { failure: redactStrings(failure, redact) }),
  };
}

export function redactStrings<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactStrings(item, redact)])) as T;
}
