import { type ResultReport, renderResult } from './result.ts';
import type { Sink } from './run-events.ts';
import type { RunRecord } from './run-record.ts';
import { writeOutput } from './runner-commands.ts';

/**
 * Writes the output `result`: once the outcome is known, since a cancelled run may be killed soon after, and again if more
 * is known at the end. Without a runner there is nobody to pass it on to, and it is too long for a log.
 */
export function createResultSink<E extends { type: string }, R extends RunRecord & { outcome: unknown }>(
  report: ResultReport<R>,
): Sink<E, R> {
  let written: string | undefined;
  return {
    failing: 'The output `result` could not be written',
    receive: (occurrence) => {
      // A record is copied when it is read: with every event, that would be too often.
      if (occurrence.type !== 'ended' && occurrence.type !== 'finished') return;
      const result = renderResult(occurrence.record, report);
      if (result !== written) writeOutput('result', result);
      written = result;
    },
  };
}
