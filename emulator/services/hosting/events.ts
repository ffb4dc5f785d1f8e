import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import type { StoreRequest } from '../../bigcommerce/store-api.ts';
import { createStatesAnswer } from '../../streams/event-stream.ts';
import type { Payload, StreamKind } from '../../streams/stream-payloads.ts';
import { isUuid } from '../../uuid.ts';
import { isOver } from './deployments.ts';
import type { Hosting } from './hosting.ts';
import type { DeploymentRecord } from './records.ts';

export const DEPLOYMENT_STREAM: StreamKind = {
  status: 'deployment_status',
  inProgress: 'in_progress',
  success: 'completed',
  verdicts: ['completed', 'failed'],
  subject: ['deployment_uuid'],
  rest: { event: null },
  wrongTypes: { deployment_status: 7, event: 'deploying', error: [10], deployment_hostnames: {} },
  unknownStep: { event: { step: 'warming_caches', progress: 1 } },
};

/** `GET /infrastructure/deployments/{deployment_uuid}/events` (API document, section 1, "Event stream"). */
export function answerEvents({ deployments, context }: Hosting, { param, faults, headers }: StoreRequest): Answer {
  const uuid = param('uuid');
  if (!isUuid(uuid)) return createErrorAnswer(400, ':deploymentUuid should be valid UUID.');
  const deployment = deployments.find(uuid);
  if (deployment === undefined) return createErrorAnswer(404, 'The deployment was not found.');
  return createStatesAnswer(
    {
      render: () => renderDeployment(deployment),
      version: () => deployment.version,
      isOver: () => isOver(deployment),
      subscribe: (listener) => deployments.subscribe(deployment.deploymentUuid, listener),
    },
    { form: context.sseForm, kind: DEPLOYMENT_STREAM, faults, headers, cutMs: context.streamCutMs },
  );
}

/**
 * `error` and `deployment_hostnames` are left out where there is none: the description allows null for the former, but
 * the vendor's own tool does not accept it (API document, section 1, "Event stream").
 */
function renderDeployment(deployment: DeploymentRecord): Payload {
  const { step, progress, errorCode } = deployment;
  const deploymentHostnames = deployment.status === 'failed' ? [] : deployment.deploymentHostnames;
  return {
    deployment_uuid: deployment.deploymentUuid,
    deployment_status: deployment.status,
    event: step === undefined ? null : { step, progress },
    ...(errorCode !== undefined && { error: { code: errorCode } }),
    deployment_url: deploymentHostnames[0] ?? null,
    ...(deploymentHostnames.length > 0 && { deployment_hostnames: deploymentHostnames }),
  };
}
