import { ActionError, CancelledError, InputError } from '../errors.ts';
import type { OtherHost } from '../inputs/api-host.ts';
import { type FieldRules, redactFields } from './field-rules.ts';
import { formatDuration } from './format.ts';
import type { JobLog } from './job-log.ts';
import type { Redactor } from './redactor.ts';
import type { Phase, RunReporter } from './reporters.ts';
import type { PhaseRecord, RunRecord } from './run-record.ts';
import { writeOutput } from './runner-commands.ts';
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
  readonly #fields: FieldRules<R>;
  #startMs = performance.now();
  #outputFailed = false;
  /** Keys of `secrets` by whose value a public output was made up, with the names of those outputs. */
  readonly #publicSecrets = new Map<string, string[]>();

  /** @param fields which strings of the record are no free text */
  constructor(
    { log, redactor, correlationId }: RunReportOptions,
    record: Omit<R, keyof RunRecord>,
    fields: FieldRules<R>,
  ) {
    this.log = log;
    this.redactor = redactor;
    this.#fields = fields;
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

  /** All that is known of the run by now, without secrets. */
  snapshot(): R {
    return redactFields(this.record, this.#fields, this.redactor);
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
    const stopHeartbeat = this.log.heartbeat(() => `Still running after ${since()}: ${status}`);
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
  protected reportFailure(error: ActionError, verdict = error.message): void {
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

  /** An output that may hold foreign text. */
  protected output(name: string, value: string | number): void {
    this.#setOutput(name, typeof value === 'string' ? this.redactor.redact(value) : value);
  }

  /** An address, an id, a path, a word of this action's own: later steps need it as it is. */
  protected publicOutput(name: string, value: string | number): void {
    const text = `${value}`;
    this.#setOutput(name, this.redactor.redactPublic(text));
    for (const key of this.redactor.keysIn(text)) {
      this.#publicSecrets.set(key, [...(this.#publicSecrets.get(key) ?? []), name]);
    }
  }

  /**
   * Values of `secrets` that are a part of what everybody sees: they stay there, and the runner has been told to mask them.
   * To be called when the outputs are put, before the summary.
   */
  protected warnOfPublicSecrets(): void {
    const found = this.#publicSecrets;
    const note = (text: string) => {
      for (const key of this.redactor.keysIn(text)) if (!found.has(key)) found.set(key, []);
      return text;
    };
    redactFields(this.record, this.#fields, { redact: (text) => text, redactPublic: note });
    if (found.size === 0) return;
    const keys = [...found].map(([key, outputs]) => `${key} (${renderPlaces([...new Set(outputs)])})`).join(', ');
    this.warn(
      `secrets: what everybody can see of this run holds the value of ${keys}. It was left there, since links and later ` +
        'steps need it; but the runner masks it, so that the log is hard to read, and job outputs that hold it arrive ' +
        'empty. Move what is no secret to `environment-variables`; give a secret a longer value.',
    );
    found.clear();
  }

  /** An output that cannot be written must neither end a run nor hide how it ended. */
  #setOutput(name: string, value: string | number): void {
    try {
      if (!writeOutput(name, value)) this.log.output(name, `${value}`);
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

function renderPlaces(outputs: readonly string[]): string {
  if (outputs.length === 0) return 'in an address, a name or an id';
  return `${outputs.length === 1 ? 'output' : 'outputs'} ${outputs.map((name) => `\`${name}\``).join(', ')}`;
}
