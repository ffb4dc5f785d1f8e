import type { StateChange } from './deployments.ts';
import type { Hosting } from './hosting.ts';
import type { HostingSettings } from './options.ts';
import type { DeploymentRecord, HoldPoint, Project } from './records.ts';

/** The store and its hosting, on a running embedded platform. */
export interface HostingMembers {
  readonly storeHash: string;
  readonly accessToken: string;
  readonly projects: readonly Project[];
  readonly deployments: readonly DeploymentRecord[];
  addProject(name: string): Project;
  /** Deployments that reach this point (`deploying`) from now on stay there until released; undefined: none does. */
  holdDeployments(at?: HoldPoint | undefined): void;
  /** Lets one deployment, or all that there are now, run to the end. */
  releaseDeployment(deploymentUuid?: string): void;
  /** Takes a deployment over: it no longer changes by itself, and has the state that is set. */
  setState(deploymentUuid: string, change: StateChange): void;
  /** Resolves when a deployment gets into a state that matches, or at once if one is. */
  waitForDeployment(matches: (deployment: DeploymentRecord) => boolean): Promise<DeploymentRecord>;
}

export function createHostingMembers(
  { projects, deployments }: Hosting,
  { storeHash, accessToken }: HostingSettings,
): HostingMembers {
  return {
    storeHash,
    accessToken,
    projects: projects.list,
    deployments: deployments.list,
    addProject: (name) => projects.add(name),
    holdDeployments: (...point) => deployments.holdAt(point.length === 0 ? 'deploying' : point[0]),
    releaseDeployment: (deploymentUuid) => deployments.release(deploymentUuid),
    setState: (deploymentUuid, change) => deployments.set(deploymentUuid, change),
    waitForDeployment: (matches) => deployments.waitFor(matches),
  };
}
