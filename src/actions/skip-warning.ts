import type { Logger } from '../report/reporters.ts';

const MAX_SKIPPED_WARNINGS = 3;

/**
 * Tells of what was skipped in an event stream. One full of rubbish must not fill the log: the first few are warned of,
 * the rest is for debugging.
 */
export function createSkipWarning(
  { warn, debug }: Pick<Logger, 'warn' | 'debug'>,
  stream: string,
): (description: string) => void {
  let skipped = 0;
  return (description) => {
    skipped += 1;
    const message = `Skipped in the ${stream}: ${description}`;
    if (skipped <= MAX_SKIPPED_WARNINGS) warn(message);
    else debug(message);
  };
}
