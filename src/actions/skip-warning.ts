import type { Logger } from '../report/run-events.ts';

const MAX_SKIPPED_WARNINGS = 3;

/**
 * Reports what was skipped in an event stream. A stream full of garbage must not fill the log: the first few are
 * warnings, the rest debug lines.
 */
export function createSkipWarning(run: Pick<Logger, 'warn' | 'debug'>, stream: string): (description: string) => void {
  let skipped = 0;
  return (description) => {
    skipped += 1;
    const message = `Skipped in the ${stream}: ${description}`;
    if (skipped <= MAX_SKIPPED_WARNINGS) run.warn(message, 'Event skipped');
    else run.debug(message);
  };
}
