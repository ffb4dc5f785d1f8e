import * as core from '@actions/core';
import type { Bundle } from '../domain/bundle.ts';
import { type ActionError, CancelledError } from '../errors.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import type { CommitRecord, DeployOutcome, DeployRecord, PhaseRecord } from './deploy-record.ts';
import { renderDeploySummary } from './deploy-summary.ts';
import { formatDuration } from './format.ts';
import type { JobLog } from './job-log.ts';
import { type Redactor, redactStrings } from './redactor.ts';
import { writeSummary } from './step-summary.ts';

/** What a phase can say while it runs. */
export interface Phase {
  info(line: string): void;
  /** What the next sign of life says, should there be a long silence: "uploading, 12 of 60 MB". */
  status(text: string): void;
  /** What came of it, for the line that closes the phase. */
  result(text: string): void;
}

/** What the deploy use case tells; the report makes log lines, outputs and the summary of it. */
export interface DeployReporter {
  phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T>;
  info(line: string): void;
  warn(message: string): void;
  /** For those who debug: shown when the job runs with debug logging. */
  debug(text: string): void;
  packaged(bundle: Bundle): void;
  project(project: { uuid: string; name?: string }): void;
  /** The upload is done, and this UUID is the one to deploy. */
  uploaded(uploadUuid: string): void;
  created(deploymentUuid: string): void;
  failed(failure: { code: string | undefined; meaning: string }): void;
  deployed(urls: readonly string[]): void;
}

export interface DeployReportOptions {
  log: JobLog;
  redactor: Redactor;
  correlationId: string;
  readCommit: () => Promise<CommitRecord | undefined>;
}

/** Collects what a run of the deploy action tells, and says it: in the log at once, in the summary at the end. */
export class DeployReport implements DeployReporter {
  readonly #log: JobLog;
  readonly #options: DeployReportOptions;
  readonly #startMs = performance.now();
  readonly #record: DeployRecord;

  constructor(options: DeployReportOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#record = {
      outcome: 'error',
      startedAt: new Date(),
      durationMs: 0,
      correlationId: options.correlationId,
      dryRun: false,
      networkUsed: false,
      project: {},
      deployments: [],
      urls: [],
      variables: [],
      phases: [],
      warnings: [],
    };
  }

  /** The inputs are valid: what can be said of the run before it does anything. */
  started({ dryRun, variables, project }: DeployInputs): void {
    this.#record.dryRun = dryRun;
    this.#record.variables = variables.map(({ key, type }) => ({ key, type }));
    this.#record.project = project.kind === 'name' ? { name: project.name } : { uuid: project.uuid };
  }

  async phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T> {
    const phase: PhaseRecord = { title, startMs: this.#elapsedMs(), endMs: 0, state: 'failed' };
    let status = title;
    const since = () => formatDuration(this.#elapsedMs() - phase.startMs);
    this.#log.startGroup(title);
    const stopHeartbeat = this.#log.heartbeat(() => `Still at it after ${since()}: ${status}`);
    try {
      const value = await work({
        info: (line) => this.#log.info(line),
        status: (text) => {
          status = text;
        },
        result: (text) => {
          phase.result = text;
        },
      });
      phase.state = 'done';
      return value;
    } catch (error) {
      if (error instanceof CancelledError) phase.state = 'cancelled';
      throw error;
    } finally {
      stopHeartbeat();
      phase.endMs = this.#elapsedMs();
      this.#record.phases.push(phase);
      this.#log.endGroup();
      const mark = phase.state === 'done' ? '✓' : '✗';
      this.#log.info(`${mark} ${title}: ${phase.result ?? phase.state} (${since()})`);
    }
  }

  info(line: string): void {
    this.#log.info(line);
  }

  warn(message: string): void {
    this.#record.warnings.push(message);
    this.#log.warning(message);
  }

  debug(text: string): void {
    this.#log.debug(text);
  }

  packaged(bundle: Bundle): void {
    this.#record.bundle = bundle;
    core.setOutput('bundle-path', bundle.path);
    core.setOutput('bundle-size', bundle.sizeBytes);
    core.setOutput('bundle-files', bundle.files.length);
    core.setOutput('bundle-sha256', bundle.sha256);
  }

  project(project: { uuid: string; name?: string }): void {
    this.#record.networkUsed = !this.#record.dryRun;
    Object.assign(this.#record.project, project);
    core.setOutput('project-uuid', project.uuid);
  }

  uploaded(uploadUuid: string): void {
    this.#record.uploadUuid = uploadUuid;
    core.setOutput('upload-uuid', uploadUuid);
  }

  created(deploymentUuid: string): void {
    this.#record.deployments.push({ uuid: deploymentUuid });
    core.setOutput('deployment-uuid', deploymentUuid);
  }

  failed(failure: { code: string | undefined; meaning: string }): void {
    const deployment = this.#record.deployments.at(-1);
    if (deployment !== undefined) deployment.failure = failure;
    core.setOutput('error-code', failure.code ?? '');
  }

  deployed(urls: readonly string[]): void {
    this.#record.urls = urls;
    core.setOutput('url', urls[0] ?? '');
    core.setOutput('urls', JSON.stringify(urls));
    // An earlier attempt of this run may have left its code.
    core.setOutput('error-code', '');
  }

  /** The end of the run: outputs, summary, and the log's last lines. Never throws: it must not hide the run's own end. */
  async finish(error: ActionError | undefined): Promise<void> {
    const record = this.#record;
    record.outcome = error?.outcome ?? (record.dryRun ? 'dry-run' : 'deployed');
    if (error !== undefined) record.failure = this.#describeFailure(error);
    record.durationMs = this.#elapsedMs();
    core.setOutput('outcome', record.outcome);
    core.setOutput('duration-seconds', Math.round(record.durationMs / 100) / 10);
    await this.#writeSummary();
    if (record.failure !== undefined) {
      const { title, message, fix } = record.failure;
      this.#log.error(fix === undefined ? message : `${message}\nWhat to do: ${fix}`, title);
    }
    for (const line of lastLines(record)) this.#log.info(line);
  }

  #describeFailure(error: ActionError): NonNullable<DeployRecord['failure']> {
    const support = this.#record.networkUsed ? `\nCorrelation id: ${this.#record.correlationId}` : '';
    return { title: error.title, message: `${error.message}${support}`, fix: error.fix };
  }

  async #writeSummary(): Promise<void> {
    try {
      const commit = await this.#options.readCommit();
      if (commit !== undefined) this.#record.commit = commit;
      // Redacted before it is rendered: escaping would hide a secret from the redactor.
      await writeSummary(renderDeploySummary(redactStrings(this.#record, this.#options.redactor.redact)));
    } catch (error) {
      this.#log.warning(`The step summary could not be written: ${error instanceof Error ? error.message : error}`);
    }
  }

  #elapsedMs(): number {
    return performance.now() - this.#startMs;
  }
}

const OUTCOME_TEXTS: Readonly<Record<DeployOutcome, string>> = {
  deployed: 'deployed',
  'dry-run': 'dry-run (everything is in order; nothing was sent)',
  failed: 'failed (the platform refused the deployment)',
  conflict: 'conflict (another deployment of this project is in progress)',
  unknown: 'unknown (no verdict: the storefront may or may not have changed)',
  cancelled: 'cancelled',
  error: 'error (nothing was deployed by this step)',
};

function lastLines(record: DeployRecord): string[] {
  return [
    `Outcome: ${OUTCOME_TEXTS[record.outcome]}`,
    ...record.urls.map((url) => `URL: ${url}`),
    `Duration: ${formatDuration(record.durationMs)}`,
  ];
}
