/** `npm run emulator`: the embedded platform as a process of its own. `--help` says what it takes. */
import { once } from 'node:events';
import { HELP, parseCommandLine, UsageError } from './cli-options.ts';
import type { Emulator, EmulatorOptions } from './emulator.ts';
import { startEmulator } from './server.ts';
import type { RedirectJobRecord } from './services/redirects/records.ts';
import type { BatchRecord } from './services/sitecore/records.ts';
import type { DeploymentRecord, RecordedRequest } from './types.ts';

async function run(args: readonly string[]): Promise<void> {
  const options = parseCommandLine(args);
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  // Listened for before the start, so that nobody who stops it early leaves its files behind.
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const emulator = await startEmulator({
    ...options,
    onRequestEnd: (request) => print(renderRequest(request)),
    onDeploymentChange: (deployment) => print(renderDeployment(deployment)),
    redirects: { ...options.redirects, onJobChange: (job) => print(renderJob(job)) },
    sitecore: { ...options.sitecore, onBatchChange: (batch) => print(renderBatch(batch)) },
  });
  print(renderSettings(emulator, options));
  await stopped;
  await emulator.close();
}

function renderSettings(emulator: Emulator, options: EmulatorOptions): string {
  const apiHost = options.tls ? emulator.apiHost : emulator.origin;
  const certificate = emulator.certificatePath === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${emulator.certificatePath}`];
  return [
    `The emulator listens on ${emulator.origin}. Environment:`,
    '',
    `CATALYST_API_HOST=${apiHost}`,
    `CATALYST_STORE_HASH=${emulator.storeHash}`,
    `CATALYST_ACCESS_TOKEN=${emulator.accessToken}`,
    `CATALYST_PROJECT_UUID=${emulator.projects[0]?.uuid ?? ''}`,
    ...certificate,
    '',
    'Or as inputs of the action:',
    '',
    `  api-host: ${apiHost}`,
    `  store-hash: ${emulator.storeHash}`,
    `  access-token: ${emulator.accessToken}`,
    `  project-uuid: ${emulator.projects[0]?.uuid ?? ''}`,
    `  github-token: ${emulator.github.token}`,
    '',
    'Projects:',
    ...emulator.projects.map(({ uuid, name }) => `  ${uuid}  ${name}`),
    '',
    'Sites, for redirects (site-id):',
    ...emulator.redirects.sites.map(({ id, domain }) => `  ${id}  ${domain}`),
    '',
    "Sitecore CDP's Batch API, as inputs of batch-upload:",
    '',
    `  base-url: ${emulator.origin}`,
    `  client-key: ${emulator.batches.clientKey}`,
    `  api-token: ${emulator.batches.apiToken}`,
    '',
    ...renderGitHub(emulator),
    '',
    'Requests (Ctrl+C ends it):',
  ].join('\n');
}

/** What a job on it would find in its environment. The action takes the token as an input alone. */
function renderGitHub({ github, artifacts }: Emulator): string[] {
  const enterprise = github.environment('enterprise');
  const [pullRequest] = github.pullRequests;
  return [
    'The embedded GitHub, for deployments and comments. Environment:',
    '',
    ...Object.entries(github.environment()).map(([name, value]) => `${name}=${value}`),
    `GITHUB_RUN_ID=${artifacts.runId}`,
    `ACTIONS_RESULTS_URL=${artifacts.resultsUrl}`,
    `ACTIONS_RUNTIME_TOKEN=${artifacts.runtimeToken}`,
    '',
    'An input without a runner: env "INPUT_GITHUB-TOKEN=..." "INPUT_PULL-REQUEST=..." command',
    `Pull request ${pullRequest?.number}: ${pullRequest?.head.sha}`,
    `As GitHub Enterprise Server: GITHUB_API_URL=${enterprise['GITHUB_API_URL']} GITHUB_SERVER_URL=${enterprise['GITHUB_SERVER_URL']}`,
  ];
}

function renderRequest(request: RecordedRequest): string {
  const durationMs = (request.endedAtMs ?? request.startedAtMs) - request.startedAtMs;
  const faults = request.faults.length > 0 ? `  fault: ${request.faults.join(', ')}` : '';
  const size = request.bodyBytes > 0 ? `  ${request.bodyBytes} bytes` : '';
  // Without the query: that of an upload is a credential.
  const line = `${request.method} ${request.path}  ${request.status ?? 'no answer'}`;
  return `${request.call}: ${line}  ${durationMs} ms${size}${request.aborted ? '  broken off' : ''}${faults}`;
}

function renderDeployment({ deploymentUuid, status, step, errorCode, failureReason }: DeploymentRecord): string {
  const failure = errorCode === undefined ? '' : `  code ${errorCode}: ${failureReason ?? ''}`;
  return `deployment ${deploymentUuid}: ${status}${step === undefined ? '' : `, ${step}`}${failure}`;
}

function renderJob({ jobId, kind, status, completed, failed, total }: RedirectJobRecord): string {
  const failures = failed > 0 ? `, ${failed} refused` : '';
  return `${kind} ${jobId}: ${status}, ${completed} of ${total} done${failures}`;
}

function renderBatch({ ref, status, recordCount, refusedCount, failureReason }: BatchRecord): string {
  const counts = recordCount > 0 ? `, ${recordCount} records, ${refusedCount} refused` : '';
  return `batch ${ref}: ${status}${counts}${failureReason === undefined ? '' : `  ${failureReason}`}`;
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (isPortTaken(error)) process.stderr.write("Another program has that port: try 'npm run emulator -- --port 0'.\n");
  if (isUsage) process.stderr.write("Try 'npm run emulator -- --help'.\n");
  process.exitCode = isUsage ? 2 : 1;
}
