import type { HostingClient } from '../../bigcommerce/hosting.ts';
import type { CleanupReporter, PreviewRecord } from '../../report/cleanup-record.ts';
import type { GitHubCleanup } from './github-cleanup.ts';

export interface LookDependencies {
  /** A client that has not been cancelled with the run, and that gives up soon. */
  hosting: Pick<HostingClient, 'findProjects'>;
  reporter: CleanupReporter;
  githubCleanup: GitHubCleanup | undefined;
}

/**
 * After a cancelled run: a project whose deletion was under way, and that the store does not list any more, is gone. One
 * that it lists stays uncertain, since the request may yet be carried out. Throws nothing.
 */
export async function lookForUncertain(
  previews: readonly PreviewRecord[],
  { hosting, reporter, githubCleanup }: LookDependencies,
): Promise<void> {
  for (const { project, uuid, pullRequest, fate } of previews) {
    if (fate !== 'uncertain') continue;
    try {
      if ((await hosting.findProjects(project)).some((found) => found.uuid === uuid)) continue;
    } catch (error) {
      reporter.debug(`Whether "${project}" is still there is not known: ${error}`);
      continue;
    }
    const deletedAt = new Date();
    reporter.preview({ project, uuid, pullRequest, fate: 'gone', why: `pull request #${pullRequest} is closed` });
    const goneByMs = deletedAt.getTime();
    githubCleanup?.add({ pullRequest, project, uuid, deletedAt, goneByMs, pullRequestCreatedAt: undefined });
  }
}
