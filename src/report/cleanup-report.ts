import { type ActionError, CancelledError } from '../errors.ts';
import {
  CLEANUP_FIELDS,
  type CleanupOutcome,
  type CleanupRecord,
  type CleanupReporter,
  type PreviewRecord,
} from './cleanup-record.ts';
import { lastCleanupLines, renderCleanupSummary } from './cleanup-summary.ts';
import type { SkipRecord } from './deploy-record.ts';
import { RunReport, type RunReportOptions } from './run-report.ts';

export interface CleanupReportOptions extends RunReportOptions {
  pullRequestUrlOf: (pullRequest: number) => string;
}

/** So much longer is the list of what is deleted when it is written again. */
const PUT_GROWTH = 1.05;

/** Collects what a run of `preview-cleanup` tells, and says it: outputs after each deletion, the summary at the end. */
export class CleanupReport extends RunReport<CleanupRecord> implements CleanupReporter {
  readonly #previews: PreviewRecord[] = [];
  /** Where a project stands among these, by its UUID. */
  readonly #places = new Map<string, number>();
  #deleted = 0;
  #nextPut = 0;
  readonly #pullRequestUrlOf: (pullRequest: number) => string;
  #inShort: string | undefined;

  constructor(options: CleanupReportOptions) {
    super(options, { outcome: 'error', dryRun: false, previews: [] }, CLEANUP_FIELDS);
    this.record.previews = this.#previews;
    this.#pullRequestUrlOf = options.pullRequestUrlOf;
  }

  /** The inputs are valid. */
  started({ dryRun }: { dryRun: boolean }): void {
    this.record.dryRun = dryRun;
  }

  preview(preview: Omit<PreviewRecord, 'pullRequestUrl'>): void {
    const index = this.#places.get(preview.uuid) ?? this.#previews.length;
    this.#places.set(preview.uuid, index);
    this.#previews[index] = { ...preview, pullRequestUrl: this.#pullRequestUrlOf(preview.pullRequest) };
    if (preview.fate !== 'gone' && preview.fate !== 'would-go') return;
    this.#deleted += 1;
    // Each time all of them are written: of thousands, not with every single one.
    if (this.#deleted >= this.#nextPut) this.#putDeleted();
  }

  nothing(message: string, isNotice: boolean): void {
    this.record.note = message;
    if (isNotice) this.log.notice(message, 'Nothing deleted');
    else this.log.info(message);
  }

  /** There is nothing to do, and that is right. */
  skipped(skip: SkipRecord): void {
    this.record.skipped = skip;
    this.publicOutput('skipped-reason', skip.reason);
    this.log.notice(skip.message, 'Cleanup skipped');
  }

  /** The run is over: outcome, annotation, outputs. Never throws. */
  ended(error: ActionError | undefined): void {
    const { record } = this;
    record.outcome = error === undefined ? this.#greenOutcome() : error.outcome === 'cancelled' ? 'cancelled' : 'error';
    record.durationMs = this.elapsedMs();
    this.#inShort = error instanceof CancelledError ? error.inShort : undefined;
    if (error !== undefined) this.reportFailure(error);
    this.publicOutput('outcome', record.outcome);
    this.#putDeleted();
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.writeSummary(() => renderCleanupSummary(this.snapshot()));
    for (const line of lastCleanupLines(this.record, this.#inShort)) this.log.info(line);
  }

  #putDeleted(): void {
    const names = this.record.previews.filter(({ fate }) => fate === 'gone' || fate === 'would-go');
    this.publicOutput('deleted', JSON.stringify(names.map(({ project }) => project)));
    this.output('deleted-count', names.length);
    this.#nextPut = Math.ceil(this.#deleted * PUT_GROWTH);
  }

  #greenOutcome(): CleanupOutcome {
    if (this.record.skipped !== undefined) return 'skipped';
    if (this.record.dryRun) return 'dry-run';
    return this.record.previews.some(({ fate }) => fate === 'gone') ? 'deleted' : 'nothing';
  }
}
