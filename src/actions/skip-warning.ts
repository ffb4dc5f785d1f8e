import type { Logger } from '../report/run-events.ts';

const MAX_SKIPPED_WARNINGS = 3;

/**
 * Reports what was skipped in an event stream. Garbage must not flood the log: warns of the first few, the rest are debug
 * lines.
 */
export function createSkipWarning(run: Pick<Logger, 'warn' | 'debug'>, stream: string): (description: string) => void {
  let skipped = 0;
  return (description) => {
    skipped += 1;
    const message = `Skipped in the ${stream}: ${description}`;
    if (skipped <= MAX_SKIPPED_WARNINGS) run.warn(message);
    else run.debug(message);
  };
}
