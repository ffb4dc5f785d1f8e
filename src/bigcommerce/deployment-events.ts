import type { DeploymentEvent } from '../domain/deployment.ts';
import type { ApiOptions } from './endpoint.ts';
import { createOpenStream, followEvents } from './events.ts';
import type { FollowOptions } from './hosting.ts';
import { parseDeploymentEvent } from './schemas.ts';

/** `GET /infrastructure/deployments/{deployment_uuid}/events`, through any number of connections. */
export function followDeploymentEvents(
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
    parse: parseDeploymentEvent,
    subjectOf: (event: DeploymentEvent) => event.deploymentUuid,
    subject: deploymentUuid,
    subjectWord: 'deployment',
  };
  return followEvents(open, reading, options);
}
