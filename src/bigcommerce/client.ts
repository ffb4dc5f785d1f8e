import type { DeploymentEvent } from '../domain/deployment.ts';
import { isLoopback } from '../domain/loopback.ts';
import { HttpError, isUncertain } from '../net/errors.ts';
import { namedWaitOf } from '../net/rate-limit.ts';
import { repeatAlways, repeatWhenNotCarriedOut } from '../net/retry.ts';
import { type ApiOptions, callEndpoint, type HostingClientOptions } from './endpoint.ts';
import { createOpenStream, followEvents } from './events.ts';
import type { CreateAnswer, DeploymentRequest, FollowOptions, HostingClient } from './hosting.ts';
import { CREATE_TIMEOUT_MS, projectCalls } from './projects.ts';
import { explainCreateRefusal } from './refusals.ts';
import { parseCreatedDeployment, parseDeploymentEvent, parseUploadSignature } from './schemas.ts';
import { uploadBundle } from './upload.ts';

export function createHostingClient(options: HostingClientOptions): HostingClient {
  return {
    upload: (file, progress) => {
      const step = { ...options, timeLeftMs: startStep(options) };
      return uploadBundle(file, progress, { ...step, sign: () => signUpload(step) });
    },
    createDeployment: (request, onStage) => createDeployment(options, request, onStage),
    followDeployment: (deploymentUuid, follow) => followDeploymentEvents(options, deploymentUuid, follow),
    ...projectCalls(options),
  };
}

/** For a step of several calls: the time left for all of them. */
function startStep({ timeLeftMs }: HostingClientOptions): (() => number) | undefined {
  if (timeLeftMs === undefined) return undefined;
  const endMs = performance.now() + timeLeftMs();
  return () => endMs - performance.now();
}

/** `POST /infrastructure/deployments/uploads`: the URL lives for 59 s, so ask only when the zip is ready. */
function signUpload(options: HostingClientOptions) {
  return callEndpoint(options, {
    what: 'Asking for an upload signature',
    method: 'POST',
    path: 'infrastructure/deployments/uploads',
    body: {},
    scope: 'deployments-manage',
    parse: parseUploadSignature,
    mayRepeat: repeatAlways,
  });
}

/** `POST /infrastructure/deployments` */
async function createDeployment(
  options: HostingClientOptions,
  request: DeploymentRequest,
  onStage: (stage: 'sending' | 'waiting') => void,
): Promise<CreateAnswer> {
  try {
    const deploymentUuid = await callEndpoint(options, {
      what: 'Creating the deployment',
      method: 'POST',
      path: 'infrastructure/deployments',
      body: deploymentBody(request),
      scope: 'deployments-manage',
      explain: explainCreateRefusal,
      onStage,
      parse: parseCreatedDeployment,
      mayRepeat: repeatWhenNotCarriedOut,
      timeoutMs: CREATE_TIMEOUT_MS,
    });
    return { kind: 'created', deploymentUuid };
  } catch (error) {
    const namedWaitMs = namedWaitOf(error);
    if (error instanceof HttpError && error.status === 409) return { kind: 'conflict', namedWaitMs };
    if (isUploadGone(error)) return { kind: 'upload-gone', error };
    if (isUncertain(error)) return { kind: 'uncertain', error, namedWaitMs };
    throw error;
  }
}

/** A refusal that names the upload: the platform does not have it, or no longer does. */
function isUploadGone(error: unknown): error is HttpError {
  if (!(error instanceof HttpError) || ![400, 404, 410, 422].includes(error.status)) return false;
  return 'upload_uuid' in error.fields || (error.status !== 422 && /\bupload\b/i.test(error.serverWords ?? ''));
}

function deploymentBody({ projectUuid, uploadUuid, variables }: DeploymentRequest): unknown {
  return {
    project_uuid: projectUuid,
    upload_uuid: uploadUuid,
    // Omitted when empty, as the vendor's tool does: what a deployment does not list, it does not have.
    ...(variables.length === 0
      ? {}
      : { environment_variables: variables.map(({ type, key, value }) => ({ type, key, value })) }),
  };
}

/** `GET /infrastructure/deployments/{deployment_uuid}/events`, through any number of connections. */
function followDeploymentEvents(
  api: ApiOptions,
  deploymentUuid: string,
  options: FollowOptions,
): AsyncIterable<DeploymentEvent> {
  const open = createOpenStream(api, {
    what: 'Following the deployment',
    path: `infrastructure/deployments/${encodeURIComponent(deploymentUuid)}/events`,
    scope: 'deployments-read',
  });
  const reading = {
    parse: (text: string) => {
      api.onDeploymentEvent?.(text);
      return { ...parseDeploymentEvent(text), isLocal: isLoopback(new URL(api.apiOrigin).hostname) };
    },
    subjectOf: (event: DeploymentEvent) => event.deploymentUuid,
    subject: deploymentUuid,
    subjectWord: 'deployment',
  };
  return followEvents(open, reading, options);
}
