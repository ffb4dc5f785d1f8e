import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import type { FindDependencies } from '../actions/rollback/rollback.ts';
import type { LastGood, LastGoodRequest } from '../actions/verification/verify.ts';
import type { Bundle } from '../domain/bundle.ts';
import { downloadArtifact } from '../github/artifact-download.ts';
import { commitUrlOf, deploymentsUrlOf, readDefaultBranch, type WorkflowEvent } from '../github/event.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import type { HttpClient } from '../net/http.ts';
import { retryText } from '../report/phrases.ts';
import type { RunContext } from '../run-context.ts';
import { createBundlePath, createHosting, type DeployRun, forbiddenValues } from './deploying.ts';
import { createConnect } from './github.ts';

/** Shared by the runs that look for a bundle of an earlier deployment. */

/** The longest wait that GitHub may ask for: the search cannot continue without its answers. */
const LONGEST_WAIT_MS = 60_000;

type EarlierInputs = Pick<DeployInputs, 'storeHash' | 'accessToken' | 'apiOrigin' | 'timeoutMs' | 'variables'>;

export interface EarlierParts {
  context: RunContext;
  inputs: EarlierInputs;
  event: WorkflowEvent;
  run: DeployRun;
  http: HttpClient;
  /** A client of its own: BigCommerce cannot look up the requests to GitHub. */
  downloads: HttpClient;
  /** GitHub's. */
  token: string;
  onDeploymentEvent?: (data: string) => void;
}

/** What the search for an earlier bundle takes. @throws ActionError if GitHub cannot be asked */
export async function createFindDependencies(parts: EarlierParts): Promise<FindDependencies> {
  const { context, inputs, event, run, http, downloads, token, onDeploymentEvent } = parts;
  const { signal, maskSecret, redactor } = context;
  const onRetry = (notice: Parameters<typeof retryText>[0]) => run.info(retryText(notice));
  const connect = createConnect({ token, writesComments: false, event, report: run, redactor });
  const github = await connect(signal, LONGEST_WAIT_MS);
  return {
    github,
    hosting: createHosting({ context, inputs, http, report: run, ...(onDeploymentEvent && { onDeploymentEvent }) }),
    run,
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
  };
}

const NAME_ANOTHER = 'This bundle cannot be deployed: name another one with `from-deployment`.';

/** Checks the zip of an earlier bundle. @throws BundleError */
export async function inspectEarlier(
  path: string,
  inputs: Pick<EarlierInputs, 'accessToken' | 'variables'>,
  signal: AbortSignal,
  fix = `${NAME_ANOTHER}`,
): Promise<Bundle> {
  const displayPath = relative(process.env['RUNNER_TEMP'] ?? '', path);
  const { inspectZip } = await import('../files/inspect-zip.ts');
  return await inspectZip({ path, displayPath, forbidden: forbiddenValues(inputs), fix, signal });
}

/** The last bundle of an environment that worked. @throws ActionError if there is none, or it cannot be had */
export async function findLastGoodOf(
  request: LastGoodRequest,
  environment: string,
  parts: EarlierParts,
): Promise<LastGood> {
  const { findLastGood } = await import('../actions/verification/last-good.ts');
  return await findLastGood(request, {
    ...(await createFindDependencies(parts)),
    environment,
    refName: parts.event.refName,
    inspect: (path) => inspectEarlier(path, parts.inputs, parts.context.signal, NAME_ANOTHER),
  });
}
