import type { JobLog } from './job-log.ts';
import { logFailure, logRunEvent } from './log-run.ts';
import { annotateRows } from './row-annotations.ts';
import { type AnyOccurrence, asCommon, type EndFailure } from './run-events.ts';

/**
 * What the job log shows of the common events in a run that has much to say about the rows of files: annotations are
 * scarce there.
 * @param shownPathOf what a file is called
 */
export function logRowEvent(any: AnyOccurrence, log: JobLog, shownPathOf: (path: string) => string): void {
  const occurrence = asCommon(any);
  if (occurrence.type === 'warned') {
    const { message, title } = occurrence.event;
    // The last annotation that GitHub would show is reserved for the verdict, which is no such event.
    if (log.roomFor('warning') <= 1) log.info(`Warning: ${message}`);
    else log.warning(message, title);
    return;
  }
  if (occurrence.type === 'ended') {
    const { failure } = occurrence.event;
    const { file } = failure ?? {};
    if (failure !== undefined && file !== undefined) {
      annotateProblems(failure, file, log, shownPathOf);
      logFailure(failure, occurrence.record, log, file.headline);
      return;
    }
  }
  logRunEvent(occurrence, log);
}

/** What is wrong with files: the first problems at their lines. */
function annotateProblems(
  { title, details, detailCount = details.length }: EndFailure,
  { path, problems }: NonNullable<EndFailure['file']>,
  log: JobLog,
  shownPathOf: (path: string) => string,
): void {
  annotateRows(log, {
    level: 'error',
    rows: problems.map((problem) =>
      problem.path === undefined ? problem : { ...problem, shownPath: shownPathOf(problem.path) },
    ),
    total: detailCount,
    // At a line of one file, a count of files says nothing.
    title: problems.some((problem) => problem.path !== undefined && problem.path !== path) ? 'Not usable' : title,
    path,
    shownPath: shownPathOf(path),
    allAre: 'Correct these, and the next run reports the others.',
  });
}
