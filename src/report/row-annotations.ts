import { formatCount } from './format.ts';
import type { JobLog } from './job-log.ts';

/** GitHub shows ten of a level and step: the tenth is for the verdict. */
const MAX_ANNOTATIONS = 9;
const MAX_LINES = 200;

export interface RowAnnotations {
  level: 'error' | 'warning';
  /** In the order in which they are told. */
  rows: readonly { line: number | undefined; message: string }[];
  /** How many there are, where `rows` has fewer. */
  total: number;
  title: string;
  /** Absolute path of the file, and what it is called. */
  path: string;
  shownPath: string;
  maxAnnotations?: number;
  /** Where all of them are, as a sentence; said where not all are told. */
  allAre: string;
}

/** Many rows of one kind: the first are annotations, as far as GitHub has room for them and a verdict; others are lines. */
export function annotateRows(
  log: JobLog,
  { level, rows, total, title, path, shownPath, ...options }: RowAnnotations,
): void {
  const room = Math.max(0, log.roomFor(level) - 1);
  const annotated = Math.min(options.maxAnnotations ?? MAX_ANNOTATIONS, room);
  for (const { line, message } of rows.slice(0, annotated)) {
    // In the log itself GitHub shows neither the title nor the place.
    log.annotate(level, line === undefined ? message : `${message} (line ${line})`, title, { path, line });
  }
  const lines = rows.slice(annotated, annotated + MAX_LINES);
  for (const { line, message } of lines) {
    log.info(`${shownPath}${line === undefined ? '' : `:${line}`}: ${message.replace(/\s+/g, ' ')}`);
  }
  const rest = total - Math.min(annotated, rows.length) - lines.length;
  if (rest > 0) log.info(`and ${formatCount(rest)} more. ${options.allAre}`);
}
