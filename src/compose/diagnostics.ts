import { mkdtemp } from 'node:fs/promises';
import { type as osType, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleError } from '../domain/bundle-error.ts';
import { type EnvironmentVariable, likelySecrets } from '../domain/variables.ts';
import { type ActionError, FileError, InputError } from '../errors.ts';
import type { WorkflowEvent } from '../github/event.ts';
import { diagnosticsName } from '../github-status/bundle-artifact.ts';
import type { DiagnosticsInput } from '../inputs/diagnostics.ts';
import type { GitHubInputs } from '../inputs/github.ts';
import type { HttpClient } from '../net/http.ts';
import { observeRequests } from '../net/observed-http.ts';
import { timeoutSignal } from '../pause.ts';
import type { DeployRecord } from '../report/deploy-record.ts';
import { createDiagnosticsLog, type DiagnosticsLog } from '../report/diagnostics-log.ts';
import { supportBundleLine } from '../report/support-bundle.ts';
import type { RunContext } from '../run-context.ts';
import { USER_AGENT, VERSION } from '../version.ts';
import { type DeployRun, describeCancelled } from './deploying.ts';
import { storeSupportBundle } from './support-bundle.ts';

/** What a run keeps for a support bundle, and the making of it. */
export interface Diagnostics {
  /** The same client; its requests are noted. */
  observe(http: HttpClient): HttpClient;
  onDeploymentEvent: (data: string) => void;
  /** The inputs are right: from now on there may be a support bundle. */
  begin(wanted: WantedDiagnostics): void;
  /**
   * Makes the support bundle, if one is wanted, and stores it. The work is over; its end is told at once to whoever closes
   * the GitHub deployment, and reported after this. Throws nothing, and takes a limited time.
   */
  make(error: ActionError | undefined): Promise<void>;
}

export interface WantedDiagnostics {
  when: DiagnosticsInput;
  github: Pick<GitHubInputs, 'artifactName' | 'artifactRetentionDays'>;
  /** Of the deployment. */
  variables: readonly EnvironmentVariable[];
  /** Undefined outside of GitHub Actions: then it stays where it is. */
  event: WorkflowEvent | undefined;
}

/** 64 MB of zip take a second or two. */
const HASHING_MS = 5000;

export function createDiagnostics(run: DeployRun, context: RunContext): Diagnostics {
  const { correlationId } = context;
  const log = createDiagnosticsLog();
  run.attach(log);
  let wanted: WantedDiagnostics | undefined;
  return {
    // Completed later, so it is no copy.
    observe: (http) => observeRequests(http, (request) => log.addRequest(Object.assign(request, { correlationId }))),
    onDeploymentEvent: log.addDeploymentEvent,
    begin: (given) => {
      wanted = given;
    },
    make: async (error) => {
      if (wanted === undefined || wanted.when === 'never') return;
      if (error === undefined ? wanted.when !== 'always' : isLocalFault(error)) return;
      // Before that there is nothing that anybody could look into.
      if (log.contents().record?.networkUsed !== true) return;
      run.emit({ type: 'ending', ...run.prepareEnd(error, describeCancelled) });
      try {
        await makeAndStore(wanted, log, run, context);
      } catch (fault) {
        run.info(`No support bundle could be made: ${fault instanceof Error ? fault.message : fault}`);
      }
    },
  };
}

/** BigCommerce has no part in it. */
function isLocalFault(error: ActionError): boolean {
  return error instanceof InputError || error instanceof FileError || error instanceof BundleError;
}

async function makeAndStore(
  { github, event, variables }: WantedDiagnostics,
  log: DiagnosticsLog,
  run: DeployRun,
  context: RunContext,
): Promise<void> {
  const { record } = log.contents();
  const runAttempt = event?.runAttempt ?? '1';
  const name = diagnosticsName(github.artifactName, record?.project ?? {}, runAttempt);
  // Not known to the run's own redactor: in addresses and outputs they may be no secrets.
  const redactor = context.redactor.withMore(likelySecrets(variables, process.env));
  const path = await writeZip(name, log, { ...context, redactor }, record?.bundle);
  const file = { name, path, retentionDays: github.artifactRetentionDays };
  const supportBundle = await storeSupportBundle(file, event, run, context);
  run.emit({ type: 'support-bundle-made', supportBundle });
  // A failure's message names it.
  const line = record?.failure === undefined ? supportBundleLine({ supportBundle }) : undefined;
  if (line !== undefined) run.info(line);
}

/** @returns its path, in a folder of its own */
async function writeZip(
  name: string,
  log: DiagnosticsLog,
  { redactor, signal, reportSignal }: RunContext,
  bundle: DeployRecord['bundle'],
): Promise<string> {
  const [{ renderParts }, { writeTextArchive }, { hashEntries }] = await Promise.all([
    import('../report/diagnostics-parts.ts'),
    import('../files/text-archive.ts'),
    import('../files/entry-hashes.ts'),
  ]);
  const time = AbortSignal.any([signal, reportSignal, timeoutSignal(HASHING_MS)]);
  // Without them the list has names and sizes.
  const noHashes = new Map<string, string>();
  const hashes = bundle === undefined ? noHashes : await hashEntries(bundle.path, time).catch(() => noHashes);
  const parts = renderParts(log.contents(), { redactor, hashes, versions: readVersions(), madeBy: USER_AGENT });
  const folder = await mkdtemp(join(process.env['RUNNER_TEMP'] || tmpdir(), 'catalyst-diagnostics-'));
  const path = join(folder, name);
  await writeTextArchive(path, parts, reportSignal);
  return path;
}

/** What the runner says of itself and of the run. */
const RUNNER_VARIABLES = [
  ...['GITHUB_ACTION_REPOSITORY', 'GITHUB_ACTION_REF', 'GITHUB_REPOSITORY', 'GITHUB_SERVER_URL', 'GITHUB_WORKFLOW'],
  ...['GITHUB_JOB', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_EVENT_NAME', 'GITHUB_SHA'],
  ...['RUNNER_OS', 'RUNNER_ARCH', 'RUNNER_ENVIRONMENT', 'ImageOS', 'ImageVersion'],
];

function readVersions(): Record<string, string> {
  const known = RUNNER_VARIABLES.map((name): [string, string] => [name, process.env[name] ?? '']);
  return {
    action: VERSION,
    node: process.version,
    system: `${osType()} ${release()} ${process.arch}`,
    ...Object.fromEntries(known.filter(([, value]) => value !== '')),
  };
}
