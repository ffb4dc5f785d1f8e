import { PRODUCTION } from '../domain/github-deployment.ts';
import type { GitHub, KnownDeployment } from '../github/github.ts';

/** In a repository whose history of deployments is another tool's, there is none to be found however long one looks. */
const MAX_SEARCHED = 300;

/**
 * The last deployment to production that ever succeeded, to compare a bundle with. Of several storefronts in one
 * repository, the one that is built in the same folder.
 * @throws ActionError when GitHub refuses to tell
 */
export async function findProductionBaseline(
  github: GitHub,
  workingDirectory: string,
): Promise<KnownDeployment | undefined> {
  let searched = 0;
  for await (const deployment of github.listDeployments({ environment: PRODUCTION })) {
    const isRelated = deployment.payload?.workingDirectory === workingDirectory;
    if (isRelated && (await everSucceeded(github, deployment.id))) return deployment;
    // Before the next page is asked for.
    searched += 1;
    if (searched === MAX_SEARCHED) return undefined;
  }
  return undefined;
}

/** One that a newer deployment has replaced is `inactive` by now, and was a success all the same. */
async function everSucceeded(github: GitHub, deploymentId: number): Promise<boolean> {
  for await (const { state } of github.listDeploymentStates(deploymentId)) if (state === 'success') return true;
  return false;
}
