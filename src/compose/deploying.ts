import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostingClient } from '../bigcommerce/client.ts';
import type { ApiOptions } from '../bigcommerce/endpoint.ts';
import type { ForbiddenValue } from '../domain/bundle.ts';
import { cancelledIn } from '../domain/cancelled-run.ts';
import type { RunStep } from '../domain/run-step.ts';
import { type EnvironmentVariable, isOrdinaryWord } from '../domain/variables.ts';
import { type ActionError, CancelledError } from '../errors.ts';
import type { DeployInputs } from '../inputs/deploy.ts';
import type { HttpClient } from '../net/http.ts';
import type { ActionRun } from '../report/create-run.ts';
import type { DeployEvent, DeployRecord } from '../report/deploy-record.ts';
import { retryText } from '../report/phrases.ts';
import type { Logger } from '../report/run-events.ts';
import { runStepOf, type Verified } from '../report/verification-record.ts';
import type { RunContext } from '../run-context.ts';

/** Shared by the runs that call BigCommerce, or deploy a bundle. */

/** Shorter values of `secrets` occur in any bundle by chance. */
const MIN_SEARCHED_LENGTH = 8;

export interface HostingParts {
  context: RunContext;
  inputs: Pick<DeployInputs, 'storeHash' | 'accessToken' | 'apiOrigin'> & Partial<Pick<DeployInputs, 'timeoutMs'>>;
  http: HttpClient;
  report: Pick<Logger, 'info'>;
  onDeploymentEvent?: (data: string) => void;
}

/** @param signal ends every request: that of the run unless given */
export function createHosting(parts: HostingParts, signal?: AbortSignal) {
  const { context, onDeploymentEvent } = parts;
  const { maskSecret } = context;
  return createHostingClient({ ...createApiOptions(parts, signal), maskSecret, onDeploymentEvent });
}

/** For clients of any part of the store's API. */
export function createApiOptions({ context, inputs, http, report }: HostingParts, signal = context.signal): ApiOptions {
  const onRetry = (_what: string, notice: Parameters<typeof retryText>[0]) => report.info(retryText(notice));
  const { timeoutMs, ...store } = inputs;
  // Each step of a deployment has this time, and no clock runs over all of them.
  const timeLeftMs = timeoutMs === undefined ? undefined : () => timeoutMs;
  return { http, ...store, signal, timeLeftMs, onRetry };
}

export type DeployRun = ActionRun<DeployEvent, DeployRecord>;

/** A cancelled run says how far it got on the remote side. */
export function describeCancelled(
  error: ActionError,
  record: Pick<DeployRecord, 'remote' | 'siteUrl' | keyof Verified>,
): ActionError {
  if (!(error instanceof CancelledError)) return error;
  return cancelledIn(record.remote, error, siteUrlStepOf(record) ?? runStepOf(record));
}

/** Undefined where the run was not about the site URL of a channel. */
function siteUrlStepOf({ siteUrl }: Pick<DeployRecord, 'siteUrl'>): RunStep | undefined {
  if (siteUrl?.state !== 'reading' && siteUrl?.state !== 'updating') return undefined;
  return { kind: 'site-url', channelId: siteUrl.channelId, isSent: siteUrl.state === 'updating' };
}

/** A path for a zip that later steps of the job may use. */
export function createBundlePath(): string {
  return join(process.env['RUNNER_TEMP'] || tmpdir(), `catalyst-bundle-${randomBytes(4).toString('hex')}.zip`);
}

/** What no file of a bundle may contain. */
export function forbiddenValues({
  accessToken,
  variables,
}: Pick<DeployInputs, 'accessToken' | 'variables'>): ForbiddenValue[] {
  const values: ForbiddenValue[] = [{ label: 'the access token', value: accessToken, severity: 'refuse' }];
  for (const { type, key, value } of variables) {
    if (type === 'secret' && !isOrdinaryWord(value))
      values.push({ label: `the secret ${key}`, value, severity: 'warn' });
  }
  return values.filter(({ severity, value }) => severity === 'refuse' || value.length >= MIN_SEARCHED_LENGTH);
}

/** What is known of the project before it is looked up. */
export function knownOf(project: DeployInputs['project']): { uuid: string } | { name: string } {
  return project.kind === 'name' ? { name: project.name } : { uuid: project.uuid };
}

/** What a report may know of a variable. */
export function withoutValue({ key, type }: EnvironmentVariable): Pick<EnvironmentVariable, 'key' | 'type'> {
  return { key, type };
}
