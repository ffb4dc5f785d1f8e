import { formatCount } from './format.ts';
import type { JobLog } from './job-log.ts';

/** GitHub shows ten of each level in a step: the tenth is for the verdict. */
const MAX_ANNOTATIONS = 9;
const MAX_LINES = 200;

/** A message about a row. */
export interface AnnotatedRow {
  line: number | undefined;
  message: string;
  /** Absolute path of its file, and how it is shown, where rows are from several files; otherwise as for all of them. */
  path?: string;
  shownPath?: string;
}

export interface RowAnnotations {
  level: 'error' | 'warning';
  /** In the order in which they are shown. */
  rows: readonly AnnotatedRow[];
  /** How many there are, where `rows` has fewer. */
  total: number;
  title: string;
  /** Absolute path of the file, and how it is shown. If absent, the file of a row without a path of its own is not known. */
  path?: string | undefined;
  shownPath?: string | undefined;
  maxAnnotations?: number;
  maxLines?: number;
  /** Where all of them are, as a sentence; shown if the log has not all. */
  allAre: string;
}

/**
 * Many rows of one kind: the first are annotations, as far as GitHub has room for them and a verdict; others are lines.
 * @returns how many were shown in each way
 */
export function annotateRows(
  log: JobLog,
  { level, rows, total, title, path, shownPath, ...options }: RowAnnotations,
): { annotated: number; lines: number } {
  const room = Math.max(0, log.roomFor(level) - 1);
  const annotated = rows.slice(0, Math.min(options.maxAnnotations ?? MAX_ANNOTATIONS, room));
  for (const row of annotated) {
    // Without a line, a row of the one file may be any of its rows; one that names its file is about that as a whole.
    const known = row.path ?? (row.line === undefined ? undefined : path);
    log.annotate(level, withPlace(row), title, { path: known, line: row.line });
  }
  const lines = rows.slice(annotated.length, annotated.length + (options.maxLines ?? MAX_LINES));
  for (const { line, message, ...row } of lines) {
    const place = placeWords(row.shownPath ?? shownPath, line);
    log.info(`${place === undefined ? '' : `${place}: `}${message.replace(/\s+/g, ' ')}`);
  }
  const rest = total - annotated.length - lines.length;
  if (rest > 0) log.info(`and ${formatCount(rest)} more. ${options.allAre}`);
  return { annotated: annotated.length, lines: lines.length };
}

/** In the log itself GitHub shows neither the title nor the place of an annotation. */
function withPlace({ line, message, shownPath }: AnnotatedRow): string {
  if (shownPath !== undefined) return `${message} (${placeWords(shownPath, line)})`;
  return line === undefined ? message : `${message} (line ${line})`;
}

/** `config/people.jsonl:12` */
function placeWords(shownPath: string | undefined, line: number | undefined): string | undefined {
  return shownPath === undefined || line === undefined ? shownPath : `${shownPath}:${line}`;
}
