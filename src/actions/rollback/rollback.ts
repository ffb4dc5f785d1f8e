import type { HostingClient } from '../../bigcommerce/hosting.ts';
import type { Bundle } from '../../domain/bundle.ts';
import { cancelledIn } from '../../domain/remote-state.ts';
import { type ProjectIdentity, succeededAt } from '../../domain/rollback.ts';
import type { GitHub } from '../../github/github.ts';
import type { RollbackInputs, TargetProject } from '../../inputs/rollback.ts';
import type { RollbackReporter } from '../../report/reporters.ts';
import { type DeployDependencies, deploy } from '../deploy.ts';
import { resolveProject } from '../resolve-project.ts';
import { type DownloadDependencies, downloadBundle } from './download.ts';
import { type FoundSource, findSource } from './find-source.ts';
import { createHistory, type History } from './history.ts';
import { createExpiredError } from './stored-bundle.ts';

export interface RollbackDependencies extends Pick<DownloadDependencies, 'download' | 'discard'> {
  github: GitHub;
  hosting: HostingClient;
  reporter: RollbackReporter;
  links: SourceLinks;
  /** Checks the zip, as before any deployment. */
  inspect: (path: string) => Promise<Bundle>;
  /** Told what will be deployed, before anything is. */
  found: (source: FoundSource) => void;
  announce: DeployDependencies['announce'];
  remote: DeployDependencies['remote'];
  signal: AbortSignal;
  /** Name of the repository's default branch; undefined if unknown. */
  defaultBranch: string | undefined;
}

/** Addresses of pages on GitHub. */
export interface SourceLinks {
  commitUrlOf: (sha: string) => string;
  deploymentsUrlOf: (environment: string) => string;
  runUrlOf: (runId: string) => string;
}

/**
 * Deploys an earlier bundle again: finds it, downloads it, compares it with what was deployed, and then does what the
 * deploy action does.
 * @throws ActionError with the outcome of the run; a return is success
 */
export async function rollback(inputs: RollbackInputs, dependencies: RollbackDependencies): Promise<void> {
  const { reporter, signal, remote, discard, inspect } = dependencies;
  try {
    warnOfNoVariables(inputs, reporter);
    const history = createHistory(dependencies.github);
    const source = await find(inputs, history, dependencies);
    const file = await download(source, history, dependencies);
    dependencies.found(source);
    await deploy(
      { ...inputs, project: source.project, source: { kind: 'zip' } },
      {
        ...dependencies,
        prepareBundle: async () => {
          try {
            return await inspect(file.path);
          } catch (error) {
            await discard(file.path);
            throw error;
          }
        },
      },
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    throw cancelledIn(remote, signal.reason);
  }
}

function warnOfNoVariables({ variables }: RollbackInputs, reporter: RollbackReporter): void {
  if (variables.length > 0) return;
  reporter.warn(
    'Neither `environment-variables` nor `secrets` is given. They are not stored with a bundle, and what an omitted list does to the variables that the project has is not documented by the platform: give them all.',
  );
}

async function find(
  inputs: RollbackInputs,
  history: History,
  dependencies: RollbackDependencies,
): Promise<FoundSource> {
  const { reporter, github, signal, links, defaultBranch } = dependencies;
  const project = await identify(inputs, dependencies);
  const source = await reporter.phase('Find bundle', async (phase) => {
    const warn = (message: string) => reporter.warn(message);
    const debug = (text: string) => reporter.debug(text);
    const found = await findSource(inputs, project, { github, history, phase, warn, debug, signal, defaultBranch });
    const { deployment, artifact } = found;
    phase.result(deployment === undefined ? `artifact ${artifact.id}` : `that of GitHub deployment ${deployment.id}`);
    return found;
  });
  if (source.project.kind === 'uuid') {
    const { projectName: name } = source;
    reporter.project({ uuid: source.project.uuid, ...(name === undefined ? {} : { name }) });
  }
  reporter.source(createRecord(source, links));
  return source;
}

/** A name is looked up first: deployments may have been made by UUID. A dry run asks BigCommerce nothing. */
async function identify(
  { project, dryRun }: { project: TargetProject; dryRun: boolean },
  { hosting, reporter }: RollbackDependencies,
): Promise<ProjectIdentity | undefined> {
  if (project.kind === 'default') return undefined;
  if (project.kind === 'uuid') return { uuid: project.uuid, name: undefined };
  const uuid = dryRun
    ? undefined
    : await resolveProject(project, { hosting, reporter, missingFix: 'Correct `project-name`.' });
  return { uuid, name: project.name };
}

function createRecord(
  { kind, current, deployment, sha, runId, artifact }: FoundSource,
  links: SourceLinks,
): Parameters<RollbackReporter['source']>[0] {
  return {
    kind,
    deployment: deployment && {
      id: deployment.id,
      url: links.deploymentsUrlOf(deployment.environment),
      environment: deployment.environment,
      succeededAt: succeededAt(deployment),
    },
    replaced: current && { id: current.id, commit: { sha: current.sha, url: links.commitUrlOf(current.sha) } },
    commit: { sha, url: links.commitUrlOf(sha) },
    run: { id: runId, url: links.runUrlOf(runId) },
    artifactId: artifact.id,
  };
}

async function download(source: FoundSource, history: History, dependencies: RollbackDependencies) {
  const { reporter, github, signal } = dependencies;
  const debug = (text: string) => reporter.debug(text);
  return await reporter.phase('Download bundle', async (phase) =>
    downloadBundle(source, {
      ...dependencies,
      phase,
      warn: (message) => reporter.warn(message),
      expired: () =>
        createExpiredError(source.artifact, source.deployment, {
          ...{ github, history, signal, debug, phase },
          request: source.request,
          project: source.target,
        }),
    }),
  );
}
