import { ROLLING_BACK, requirePurpose, rollbackWarning } from '../actions/event-check.ts';
import type { FoundSource } from '../actions/rollback/find-source.ts';
import { findBundle, rollback } from '../actions/rollback/rollback.ts';
import { isProduction } from '../domain/github-deployment.ts';
import { ActionError } from '../errors.ts';
import { isEnterpriseServer } from '../github/artifact-environment.ts';
import { deploymentsUrlOf, readWorkflowEvent, type WorkflowEvent } from '../github/event.ts';
import type { StatusTarget } from '../github-status/target.ts';
import { readOtherApiHost } from '../inputs/api-host.ts';
import { readPurpose } from '../inputs/purpose.ts';
import { type RollbackInputs, readRollbackInputs } from '../inputs/rollback.ts';
import { createInputSource } from '../inputs/source.ts';
import type { HttpClient } from '../net/http.ts';
import { createLateHttpClient } from '../net/late-http.ts';
import { DEPLOY_REPORT } from '../report/deploy-report.ts';
import { INPUT_WARNING } from '../report/run-events.ts';
import type { RunContext, Running } from '../run-context.ts';
import { USER_AGENT } from '../version.ts';
import { describeCancelled, knownOf, withoutValue } from './deploying.ts';
import { createDiagnostics } from './diagnostics.ts';
import { createFindDependencies, findLastGoodOf, inspectEarlier } from './earlier-bundles.ts';
import { type ConnectOptions, connectGitHubStatus } from './github-status.ts';
import { introduce } from './introduce.ts';
import { createPlatformHttp } from './platform-http.ts';
import { createVerifying } from './verifying.ts';

/** Puts the rollback action together: its inputs, its clients, its report. */
export async function createRollbackRun(context: RunContext): Promise<Running> {
  const { maskSecret, correlationId, signal } = context;
  const run = context.begin(DEPLOY_REPORT);
  const diagnostics = createDiagnostics(run, context);
  const clients: Pick<HttpClient, 'close'>[] = [];
  return {
    work: async () => {
      const source = createInputSource({ env: process.env, maskSecret });
      const started = await readWorkflowEvent();
      introduce('rollback', { run, source, event: started });
      const { inputs, warnings } = readRollbackInputs(source);
      const { dryRun, variables, project } = inputs;
      const known = project.kind === 'default' ? {} : knownOf(project);
      run.emit({ type: 'started', dryRun, variables: variables.map(withoutValue), project: known });
      run.emit({ type: 'api-host-found', other: readOtherApiHost(source) });
      for (const warning of warnings) run.warn(warning, INPUT_WARNING);
      const event = requireArtifacts(started);
      const { environment } = inputs;
      run.emit({ type: 'target-found', environment, deploymentsUrl: deploymentsUrlOf(event, environment) });
      diagnostics.begin({ when: inputs.diagnostics, github: inputs.github, variables, event });
      const stated = readPurpose(source);
      requirePurpose(event, stated, ROLLING_BACK);
      const unlikely = rollbackWarning(event, stated);
      if (unlikely !== undefined) run.warn(unlikely, INPUT_WARNING);
      const http = diagnostics.observe(createPlatformHttp(run, correlationId));
      // A client of its own: BigCommerce cannot look up the requests to GitHub.
      const downloads = diagnostics.observe(createLateHttpClient({ userAgent: USER_AGENT, correlationId }));
      clients.push(http, downloads);
      const { onDeploymentEvent } = diagnostics;
      const parts = { context, inputs, event, run, http, downloads, token: inputs.token, onDeploymentEvent };
      const dependencies = await createFindDependencies(parts);
      const found = await findBundle(inputs, dependencies);
      const githubStatus = connectGitHubStatus({ context, event, run, ...statusOf(inputs, found.source) });
      const verifying = createVerifying(parts, true, async (request) => findLastGoodOf(request, environment, parts));
      clients.push(verifying.pages);
      await rollback(found, inputs, {
        ...dependencies,
        verifying,
        inspect: (path) => inspectEarlier(path, inputs, signal),
        openStatus: async (bundle, projectUuid) => await githubStatus?.open(bundle, projectUuid, signal),
      });
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

/** What GitHub shows of it. */
function statusOf(
  { github, environment, dryRun }: RollbackInputs,
  source: FoundSource,
): Pick<ConnectOptions, 'inputs' | 'target' | 'sourceDeploymentId'> {
  const { sha, project, deployment } = source;
  const workingDirectory = deployment?.payload.workingDirectory ?? '.';
  return {
    inputs: { github: { ...github, sha }, project, workingDirectory, dryRun },
    target: targetOf(environment, source),
    sourceDeploymentId: deployment?.id,
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
