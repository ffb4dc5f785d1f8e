import type { HostingClient } from '../../bigcommerce/hosting.ts';
import type { Bundle } from '../../domain/bundle.ts';
import { type ProjectIdentity, succeededAt } from '../../domain/rollback.ts';
import type { GitHub } from '../../github/github.ts';
import type { RollbackInputs, TargetProject } from '../../inputs/rollback.ts';
import type { DeployEvent, SourceRecord } from '../../report/deploy-record.ts';
import type { Run } from '../../report/run-events.ts';
import { type DeployDependencies, deploy } from '../deploy.ts';
import { resolveProject } from '../resolve-project.ts';
import { type DownloadDependencies, type DownloadedBundle, downloadBundle } from './download.ts';
import { type FoundSource, findSource } from './find-source.ts';
import { createHistory, type History } from './history.ts';
import { createExpiredError } from './stored-bundle.ts';

export interface FindDependencies extends Pick<DownloadDependencies, 'download' | 'discard'> {
  github: GitHub;
  hosting: HostingClient;
  run: Run<DeployEvent>;
  links: SourceLinks;
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

/** An earlier bundle that is to be deployed again. */
export interface FoundBundle {
  source: FoundSource;
  /** Its zip. */
  path: string;
}

/**
 * Finds the bundle, downloads it and compares it with what was deployed.
 * @throws ActionError; then no file is left behind
 */
export async function findBundle(inputs: RollbackInputs, dependencies: FindDependencies): Promise<FoundBundle> {
  const history = createHistory(dependencies.github);
  try {
    const source = await find(inputs, history, dependencies);
    const { path } = await downloadSource(source, history, dependencies);
    return { source, path };
  } catch (error) {
    // Whatever fails after a cancellation is a consequence of it.
    dependencies.signal.throwIfAborted();
    throw error;
  }
}

/** What checking an earlier bundle takes. */
export interface InspectDependencies extends Pick<DownloadDependencies, 'discard'> {
  /** Checks the zip, as before any deployment. */
  inspect: (path: string) => Promise<Bundle>;
}

export interface RollbackDependencies extends Omit<DeployDependencies, 'prepareBundle'>, InspectDependencies {}

/**
 * Deploys an earlier bundle again, as the deploy action does.
 * @throws ActionError with the outcome of the run; a return is success
 */
export async function rollback(
  { source, path }: FoundBundle,
  inputs: RollbackInputs,
  { inspect, discard, ...dependencies }: RollbackDependencies,
): Promise<void> {
  await deploy(
    { ...inputs, project: source.project, source: { kind: 'zip' } },
    {
      ...dependencies,
      prepareBundle: () => inspectOrDiscard(path, { inspect, discard }),
    },
  );
}

/** Checks the zip of an earlier bundle. @throws what the check throws; then the file is gone */
export async function inspectOrDiscard(path: string, { inspect, discard }: InspectDependencies): Promise<Bundle> {
  try {
    return await inspect(path);
  } catch (error) {
    await discard(path);
    throw error;
  }
}

async function find(inputs: RollbackInputs, history: History, dependencies: FindDependencies): Promise<FoundSource> {
  const { run, github, signal, links, defaultBranch } = dependencies;
  const project = await identify(inputs, dependencies);
  const source = await run.phase('Find bundle', async (phase) => {
    const found = await findSource(inputs, project, { github, history, phase, run, signal, defaultBranch });
    const { deployment, artifact } = found;
    phase.result(deployment === undefined ? `artifact ${artifact.id}` : `that of GitHub deployment ${deployment.id}`);
    return found;
  });
  if (source.project.kind === 'uuid') {
    const { projectName: name } = source;
    run.emit({ type: 'project-found', uuid: source.project.uuid, ...(name === undefined ? {} : { name }) });
  }
  run.emit({ type: 'source-found', source: createRecord(source, links) });
  return source;
}

/** A name is looked up first: deployments may have been made by UUID. A dry run asks BigCommerce nothing. */
async function identify(
  { project, dryRun }: { project: TargetProject; dryRun: boolean },
  { hosting, run }: FindDependencies,
): Promise<ProjectIdentity | undefined> {
  if (project.kind === 'default') return undefined;
  if (project.kind === 'uuid') return { uuid: project.uuid, name: undefined };
  const uuid = dryRun
    ? undefined
    : await resolveProject(project, { hosting, run, missingFix: 'Correct `project-name`.' });
  return { uuid, name: project.name };
}

function createRecord(
  { kind, current, deployment, sha, runId, artifact }: FoundSource,
  links: SourceLinks,
): SourceRecord {
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

/** Downloads the bundle and compares it with what was deployed. @throws ActionError; then no file is left behind */
export async function downloadSource(
  source: FoundSource,
  history: History,
  dependencies: FindDependencies,
): Promise<DownloadedBundle> {
  const { run, github, signal } = dependencies;
  return await run.phase('Download bundle', async (phase) =>
    downloadBundle(source, {
      ...dependencies,
      phase,
      expired: () =>
        createExpiredError(source.artifact, source.deployment, {
          ...{ github, history, signal, run, phase },
          request: source.request,
          project: source.target,
        }),
    }),
  );
}
