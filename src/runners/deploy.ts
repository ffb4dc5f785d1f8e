import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { deploy } from '../actions/deploy.ts';
import { createHostingClient } from '../bigcommerce/client.ts';
import type { Bundle, ForbiddenValue } from '../domain/bundle.ts';
import { inspectZip } from '../files/inspect-zip.ts';
import { packageDirectory } from '../files/package-directory.ts';
import { readCommit } from '../github/context.ts';
import { type DeployInputs, readDeployInputs } from '../inputs/deploy.ts';
import { createInputSource } from '../inputs/source.ts';
import { createHttpClient, type HttpClient } from '../net/http.ts';
import { DeployReport } from '../report/deploy-report.ts';
import { formatDuration } from '../report/format.ts';
import type { RunContext, Running } from '../run.ts';
import { USER_AGENT } from '../version.ts';

/** Shorter values of `secrets` turn up in any bundle by chance. */
const MIN_SEARCHED_LENGTH = 8;

/** Puts the deploy action together: its inputs, its clients, its report. */
export async function createDeployRun(context: RunContext): Promise<Running> {
  const { log, redactor, signal, maskSecret, correlationId } = context;
  const report = new DeployReport({ log, redactor, correlationId, readCommit });
  let http: HttpClient | undefined;
  return {
    work: async () => {
      const { inputs, warnings } = readDeployInputs(createInputSource({ env: process.env, maskSecret }));
      report.started(inputs);
      for (const warning of warnings) report.warn(warning);
      http = createHttpClient({ userAgent: USER_AGENT, correlationId, onCall: () => report.networkUsed() });
      const hosting = createHostingClient({
        http,
        ...inputs,
        signal,
        maskSecret,
        onRetry: (_what, { error, delayMs, attempt }) =>
          report.info(`${error.message} Trying again in ${formatDuration(delayMs)} (try ${attempt + 1}).`),
      });
      await deploy(inputs, { hosting, reporter: report, signal, prepareBundle: () => prepareBundle(inputs, signal) });
    },
    finish: (error) => report.finish(error),
    close: async () => http?.close(),
  };
}

async function prepareBundle(inputs: DeployInputs, signal: AbortSignal): Promise<Bundle> {
  const { source, workingDirectory } = inputs;
  const forbidden = forbiddenValues(inputs);
  if (source.kind === 'zip') {
    return await inspectZip({
      path: source.path,
      displayPath: relative(workingDirectory, source.path),
      forbidden,
      signal,
    });
  }
  const name = `catalyst-bundle-${randomBytes(4).toString('hex')}.zip`;
  return await packageDirectory({
    directory: source.directory,
    displayDirectory: relative(workingDirectory, source.directory) || '.',
    exclude: source.exclude,
    destination: join(process.env['RUNNER_TEMP'] || tmpdir(), name),
    forbidden,
    signal,
  });
}

function forbiddenValues({ accessToken, variables }: DeployInputs): ForbiddenValue[] {
  const values: ForbiddenValue[] = [{ label: 'the access token', value: accessToken, severity: 'refuse' }];
  for (const { type, key, value } of variables) {
    if (type === 'secret') values.push({ label: `the secret ${key}`, value, severity: 'warn' });
  }
  return values.filter(({ severity, value }) => severity === 'refuse' || value.length >= MIN_SEARCHED_LENGTH);
}
