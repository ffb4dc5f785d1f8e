import { PRODUCTION } from '../domain/announcement.ts';
import type { GitHub, KnownDeployment } from '../github/github.ts';

/**
 * The last deployment to production that ever succeeded, to compare a bundle with. Of several storefronts in one
 * repository, the one that is built in the same folder.
 * @throws ActionError when GitHub refuses to tell
 */
export async function findProductionBaseline(
  github: GitHub,
  workingDirectory: string,
): Promise<KnownDeployment | undefined> {
  for await (const deployment of github.listDeployments({ environment: PRODUCTION })) {
    if (deployment.payload?.workingDirectory !== workingDirectory) continue;
    if (await everSucceeded(github, deployment.id)) return deployment;
  }
  return undefined;
}

/** One that a newer deployment has replaced is `inactive` by now, and was a success all the same. */
export async function everSucceeded(github: GitHub, deploymentId: number): Promise<boolean> {
  for await (const state of github.listDeploymentStates(deploymentId)) if (state === 'success') return true;
  return false;
}
