import type { Bundle } from '../domain/bundle.ts';
import { type ActionError, CancelledError } from '../errors.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import {
  type ArtifactRecord,
  DEPLOY_FIELDS,
  type DeploymentRecord,
  type DeployRecord,
  type SourceRecord,
} from './deploy-record.ts';
import { renderDeploySummary } from './deploy-summary.ts';
import { lastLines } from './last-lines.ts';
import type { DeployReporter, GitHubStatusReporter } from './reporters.ts';
import type { CommitRecord, SkipRecord } from './run-record.ts';
import { RunReport, type RunReportOptions } from './run-report.ts';

interface StartedInputs extends Pick<DeployInputs, 'dryRun' | 'variables'> {
  /** Undefined where it is found later. */
  project: DeployInputs['project'] | undefined;
}

interface ReplayedEnd extends Pick<DeployRecord, 'outcome' | 'durationMs'> {
  failure?: { title: string; message: string; fix?: string | undefined } | undefined;
  deployments: readonly DeploymentRecord[];
  /** Undefined if the platform was never called. */
  correlationId?: string | undefined;
}

/** Collects what happens in a run of the deploy action, and reports it: in the log at once, in the summary at the end. */
export class DeployReport extends RunReport<DeployRecord> implements DeployReporter, GitHubStatusReporter {
  #inShort: string | undefined;
  #deploymentsUrl: string | undefined;

  constructor(options: RunReportOptions) {
    const none = { project: {}, deployments: [], urls: [], variables: [] };
    super(options, { outcome: 'error', dryRun: false, ...none }, DEPLOY_FIELDS);
  }

  /** The inputs are valid: what can be said of the run before it does anything. */
  started({ dryRun, variables, project }: StartedInputs): void {
    this.record.dryRun = dryRun;
    this.record.variables = variables.map(({ key, type }) => ({ key, type }));
    if (project === undefined) return;
    this.record.project = project.kind === 'name' ? { name: project.name } : { uuid: project.uuid };
    if (project.kind === 'uuid') this.publicOutput('project-uuid', project.uuid);
  }

  packaged(bundle: Bundle): void {
    this.record.bundle = bundle;
    this.publicOutput('bundle-path', bundle.path);
    this.publicOutput('bundle-size', bundle.sizeBytes);
    this.publicOutput('bundle-files', bundle.files.length);
    this.publicOutput('bundle-sha256', bundle.sha256);
  }

  /** The bundle is an earlier one. */
  source(source: SourceRecord): void {
    this.record.source = source;
    this.publicOutput('source-sha', source.commit?.sha ?? '');
    this.publicOutput('source-deployment-id', source.deployment?.id ?? '');
    this.publicOutput('source-run-id', source.run?.id ?? '');
    this.publicOutput('source-artifact-id', source.artifactId);
  }

  project(project: { uuid: string; name?: string }): void {
    Object.assign(this.record.project, project);
    this.publicOutput('project-uuid', project.uuid);
  }

  uploaded(uploadUuid: string): void {
    this.publicOutput('upload-uuid', uploadUuid);
  }

  created(deploymentUuid: string): void {
    this.record.deployments.push({ uuid: deploymentUuid });
    this.publicOutput('deployment-uuid', deploymentUuid);
  }

  failed(failure: { code: string | undefined; meaning: string }): void {
    const deployment = this.record.deployments.at(-1);
    if (deployment !== undefined) deployment.failure = failure;
    this.output('error-code', failure.code ?? '');
  }

  deployed(urls: readonly string[]): void {
    this.record.urls = urls;
    this.publicOutput('url', urls[0] ?? '');
    this.publicOutput('urls', JSON.stringify(urls));
    // An earlier attempt of this run has left its code.
    if (this.record.deployments.some(({ failure }) => failure !== undefined)) this.output('error-code', '');
  }

  /** Another process began this run, and may have ended it: the duration does not begin here. */
  resumed(startedAtMs: number, completedAtMs = Date.now()): void {
    this.record.startedAt = new Date(startedAtMs);
    this.startedBefore(completedAtMs - startedAtMs);
  }

  /** How that process ended it, as it has reported already. */
  replayed({ outcome, durationMs, failure, deployments, correlationId }: ReplayedEnd): void {
    Object.assign(this.record, { outcome, durationMs, deployments });
    if (failure !== undefined) this.record.failure = { ...failure, fix: failure.fix, details: [] };
    if (correlationId !== undefined) Object.assign(this.record, { correlationId, networkUsed: true });
  }

  /** What the run is for, in GitHub's terms. */
  target(target: { environment: string; deploymentsUrl: string | undefined }): void {
    this.record.environment = target.environment;
    this.#deploymentsUrl = target.deploymentsUrl;
  }

  commit(commit: CommitRecord): void {
    this.record.commit = commit;
  }

  artifactStored(artifact: ArtifactRecord): void {
    this.record.artifact = artifact;
    this.publicOutput('artifact-id', artifact.id);
    this.publicOutput('artifact-url', artifact.url);
    this.publicOutput('artifact-digest', artifact.digest);
  }

  githubDeploymentCreated(id: number): void {
    this.record.githubDeployment = { id, url: this.#deploymentsUrl ?? '' };
    this.publicOutput('github-deployment-id', id);
  }

  commentWritten({ id, url }: { id: number; url: string }): void {
    this.record.comment = { id, url };
    this.publicOutput('comment-id', id);
  }

  /** There is rightly nothing to do. */
  skipped(skip: SkipRecord): void {
    this.record.skipped = skip;
    this.publicOutput('skipped-reason', skip.reason);
    this.log.notice(skip.message, 'Deployment skipped');
  }

  /** The run is over: outcome, annotation, outputs. Never throws. */
  ended(error: ActionError | undefined): void {
    const record = this.record;
    record.outcome = error === undefined ? this.#greenOutcome() : this.#outcomeOf(error);
    record.durationMs = this.elapsedMs();
    this.#inShort = error instanceof CancelledError ? error.inShort : undefined;
    if (error !== undefined) this.reportFailure(error);
    this.publicOutput('outcome', record.outcome);
    this.output('duration-seconds', Math.round(record.durationMs / 100) / 10);
    this.warnOfPublicSecrets();
  }

  /** The summary, and the log's last lines. Never throws. */
  async finish(): Promise<void> {
    await this.writeSummary(() => renderDeploySummary(this.snapshot()));
    for (const line of lastLines(this.record, this.#inShort)) this.log.info(line);
  }

  #greenOutcome(): DeployRecord['outcome'] {
    if (this.record.skipped !== undefined) return 'skipped';
    return this.record.dryRun ? 'dry-run' : 'deployed';
  }

  /** `error` says that nothing was deployed; with a deployment that has no verdict, nobody knows. */
  #outcomeOf(error: ActionError): DeployRecord['outcome'] {
    const deployment = this.record.deployments.at(-1);
    const open = deployment !== undefined && deployment.failure === undefined;
    const outcome = error.outcome === 'partial' || error.outcome === 'corrupted' ? 'error' : error.outcome;
    return outcome === 'error' && open ? 'unknown' : outcome;
  }
}
