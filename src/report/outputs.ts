import type { JobLog } from './job-log.ts';
import type { Occurrence, Sink } from './run-events.ts';
import { writeOutput } from './runner-commands.ts';

/** Outputs of a step by their names. */
export type Outputs = Readonly<Record<string, string | number>>;

/** Writes outputs as soon as they change, so that a run that is killed has written what it knew. */
export function createOutputSink<E extends { type: string }, R>(
  outputsOf: (occurrence: Occurrence<E, R>) => Outputs | undefined,
  log: Pick<JobLog, 'output'>,
): Sink<E, R> {
  const written = new Map<string, string | number>();
  return {
    failing: 'The outputs of this step could not be written',
    receive: (occurrence) => {
      for (const [name, value] of Object.entries(outputsOf(occurrence) ?? {})) {
        if (written.get(name) === value) continue;
        if (!writeOutput(name, value)) log.output(name, `${value}`);
        written.set(name, value);
      }
    },
  };
}
