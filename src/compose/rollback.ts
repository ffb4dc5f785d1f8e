import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { ROLLING_BACK, requirePurpose, rollbackWarning } from '../actions/event-check.ts';
import type { FoundSource } from '../actions/rollback/find-source.ts';
import { type RollbackDependencies, rollback } from '../actions/rollback/rollback.ts';
import type { Bundle } from '../domain/bundle.ts';
import { isProduction } from '../domain/github-deployment.ts';
import { createRemoteState, type RemoteState } from '../domain/remote-state.ts';
import { ActionError, BundleError } from '../errors.ts';
import { downloadArtifact } from '../github/artifact-download.ts';
import { isEnterpriseServer } from '../github/artifact-environment.ts';
import {
  commitUrlOf,
  deploymentsUrlOf,
  readDefaultBranch,
  readWorkflowEvent,
  type WorkflowEvent,
} from '../github/event.ts';
import type { GitHubStatus } from '../github-status/github-status.ts';
import type { StatusTarget } from '../github-status/target.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { readPurpose } from '../inputs/purpose.ts';
import { type RollbackInputs, readRollbackInputs } from '../inputs/rollback.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { DeployReport } from '../report/deploy-report.ts';
import { retryText } from '../report/phrases.ts';
import type { RunContext, Running } from '../run.ts';
import { USER_AGENT } from '../version.ts';
import { createBundlePath, createHosting, createOpenStatus, forbiddenValues } from './deploying.ts';
import { createConnect } from './github.ts';
import { connectGitHubStatus } from './github-status.ts';

/** The longest wait that GitHub may ask for: the run cannot continue without its answers. */
const LONGEST_WAIT_MS = 60_000;

/** Puts the rollback action together: its inputs, its clients, its report. */
export async function createRollbackRun(context: RunContext): Promise<Running> {
  const { log, redactor, maskSecret, correlationId } = context;
  const report = new DeployReport({ log, redactor, correlationId });
  const opened: { githubStatus?: GitHubStatus | undefined } = {};
  const clients: HttpClient[] = [];
  return {
    work: async () => {
      const source = createInputSource({ env: process.env, maskSecret });
      const { inputs, warnings } = readRollbackInputs(source);
      const { project } = inputs;
      report.started({ ...inputs, project: project.kind === 'default' ? undefined : project });
      report.apiHost(readOtherApiHost(source));
      for (const warning of warnings) report.warn(warning);
      const event = requireArtifacts(await readWorkflowEvent());
      const stated = readPurpose(source);
      requirePurpose(event, stated, ROLLING_BACK);
      const unlikely = rollbackWarning(event, stated);
      if (unlikely !== undefined) report.warn(unlikely);
      const remote = createRemoteState(() => opened.githubStatus?.remoteChanged());
      const client = { userAgent: USER_AGENT, correlationId };
      const http = createLateHttpClient({ ...client, onCall: () => report.networkUsed() });
      clients.push(http);
      // One of its own: what is asked of GitHub is nothing that BigCommerce could look up.
      const downloads = createLateHttpClient(client);
      clients.push(downloads);
      await rollback(
        inputs,
        await createDependencies({ context, inputs, event, report, remote, http, downloads, opened }),
      );
    },
    finish: async (error, signal) => {
      report.ended(error);
      await opened.githubStatus?.closed(signal);
      await report.finish();
      opened.githubStatus?.reported();
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** @throws ActionError where there can be no artifact to deploy */
function requireArtifacts(event: WorkflowEvent | undefined): WorkflowEvent {
  if (event === undefined) {
    throw new ActionError('GITHUB_REPOSITORY names no repository, as if this were no GitHub Actions run.', {
      title: 'Repository not known',
      fix: 'The runner sets it; do not set it in `env:`.',
    });
  }
  if (!isEnterpriseServer(event.serverUrl)) return event;
  throw new ActionError(
    `Workflow artifacts of the kind that holds bundles do not exist on GitHub Enterprise Server (${event.serverUrl}), so there is none to deploy again.`,
    {
      title: 'Not on GitHub Enterprise Server',
      fix: "Keep the zip of the deploy action's output `bundle-path` yourself, and give it to the deploy action as `bundle`.",
    },
  );
}

interface Parts {
  context: RunContext;
  inputs: RollbackInputs;
  event: WorkflowEvent;
  report: DeployReport;
  remote: RemoteState;
  http: HttpClient;
  downloads: HttpClient;
  /** Holds the GitHub status once it is known what is deployed. */
  opened: { githubStatus?: GitHubStatus | undefined };
}

async function createDependencies(parts: Parts): Promise<RollbackDependencies> {
  const { context, inputs, event, report, remote, downloads, opened } = parts;
  const { signal, maskSecret, redactor } = context;
  const onRetry = (notice: Parameters<typeof retryText>[0]) => report.info(retryText(notice));
  const connect = createConnect({ token: inputs.token, writesComments: false, event, report, redactor });
  const github = await connect(signal, LONGEST_WAIT_MS);
  return {
    github,
    hosting: createHosting(parts),
    reporter: report,
    remote,
    signal,
    defaultBranch: await readDefaultBranch(),
    links: {
      commitUrlOf: (sha) => commitUrlOf(event, sha),
      deploymentsUrlOf: (environment) => deploymentsUrlOf(event, environment),
      runUrlOf: (runId) => `${event.serverUrl}/${event.repository}/actions/runs/${encodeURIComponent(runId)}`,
    },
    download: (artifactId, options) =>
      downloadArtifact(
        { artifactId, path: createBundlePath(), ...options },
        { github, http: downloads, maskSecret, onRetry, signal },
      ),
    discard: (path) => rm(path, { force: true }),
    inspect: (path) => inspect(path, inputs, signal),
    found: (source) => {
      opened.githubStatus = connectGitHubStatus({
        context,
        inputs: {
          github: { ...inputs.github, sha: source.sha },
          project: source.project,
          workingDirectory: source.deployment?.payload.workingDirectory ?? '.',
          dryRun: inputs.dryRun,
        },
        event,
        report,
        remote,
        target: targetOf(inputs.environment, source),
        sourceDeploymentId: source.deployment?.id,
      }).githubStatus;
    },
    announce: createOpenStatus(report, signal, () => opened.githubStatus),
  };
}

/** Whatever event started the run, it deploys the commit of the source, and no preview. */
function targetOf(environment: string, { kind, deployment, artifact, sha }: FoundSource): StatusTarget {
  const what = { rollback: 'rollback to', promotion: 'promotion of', redeploy: 'again from' }[kind];
  const which = deployment === undefined ? `artifact ${artifact.id}` : `deployment ${deployment.id}`;
  return {
    environment,
    isProduction: isProduction(environment),
    isPreview: false,
    pullRequest: undefined,
    pullRequestCreatedAt: undefined,
    sha,
    origin: `${what} ${which}`,
  };
}

/** Replaces the advice of a refusal, which is for a zip that the user gave. */
async function inspect(path: string, inputs: RollbackInputs, signal: AbortSignal): Promise<Bundle> {
  try {
    const displayPath = relative(process.env['RUNNER_TEMP'] ?? '', path);
    const { inspectZip } = await import('../files/inspect-zip.ts');
    return await inspectZip({ path, displayPath, forbidden: forbiddenValues(inputs), signal });
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const fix = 'This bundle cannot be deployed: name another one with `from-deployment`. Nothing was sent.';
    throw new BundleError(error.problems, { fix, total: error.detailCount, cause: error });
  }
}
