import type { RedirectPlan } from '../domain/redirects/plan.ts';
import { pathText, targetText } from '../domain/redirects/redirect.ts';
import type { RowProblem } from '../domain/row-problems.ts';
import { type ActionError, CancelledError, FileError } from '../errors.ts';
import type { RejectedRow } from '../files/redirects/redirect-file.ts';
import type { RedirectsCommand } from '../inputs/redirects.ts';
import { count, formatCount } from './format.ts';
import { lastRedirectsLines } from './redirects-last-lines.ts';
import { redirectsOutcomeOf } from './redirects-outcome.ts';
import {
  type AppliedRecord,
  type JobRecord,
  type OddRowsOptions,
  type PlanRecord,
  REDIRECTS_FIELDS,
  type RedirectsRecord,
  type RedirectsReporter,
} from './redirects-record.ts';
import { renderRedirectsSummary } from './redirects-summary.ts';
import { countMade, countRejected, countToDo, sumJobs } from './redirects-words.ts';
import { annotateRows } from './row-annotations.ts';
import { RowReport } from './row-report.ts';
import type { SkipRecord } from './run-record.ts';
import type { RunReportOptions } from './run-report.ts';

/** Of each kind, so many rows are kept to be shown: as many as may fit into the summary. */
const MAX_ROWS = 1000;
const MAX_REJECTED = 2000;
const MAX_ODDITIES = 500;
/** Odd rows must leave room for what the platform refuses later. */
const MAX_ODDITY_ANNOTATIONS = 4;
/** Of each kind: real stores have hundreds that differ in a final slash alone, and the summary has them. */
const MAX_ODDITY_LINES = 10;

interface Started {
  command: RedirectsCommand;
  siteId: number | undefined;
  /** As it is shown: relative to the workspace where it is in it. */
  file: string;
  absoluteFile: string;
}

/** Collects what a run of `redirects` tells, and says it: outputs as soon as they are known, the summary at the end. */
export class RedirectsReport extends RowReport<RedirectsRecord> implements RedirectsReporter {
  readonly #jobs = new Map<string, Omit<JobRecord, 'refused'>>();
  #absoluteFile = '';
  #inShort: string | undefined;
  #oddityAnnotations = 0;

  constructor(options: RunReportOptions) {
    const refused = { named: 0, unnamed: 0, first: [] };
    super(options, { outcome: 'error', command: undefined, jobs: [], refused, oddities: [] }, REDIRECTS_FIELDS);
  }

  /** The inputs are valid. */
  started({ command, siteId, file, absoluteFile }: Started): void {
    Object.assign(this.record, { command, file, ...(siteId === undefined ? {} : { siteId }) });
    this.#absoluteFile = absoluteFile;
    // What `export` writes is there at the end only.
    if (command !== 'export') this.publicOutput('file', absoluteFile);
  }

  job({ refused: _, ...job }: JobRecord): void {
    const { status } = this.#jobs.get(job.jobId) ?? {};
    this.#jobs.set(job.jobId, job);
    this.record.jobs = [...this.#jobs.values()];
    // A job may have an event for each of 200,000 rows, and the file of the outputs grows with each that is put there.
    if (job.status === status) return;
    this.publicOutput('job-id', job.jobId);
    this.#putJobCounts();
  }

  refused(rows: readonly RejectedRow[], unnamed: number): void {
    const { refused } = this.record;
    const first = [...refused.first, ...rows.slice(0, Math.max(0, MAX_REJECTED - refused.first.length))];
    this.record.refused = { named: refused.named + rows.length, unnamed: refused.unnamed + unnamed, first };
  }

  plan(plan: Omit<RedirectPlan, 'split'>, { keepsRemoved }: { keepsRemoved: boolean }): void {
    const { added, changed, removed, unchanged } = plan;
    const first = {
      added: added.slice(0, MAX_ROWS),
      changed: changed.slice(0, MAX_ROWS),
      removed: removed.slice(0, MAX_ROWS),
    };
    const counts = { added: added.length, changed: changed.length, removed: removed.length, unchanged };
    Object.assign(this.record, { plan: { ...counts, first }, keepsRemoved });
    this.#putPlanCounts(counts);
  }

  applied(applied: AppliedRecord): void {
    this.record.applied = { ...applied };
    this.#putAppliedCounts();
  }

  backupWritten(path: string): void {
    this.record.backupFile = path;
    this.publicOutput('backup-file', path);
  }

  failedRowsWritten(path: string): void {
    this.record.failedRowsFile = path;
    this.publicOutput('failed-rows-file', path);
  }

  commentWritten(comment: { id: number; url: string }): void {
    this.record.comment = comment;
  }

  note(message: string, title: string): void {
    const { note } = this.record;
    this.record.note = note === undefined ? message : `${note}\n${message}`;
    this.log.notice(message, title);
  }

  warnRows(rows: readonly RowProblem[], title: string, options: OddRowsOptions = {}): void {
    if (rows.length === 0) return;
    const { count: total = rows.length, meaning } = options;
    const known = meaning === undefined ? {} : { meaning };
    this.record.oddities.push({ title, ...known, count: total, first: rows.slice(0, MAX_ODDITIES) });
    const left = MAX_ODDITY_ANNOTATIONS - this.#oddityAnnotations;
    const maxAnnotations = Math.min(left, options.maxAnnotations ?? left);
    // An annotation is read by itself, so that each says what it means; the lines of the log have it once, before them.
    const after = meaning === undefined ? '' : ` ${meaning}`;
    if (rows.length > maxAnnotations) this.log.info(`${title}, ${formatCount(total)} ×.${after}`);
    const { annotated } = annotateRows(this.log, {
      level: 'warning',
      rows: rows.map((row, index) => (index < maxAnnotations ? { ...row, message: `${row.message}${after}` } : row)),
      total,
      title,
      ...this.#paths(),
      maxAnnotations,
      maxLines: MAX_ODDITY_LINES,
      allAre: `The step summary has ${total > MAX_ODDITIES ? `the first ${MAX_ODDITIES}` : 'them'}.`,
    });
    this.#oddityAnnotations += annotated;
  }

  /** There is nothing to do, and that is right. */
  skipped(skip: SkipRecord): void {
    this.record.skipped = skip;
    this.publicOutput('skipped-reason', skip.reason);
    this.log.notice(skip.message, 'Redirects skipped');
  }

  /** The run is over: outcome, annotations, outputs. Never throws. */
  ended(error: ActionError | undefined): void {
    const { record } = this;
    record.outcome = redirectsOutcomeOf(record, error);
    record.durationMs = this.elapsedMs();
    this.#inShort = error instanceof CancelledError ? error.inShort : undefined;
    this.#annotateRejected(error === undefined ? 'warning' : 'error');
    if (error === undefined) this.#logRejected();
    else if (error instanceof FileError) this.tellFileError(error, (path) => record.file ?? path);
    else this.reportFailure(error);
    this.#putAll();
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.writeSummary(() => renderRedirectsSummary(this.snapshot()));
    for (const line of lastRedirectsLines(this.record, this.#inShort)) this.log.info(line);
  }

  #paths(): { path: string; shownPath: string } {
    return { path: this.#absoluteFile, shownPath: this.record.file ?? this.#absoluteFile };
  }

  #annotateRejected(level: 'error' | 'warning'): void {
    const { named, first } = this.record.refused;
    if (named === 0) return;
    const { failedRowsFile } = this.record;
    annotateRows(this.log, {
      level,
      rows: first.map(({ line, row, message }) => ({ line, message: `${refusedPath(row)}${message}` })),
      total: named,
      title: 'Redirect refused',
      ...this.#paths(),
      allAre: failedRowsFile === undefined ? 'The step summary has more of them.' : `All of them: ${failedRowsFile}`,
    });
  }

  /** Refused rows that the user allows are still told of. */
  #logRejected(): void {
    const refused = countRejected(this.record);
    if (refused === 0) return;
    const { total } = sumJobs(this.record);
    const message = `The platform refused ${formatCount(refused)} of ${count(total, 'row')}; \`allow-failed-rows\` lets that pass.`;
    this.record.warnings.push(message);
    this.log.warning(message, 'Rows refused');
  }

  #putAll(): void {
    const { command, plan, applied, outcome } = this.record;
    if (command === 'import' || command === 'export') this.#putJobCounts();
    if (plan !== undefined) this.#putPlanCounts(plan);
    if (applied !== undefined || (command === 'sync' && outcome === 'unchanged')) this.#putAppliedCounts();
    // Each other end of an export leaves the file as it was.
    if (command === 'export' && (outcome === 'complete' || outcome === 'partial'))
      this.publicOutput('file', this.#absoluteFile);
    this.publicOutput('outcome', this.record.outcome);
  }

  #putJobCounts(): void {
    const { completed, total } = sumJobs(this.record);
    this.output('completed', completed);
    this.output('failed', countRejected(this.record));
    this.output('total', total);
  }

  #putPlanCounts({ added, changed, removed, unchanged }: Omit<PlanRecord, 'first'>): void {
    this.output('added', added);
    this.output('changed', changed);
    this.output('removed', removed);
    this.output('unchanged', unchanged);
  }

  #putAppliedCounts(): void {
    const { applied } = this.record;
    const made = applied === undefined ? 0 : countMade(applied);
    const toDo = applied?.toDo ?? countToDo(this.record);
    this.output('completed', made);
    this.output('failed', toDo - made);
    this.output('total', toDo);
  }
}

/** `/old → /new: `, before what the platform says of it. */
function refusedPath(row: RejectedRow['row']): string {
  return row === undefined ? '' : `${pathText(row)} → ${targetText(row.target)}: `;
}
