import { HttpError, isUncertain } from '../net/errors.ts';
import { namedWaitOf } from '../net/rate-limit.ts';
import { repeatAlways, repeatWhenNotCarriedOut } from '../net/retry.ts';
import { followDeploymentEvents } from './deployment-events.ts';
import { callEndpoint, type HostingClientOptions } from './endpoint.ts';
import type { CreateAnswer, DeploymentRequest, HostingClient } from './hosting.ts';
import { CREATE_TIMEOUT_MS, projectCalls } from './projects.ts';
import { explainCreateRefusal } from './refusals.ts';
import { parseCreatedDeployment, parseUploadSignature } from './schemas.ts';
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

/** Of a step that is several calls: what is left for them together. */
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

/** A refusal that names the upload: the platform does not have it (any more). */
function isUploadGone(error: unknown): error is HttpError {
  if (!(error instanceof HttpError) || ![400, 404, 410, 422].includes(error.status)) return false;
  return 'upload_uuid' in error.fields || (error.status !== 422 && /\bupload\b/i.test(error.serverWords ?? ''));
}

function deploymentBody({ projectUuid, uploadUuid, variables }: DeploymentRequest): unknown {
  return {
    project_uuid: projectUuid,
    upload_uuid: uploadUuid,
    // Left out when there are none: what an empty list does to a project's variables is not documented.
    ...(variables.length === 0
      ? {}
      : { environment_variables: variables.map(({ type, key, value }) => ({ type, key, value })) }),
  };
}
