import type { Logger, Phase } from './run-events.ts';

export type { Logger, Phase } from './run-events.ts';

/** What every use case can say. */
export interface RunReporter extends Logger {
  phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T>;
}
