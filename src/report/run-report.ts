import * as core from '@actions/core';
import { ActionError, CancelledError, InputError } from '../errors.ts';
import type { OtherHost } from '../inputs/api-host.ts';
import { formatDuration } from './format.ts';
import type { JobLog } from './job-log.ts';
import type { Redactor } from './redactor.ts';
import type { Phase, RunReporter } from './reporters.ts';
import type { PhaseRecord, RunRecord } from './run-record.ts';
import { writeSummary } from './step-summary.ts';

export interface RunReportOptions {
  log: JobLog;
  redactor: Redactor;
  correlationId: string;
}

/** Collects what a run tells, and says it: in the log at once, in the outputs as it is known, in the summary at the end. */
export class RunReport<R extends RunRecord> implements RunReporter {
  protected readonly log: JobLog;
  protected readonly redactor: Redactor;
  protected readonly record: R;
  #startMs = performance.now();
  #outputFailed = false;

  constructor({ log, redactor, correlationId }: RunReportOptions, record: Omit<R, keyof RunRecord>) {
    this.log = log;
    this.redactor = redactor;
    const known: RunRecord = {
      startedAt: new Date(),
      durationMs: 0,
      correlationId,
      networkUsed: false,
      phases: [],
      warnings: [],
    };
    this.record = { ...known, ...record } as R;
  }

  /** A request to the platform is about to be made: from now on it may know the correlation id. */
  networkUsed(): void {
    this.record.networkUsed = true;
  }

  /** Where credentials go, where that is not the usual host: an earlier step may have set it. */
  apiHost(other: OtherHost | undefined): void {
    if (other === undefined) return;
    const { host, origin, usual, credential } = other;
    this.record.apiHost = host;
    this.log.info(`API host: ${host}, from ${origin}, and not ${usual}: ${credential} goes there.`);
  }

  async phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T> {
    const phase: PhaseRecord = { title, startMs: this.elapsedMs(), endMs: 0, state: 'failed' };
    const warningsBefore = this.record.warnings.length;
    let status = title;
    const since = () => formatDuration(this.elapsedMs() - phase.startMs);
    this.log.startGroup(title);
    const stopHeartbeat = this.log.heartbeat(() => `Still at it after ${since()}: ${status}`);
    try {
      const value = await work({
        info: (line) => this.log.info(line),
        status: (text) => {
          status = text;
        },
        result: (text, isFlawed = false) => {
          phase.result = text;
          if (isFlawed) phase.hasWarnings = true;
        },
      });
      phase.state = 'done';
      return value;
    } catch (error) {
      if (error instanceof CancelledError) phase.state = 'cancelled';
      else if (error instanceof ActionError) phase.result ??= error.title;
      throw error;
    } finally {
      stopHeartbeat();
      phase.endMs = this.elapsedMs();
      if (this.record.warnings.length > warningsBefore) phase.hasWarnings = true;
      this.record.phases.push(phase);
      this.log.endGroup();
      const mark = phase.state === 'done' ? (phase.hasWarnings ? '!' : '✓') : '✗';
      this.log.info(`${mark} ${title}: ${phase.result ?? phase.state} (${since()})`);
    }
  }

  info(line: string): void {
    this.log.info(line);
  }

  warn(message: string): void {
    this.record.warnings.push(message);
    this.log.warning(message);
  }

  debug(text: string): void {
    this.log.debug(text);
  }

  /**
   * The failure, in the record and as the annotation.
   * @param verdict what the annotation says, where the log has said a part of the message already
   */
  protected tellFailure(error: ActionError, verdict = error.message): void {
    const { title, message, fix, details, detailCount } = error;
    if (error instanceof InputError) for (const warning of error.warnings) this.warn(warning);
    this.record.failure = { title, message, details, detailCount, fix };
    const ending = fix === undefined ? [] : [`What to do: ${fix}`];
    if (this.record.networkUsed) ending.push(`Correlation id: ${this.record.correlationId}`);
    this.log.error(verdict, title, ending.join('\n'));
  }

  /** Never throws. */
  protected async writeSummary(render: () => string): Promise<void> {
    try {
      await writeSummary(render());
    } catch (error) {
      this.log.warning(`The step summary could not be written: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** An output that cannot be written must neither end a run nor hide how it ended. */
  protected output(name: string, value: string | number): void {
    try {
      core.setOutput(name, typeof value === 'string' ? this.redactor.redact(value) : value);
    } catch (error) {
      if (this.#outputFailed) return;
      this.#outputFailed = true;
      this.warn(`The outputs of this step could not be written: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Counts from an earlier moment, at which another process began this run. */
  protected startedBefore(elapsedMs: number): void {
    this.#startMs = performance.now() - Math.max(0, elapsedMs);
  }

  protected elapsedMs(): number {
    return performance.now() - this.#startMs;
  }
}
