import { relative } from 'node:path';
import { type DeployDependencies, deploy } from '../actions/deploy.ts';
import { branchWarning, closedWarning, DEPLOYING, noRollbackWarning, requirePurpose } from '../actions/event-check.ts';
import { skipClosedOf, skipOf } from '../actions/skip.ts';
import { noBundlesReason, rollbackNeedsWarning, type Surroundings } from '../actions/verification/rollback-needs.ts';
import type { LastGood, LastGoodRequest } from '../actions/verification/verify.ts';
import type { Bundle } from '../domain/bundle.ts';
import { PRODUCTION } from '../domain/github-deployment.ts';
import { ActionError } from '../errors.ts';
import { isEnterpriseServer } from '../github/artifact-environment.ts';
import { readWorkflowEvent, type WorkflowEvent } from '../github/event.ts';
import { isInRepository, readHeldCommits } from '../github/workspace.ts';
import type { GitHubStatus } from '../github-status/github-status.ts';
import { targetOf } from '../github-status/target.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { type DeployInputs, type DeployReading, readDeployRun, requireInputs } from '../inputs/deploy.ts';
import type { StatedPurpose } from '../inputs/purpose.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { DEPLOY_REPORT } from '../report/deploy-report.ts';
import { INPUT_WARNING } from '../report/run-events.ts';
import type { RunContext, Running } from '../run-context.ts';
import { USER_AGENT } from '../version.ts';
import { attachCheckRun } from './check-run.ts';
import {
  createBundlePath,
  createHosting,
  type DeployRun,
  describeCancelled,
  forbiddenValues,
  knownOf,
  withoutValue,
} from './deploying.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics.ts';
import { findLastGoodOf } from './earlier-bundles.ts';
import { connectGitHubStatus } from './github-status.ts';
import { introduce } from './introduce.ts';
import { createPlatformHttp } from './platform-http.ts';
import { checkWhoseCode } from './run-checks.ts';
import { createSites, siteUrlFor } from './site-url.ts';
import { createVerifying } from './verifying.ts';

/** Puts the deploy action together: its inputs, its clients, its report. */
export async function createDeployRun(context: RunContext): Promise<Running> {
  const { redactor, maskSecret, correlationId, signal } = context;
  const run = context.begin(DEPLOY_REPORT);
  const diagnostics = createDiagnostics(run, context);
  const clients: Pick<HttpClient, 'close'>[] = [];
  return {
    work: async () => {
      const event = await readWorkflowEvent();
      const eventPullRequest = event?.pullRequest?.number;
      const source = createInputSource({ env: process.env, maskSecret, eventPullRequest });
      introduce('deploy', { run, source, event });
      const reading = readDeployRun(source);
      const { github: shown, purpose } = reading;
      if (event !== undefined) attachCheckRun(run, reading.checkRun, event, context);
      const skip = event === undefined ? undefined : skipDeployOf(event, reading);
      if (skip !== undefined) return run.emit({ type: 'skipped', title: 'Deployment skipped', ...skip });
      if (event !== undefined) requirePurpose(event, purpose, DEPLOYING);
      const { workspace } = source;
      const { workingDirectory, built } = reading.folders;
      const folders = [workingDirectory, built];
      const pendingCommits = readHeldCommits([...folders, workspace], workspace);
      const isConnected = shown !== undefined && event !== undefined;
      const githubStatus = isConnected ? connectGitHubStatus({ context, inputs: shown, event, run }) : undefined;
      const held = await pendingCommits;
      if (event !== undefined) {
        const { hasAccessToken, pullRequest, checkRun } = reading;
        const stated = { workspace, hasAccessToken, pullRequest, githubToken: checkRun.token };
        await checkWhoseCode({ event, ...stated, folders, taken: [built], held, report: run, redactor, signal });
      }
      // The commit of a bundle from outside these repositories, such as an artifact, is unknown.
      if (isInRepository(built, workspace)) run.emit({ type: 'workspace-read', commits: held.commits });
      const inputs = requireInputs(reading);
      const { dryRun, variables, project } = inputs;
      diagnostics.begin({ when: inputs.diagnostics, github: inputs.github, variables, event });
      run.emit({ type: 'started', dryRun, variables: variables.map(withoutValue), project: knownOf(project) });
      run.emit({ type: 'api-host-found', other: readOtherApiHost(source) });
      const { siteUrl, warning } = siteUrlFor(inputs, event);
      for (const found of warningsOf(reading, inputs, event)) run.warn(found, INPUT_WARNING);
      if (warning !== undefined) run.warn(warning, 'Site URL not updated');
      const http = diagnostics.observe(createPlatformHttp(run, correlationId));
      const parts = { diagnostics, context, inputs, http, run, githubStatus, event, clients };
      clients.push(http);
      await deploy({ ...inputs, siteUrl }, createDependencies(parts));
    },
    finish: async (error) => {
      await diagnostics.make(error);
      run.end(error, describeCancelled);
      await run.finish();
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function skipDeployOf(event: WorkflowEvent, { hasAccessToken, preview, purpose }: DeployReading) {
  return skipOf(event, hasAccessToken, purpose) ?? skipClosedOf(event, preview, purpose);
}

function warningsOf(
  { problems, purpose }: DeployReading,
  inputs: DeployInputs,
  event: WorkflowEvent | undefined,
): string[] {
  const needs = rollbackNeedsWarning(inputs.verification, inputs.github, surroundingsOf(inputs, event));
  const shown = shownWarnings(event, purpose, inputs);
  return [...problems.warnings, ...shown, ...(needs === undefined ? [] : [needs])];
}

/** Warns if GitHub would show this run as something that is likely not meant. */
function shownWarnings(
  event: WorkflowEvent | undefined,
  stated: StatedPurpose,
  { github, dryRun }: DeployInputs,
): string[] {
  const isShown = github.token !== undefined && (github.githubDeployment || github.uploadArtifact !== false);
  if (event === undefined || dryRun || !isShown) return [];
  const storesArtifact = github.uploadArtifact !== false && !isEnterpriseServer(event.serverUrl);
  const warnings = [branchWarning(event, stated), closedWarning(event, stated)];
  if (storesArtifact) warnings.push(noRollbackWarning(event, stated));
  return warnings.filter((warning) => warning !== undefined);
}

/** What decides whether there are bundles to go back to. */
function surroundingsOf({ github }: Pick<DeployInputs, 'github'>, event: WorkflowEvent | undefined): Surroundings {
  const target = event === undefined ? undefined : targetOf(github, event);
  return {
    isOnGitHub: event !== undefined,
    isEnterpriseServer: event !== undefined && isEnterpriseServer(event.serverUrl),
    environment: target?.environment ?? PRODUCTION,
    isProduction: target?.isProduction ?? true,
  };
}

interface Parts {
  diagnostics: Diagnostics;
  context: RunContext;
  inputs: DeployInputs;
  http: HttpClient;
  run: DeployRun;
  githubStatus: GitHubStatus | undefined;
  event: WorkflowEvent | undefined;
  /** To be closed. */
  clients: Pick<HttpClient, 'close'>[];
}

function createDependencies(parts: Parts): DeployDependencies {
  const { inputs, context, http, run, githubStatus, clients, diagnostics } = parts;
  const { signal } = context;
  const { onDeploymentEvent } = diagnostics;
  const verifying = createVerifying(parts, false, (request) => findLastGood(request, parts));
  clients.push(verifying.pages);
  return {
    verifying,
    hosting: createHosting({ context, inputs, http, report: run, onDeploymentEvent }),
    sites: createSites({ context, inputs, http, report: run }),
    run,
    signal,
    prepareBundle: () => {
      // The first call follows at once, and finds a connection then; before the bundle is ready nothing is sent over it.
      if (!inputs.dryRun) http.openAhead(new URL(inputs.apiOrigin), signal);
      return prepareBundle(inputs, signal);
    },
    openStatus: async (bundle, projectUuid) => await githubStatus?.open(bundle, projectUuid, signal),
  };
}

/** @throws ActionError if GitHub, which alone knows what was deployed before, is not to be asked */
async function findLastGood(request: LastGoodRequest, parts: Parts): Promise<LastGood> {
  const { context, inputs, event, clients, diagnostics } = parts;
  const { token } = inputs.github;
  const { environment, ...where } = surroundingsOf(inputs, event);
  const reason = noBundlesReason(inputs.github, { environment, ...where });
  if (reason !== undefined)
    throw new ActionError(reason, { topic: 'no-bundle-for-the-rollback', title: 'Nothing to roll back to' });
  if (event === undefined || token === undefined) throw new Error('Bug: no reason is given why nothing can be found.');
  const { correlationId } = context;
  const downloads = diagnostics.observe(createLateHttpClient({ userAgent: USER_AGENT, correlationId }));
  clients.push(downloads);
  return await findLastGoodOf(request, environment, { ...parts, event, token, downloads });
}

/** Loads its code only now: by then, the log has begun. */
async function prepareBundle(inputs: DeployInputs, signal: AbortSignal): Promise<Bundle> {
  const { source, workingDirectory } = inputs;
  const forbidden = forbiddenValues(inputs);
  if (source.kind === 'zip') {
    const { inspectZip } = await import('../files/inspect-zip.ts');
    return await inspectZip({
      path: source.path,
      displayPath: relative(workingDirectory, source.path),
      forbidden,
      signal,
    });
  }
  const { packageDirectory } = await import('../files/package-directory.ts');
  return await packageDirectory({
    directory: source.directory,
    displayDirectory: relative(workingDirectory, source.directory) || '.',
    exclude: source.exclude,
    destination: createBundlePath(),
    forbidden,
    signal,
  });
}
