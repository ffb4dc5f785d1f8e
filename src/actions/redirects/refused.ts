import { countRejectedRows, FIRST_ROW, type JobState, NO_ROW } from '../../domain/redirects/job.ts';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import type { ImportPart, RejectedRow } from '../../files/redirects/redirect-file.ts';

/** What a job says of the rows that it did not take. */
export interface Refusals {
  /** With their lines in the file, in the order of the job. */
  rows: RejectedRow[];
  /** Those that the platform counts and does not name. */
  unnamed: number;
  /** Row numbers that the part does not have: the platform then counts otherwise than FIRST_ROW says. */
  outside: number;
}

/** The platform counts within the part that it was given; people look at the whole file. */
export function readRefusals(
  state: Pick<JobState, 'refused' | 'failed'> | undefined,
  part: Pick<ImportPart, 'firstIndex' | 'rowCount'>,
  rows: readonly RedirectRow[],
): Refusals {
  const { refused, failed } = state ?? { refused: [], failed: 0 };
  let outside = 0;
  const found = refused.map(({ row: number, message }): RejectedRow => {
    const index = number - FIRST_ROW;
    const row = index >= 0 && index < part.rowCount ? rows[part.firstIndex + index] : undefined;
    if (row === undefined && number !== NO_ROW) outside += 1;
    return { row, line: row?.line, message };
  });
  return { rows: found, unnamed: Math.max(0, failed - countRejectedRows(refused)), outside };
}
