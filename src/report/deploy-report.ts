import * as core from '@actions/core';
import type { Bundle } from '../domain/bundle.ts';
import { ActionError, CancelledError, InputError } from '../errors.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import {
  type ArtifactRecord,
  type CommitRecord,
  type DeploymentRecord,
  type DeployRecord,
  type FailureRecord,
  type PhaseRecord,
  redactRecord,
  type SkipRecord,
} from './deploy-record.ts';
import { renderDeploySummary } from './deploy-summary.ts';
import { formatDuration } from './format.ts';
import type { JobLog } from './job-log.ts';
import { lastLines } from './last-lines.ts';
import type { Redactor } from './redactor.ts';
import type { AnnouncementReporter, DeployReporter, Phase } from './reporters.ts';
import { writeSummary } from './step-summary.ts';

export interface DeployReportOptions {
  log: JobLog;
  redactor: Redactor;
  correlationId: string;
}

interface ReplayedEnd extends Pick<DeployRecord, 'outcome' | 'durationMs'> {
  failure: Omit<FailureRecord, 'details'> | undefined;
  deployments: readonly DeploymentRecord[];
  /** Undefined where the platform was never asked. */
  correlationId: string | undefined;
}

/** Collects what a run of the deploy action tells, and says it: in the log at once, in the summary at the end. */
export class DeployReport implements DeployReporter, AnnouncementReporter {
  readonly #log: JobLog;
  readonly #options: DeployReportOptions;
  #startMs = performance.now();
  readonly #record: DeployRecord;
  #outputFailed = false;
  #inShort: string | undefined;
  #deploymentsUrl: string | undefined;

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
    if (project.kind === 'uuid') this.#output('project-uuid', project.uuid);
  }

  /** A request is about to be made: from now on the platform may know the correlation id. */
  networkUsed(): void {
    this.#record.networkUsed = true;
  }

  async phase<T>(title: string, work: (phase: Phase) => Promise<T>): Promise<T> {
    const phase: PhaseRecord = { title, startMs: this.#elapsedMs(), endMs: 0, state: 'failed' };
    const warningsBefore = this.#record.warnings.length;
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
      else if (error instanceof ActionError) phase.result ??= error.title;
      throw error;
    } finally {
      stopHeartbeat();
      phase.endMs = this.#elapsedMs();
      if (this.#record.warnings.length > warningsBefore) phase.hasWarnings = true;
      this.#record.phases.push(phase);
      this.#log.endGroup();
      const mark = phase.state === 'done' ? (phase.hasWarnings ? '!' : '✓') : '✗';
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
    this.#output('bundle-path', bundle.path);
    this.#output('bundle-size', bundle.sizeBytes);
    this.#output('bundle-files', bundle.files.length);
    this.#output('bundle-sha256', bundle.sha256);
  }

  project(project: { uuid: string; name?: string }): void {
    Object.assign(this.#record.project, project);
    this.#output('project-uuid', project.uuid);
  }

  uploaded(uploadUuid: string): void {
    this.#output('upload-uuid', uploadUuid);
  }

  created(deploymentUuid: string): void {
    this.#record.deployments.push({ uuid: deploymentUuid });
    this.#output('deployment-uuid', deploymentUuid);
  }

  failed(failure: { code: string | undefined; meaning: string }): void {
    const deployment = this.#record.deployments.at(-1);
    if (deployment !== undefined) deployment.failure = failure;
    this.#output('error-code', failure.code ?? '');
  }

  deployed(urls: readonly string[]): void {
    this.#record.urls = urls;
    this.#output('url', urls[0] ?? '');
    this.#output('urls', JSON.stringify(urls));
    // An earlier attempt of this run has left its code.
    if (this.#record.deployments.some(({ failure }) => failure !== undefined)) this.#output('error-code', '');
  }

  /** Another process began this run, and may have come to its end: no duration is to be counted from here. */
  resumed(startedAtMs: number, completedAtMs = Date.now()): void {
    this.#record.startedAt = new Date(startedAtMs);
    this.#startMs = performance.now() - Math.max(0, completedAtMs - startedAtMs);
  }

  /** How that process ended it, which it has said itself. */
  replayed({ outcome, durationMs, failure, deployments, correlationId }: ReplayedEnd): void {
    Object.assign(this.#record, { outcome, durationMs, deployments });
    if (failure !== undefined) this.#record.failure = { ...failure, details: [] };
    if (correlationId !== undefined) Object.assign(this.#record, { correlationId, networkUsed: true });
  }

  /** What the run is about, as GitHub sees it. */
  target(target: { environment: string; deploymentsUrl: string | undefined }): void {
    this.#record.environment = target.environment;
    this.#deploymentsUrl = target.deploymentsUrl;
  }

  commit(commit: CommitRecord): void {
    this.#record.commit = commit;
  }

  artifactKept(artifact: ArtifactRecord): void {
    this.#record.artifact = artifact;
    this.#output('artifact-id', artifact.id);
    this.#output('artifact-url', artifact.url);
    this.#output('artifact-digest', artifact.digest);
  }

  githubDeploymentCreated(id: number): void {
    this.#record.githubDeployment = { id, url: this.#deploymentsUrl ?? '' };
    this.#output('github-deployment-id', id);
  }

  commentWritten({ id, url }: { id: number; url: string }): void {
    this.#record.comment = { id, url };
    this.#output('comment-id', id);
  }

  /** There is nothing to do, and that is right. */
  skipped(skip: SkipRecord): void {
    this.#record.skipped = skip;
    this.#output('skipped-reason', skip.reason);
    this.#log.notice(skip.message, 'Deployment skipped');
  }

  /** The run is over: outcome, annotation, outputs. Never throws. */
  ended(error: ActionError | undefined): void {
    const record = this.#record;
    record.outcome = error === undefined ? this.#greenOutcome() : this.#outcomeOf(error);
    record.durationMs = this.#elapsedMs();
    this.#inShort = error instanceof CancelledError ? error.inShort : undefined;
    if (error !== undefined) this.#tellFailure(error);
    this.#output('outcome', record.outcome);
    this.#output('duration-seconds', Math.round(record.durationMs / 100) / 10);
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.#writeSummary();
    for (const line of lastLines(this.#record, this.#inShort)) this.#log.info(line);
  }

  snapshot(): DeployRecord {
    return redactRecord(this.#record, this.#options.redactor.redact);
  }

  #greenOutcome(): DeployRecord['outcome'] {
    if (this.#record.skipped !== undefined) return 'skipped';
    return this.#record.dryRun ? 'dry-run' : 'deployed';
  }

  /** `error` says that nothing was deployed; with a deployment that has no verdict, nobody knows. */
  #outcomeOf(error: ActionError): DeployRecord['outcome'] {
    const deployment = this.#record.deployments.at(-1);
    const open = deployment !== undefined && deployment.failure === undefined;
    return error.outcome === 'error' && open ? 'unknown' : error.outcome;
  }

  #tellFailure(error: ActionError): void {
    const { title, message, fix, details, detailCount } = error;
    if (error instanceof InputError) for (const warning of error.warnings) this.warn(warning);
    this.#record.failure = { title, message, details, detailCount, fix };
    const ending = fix === undefined ? [] : [`What to do: ${fix}`];
    if (this.#record.networkUsed) ending.push(`Correlation id: ${this.#record.correlationId}`);
    this.#log.error(message, title, ending.join('\n'));
  }

  async #writeSummary(): Promise<void> {
    try {
      await writeSummary(renderDeploySummary(this.snapshot()));
    } catch (error) {
      this.#log.warning(`The step summary could not be written: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** An output that cannot be written must neither end a deployment nor hide how it ended. */
  #output(name: string, value: string | number): void {
    try {
      core.setOutput(name, typeof value === 'string' ? this.#options.redactor.redact(value) : value);
    } catch (error) {
      if (this.#outputFailed) return;
      this.#outputFailed = true;
      this.warn(`The outputs of this step could not be written: ${error instanceof Error ? error.message : error}`);
    }
  }

  #elapsedMs(): number {
    return performance.now() - this.#startMs;
  }
}
