import type { FileError } from '../errors.ts';
import { annotateRows } from './row-annotations.ts';
import type { RunRecord } from './run-record.ts';
import { RunReport } from './run-report.ts';

/** The report of a run that has much to say of the rows of files: annotations are scarce there. */
export class RowReport<R extends RunRecord> extends RunReport<R> {
  /** The last annotation that GitHub would show is kept for the verdict: others go into the log alone. */
  override warn(message: string): void {
    if (this.log.roomFor('warning') > 1) {
      super.warn(message);
    } else {
      this.record.warnings.push(message);
      this.log.info(`Warning: ${message}`);
    }
  }

  /**
   * What is wrong with files: the first problems at their lines, then the verdict.
   * @param shownPathOf what a file is called
   */
  protected tellFileError(error: FileError, shownPathOf: (path: string) => string): void {
    const { problems, detailCount, title, path, headline } = error;
    annotateRows(this.log, {
      level: 'error',
      rows: problems.map((problem) =>
        problem.path === undefined ? problem : { ...problem, shownPath: shownPathOf(problem.path) },
      ),
      total: detailCount,
      // At a line of one file, a count of files says nothing.
      title: problems.some((problem) => problem.path !== undefined && problem.path !== path) ? 'Not usable' : title,
      path,
      shownPath: shownPathOf(path),
      allAre: 'Correct these, and the next run tells of the others.',
    });
    this.reportFailure(error, headline);
  }
}
