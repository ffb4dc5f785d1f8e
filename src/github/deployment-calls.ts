import { renderPayload } from '../deployment-payload.ts';
import { type GitHubClientOptions, items, orUncertain, PAGE_SIZE, type Parts } from './calls.ts';
import type {
  DeploymentFilter,
  DeploymentStatus,
  KnownDeployment,
  NewDeployment,
  NewDeploymentStatus,
} from './github.ts';
import * as schemas from './schemas.ts';

const WRITING = 'deployments: write';

export function deploymentCalls(parts: Parts, { writesDeployments = false }: GitHubClientOptions) {
  return { ...writingCalls(parts), ...readingCalls(parts, writesDeployments ? WRITING : 'deployments: read') };
}

function writingCalls({ run, here }: Parts) {
  return {
    createDeployment: async ({ sha, environment, description, payload, ...kind }: NewDeployment) => {
      const call = { what: 'Creating the GitHub deployment', permission: WRITING, repeatable: false };
      return await orUncertain(
        run(call, async (octokit) => {
          const { data } = await octokit.rest.repos.createDeployment({
            ...here,
            ref: sha,
            environment,
            description,
            payload: renderPayload(payload),
            // The build is deployed whatever the commit's checks say, and GitHub merges nothing into it.
            auto_merge: false,
            required_contexts: [],
            transient_environment: kind.isTransient,
            production_environment: kind.isProduction,
          });
          return schemas.createdDeployment.parse(data);
        }),
      );
    },
    createDeploymentStatus: async (deploymentId: number, status: NewDeploymentStatus) => {
      const what = `Setting the GitHub deployment to ${status.state}`;
      // Repeating a status only adds a line to the history.
      await run({ what, permission: WRITING, repeatable: true }, async (octokit) => {
        await octokit.rest.repos.createDeploymentStatus({
          ...here,
          deployment_id: deploymentId,
          state: status.state,
          description: status.description,
          // Others in this environment may be of other projects and pull requests: this action decides which to close.
          auto_inactive: false,
          ...(status.environmentUrl === undefined ? {} : { environment_url: status.environmentUrl }),
          ...(status.logUrl === undefined ? {} : { log_url: status.logUrl }),
        });
      });
    },
  };
}

function readingCalls({ run, here }: Parts, permission: string) {
  return {
    listDeployments: (filter: DeploymentFilter): AsyncIterable<KnownDeployment> => {
      const call = { what: 'Reading GitHub deployments', permission, repeatable: true };
      const parameters = { ...here, ...filter, per_page: PAGE_SIZE };
      return items(
        run,
        call,
        (octokit) => octokit.paginate.iterator(octokit.rest.repos.listDeployments, parameters),
        schemas.knownDeployment,
      );
    },
    listDeploymentStates: (deploymentId: number): AsyncIterable<DeploymentStatus> => {
      const call = { what: 'Reading a GitHub deployment', permission, repeatable: true };
      const parameters = { ...here, deployment_id: deploymentId, per_page: PAGE_SIZE };
      return items(
        run,
        call,
        (octokit) => octokit.paginate.iterator(octokit.rest.repos.listDeploymentStatuses, parameters),
        schemas.deploymentStatus,
      );
    },
    readDeployment: async (deploymentId: number) => {
      const call = {
        what: `Reading GitHub deployment ${deploymentId}`,
        permission,
        repeatable: true,
      };
      return await run(call, async (octokit) => {
        return schemas.knownDeployment.parse(
          (await octokit.rest.repos.getDeployment({ ...here, deployment_id: deploymentId })).data,
        );
      });
    },
  };
}
