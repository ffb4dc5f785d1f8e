import { isLiveThoughNoSuccess } from '../../domain/github-deployment.ts';
import type { DeploymentStatus, GitHub, KnownDeployment } from '../../github/github.ts';
import { limitDescription, readNewest } from '../../github-status/github-deployments.ts';

/** A preview whose project is gone. */
export interface RemovedPreview {
  pullRequest: number;
  /** Name of its project. */
  project: string;
  /** Undefined where it was gone before. */
  uuid: string | undefined;
  deletedAt: Date | undefined;
  /** Ms since 1970, by this runner's clock; by then it was deleted, or found missing. A preview made since is not touched. */
  goneByMs: number;
  /** ISO 8601; nothing of a pull request is older than that itself. */
  pullRequestCreatedAt: string | undefined;
}

/** No preview's history is longer than that. */
export const MAX_SEARCHED = 1000;
const OVER: readonly string[] = ['inactive', 'failure', 'error'];

/** The deployments of an environment, read once for all pull requests as long as that goes back far enough. */
export class DeploymentHistory {
  readonly #environment: string;
  #known: readonly KnownDeployment[] = [];
  /** Ms since 1970; what is known goes back to it. */
  #backToMs = Number.POSITIVE_INFINITY;

  constructor(environment: string) {
    this.#environment = environment;
  }

  /** Whether older ones were not read. */
  get isCut(): boolean {
    return this.#known.length === MAX_SEARCHED;
  }

  /** Those made since then, and maybe older ones. @throws ActionError */
  async since(github: GitHub, createdAt: string | undefined): Promise<readonly KnownDeployment[]> {
    const wantedMs = Date.parse(createdAt ?? '') || Number.NEGATIVE_INFINITY;
    if (wantedMs >= this.#backToMs) return this.#known;
    const found: KnownDeployment[] = [];
    for await (const deployment of github.listDeployments({ environment: this.#environment })) {
      if (Date.parse(deployment.createdAt) < wantedMs) break;
      found.push(deployment);
      // Before the next page is asked for.
      if (found.length === MAX_SEARCHED) break;
    }
    this.#known = found;
    // Where the limit ended it, another search would end there, too.
    this.#backToMs = found.length === MAX_SEARCHED ? Number.NEGATIVE_INFINITY : wantedMs;
    return found;
  }
}

/**
 * Sets what is still shown of the preview to `inactive`.
 * @returns how many these were
 * @throws ActionError
 */
export async function deactivateRemoved(
  github: GitHub,
  removed: RemovedPreview,
  { history, logUrl }: { history: DeploymentHistory; logUrl: string | undefined },
): Promise<number> {
  const description = limitDescription(`Preview deleted: pull request #${removed.pullRequest} was closed`);
  const known = await history.since(github, removed.pullRequestCreatedAt);
  // GitHub has answered, so its clock is known: the times of its deployments are by that clock.
  const goneByMs = github.clock.toGitHubMs(removed.goneByMs);
  let count = 0;
  // The oldest first: were this cut off, the next run would meet what is left among the newest.
  for (const { id, payload, createdAt } of known.toReversed()) {
    if (payload?.pullRequest !== removed.pullRequest) continue;
    if (!isOfRemoved({ payload, createdAt }, { ...removed, goneByMs })) continue;
    if (isOver(await readNewest(github, id))) continue;
    await github.createDeploymentStatus(id, { state: 'inactive', description, logUrl });
    count += 1;
  }
  return count;
}

/** One that says that it is live nevertheless is not. */
function isOver(newest: DeploymentStatus | undefined): boolean {
  return newest !== undefined && OVER.includes(newest.state) && !isLiveThoughNoSuccess([newest]);
}

/** The preview of a pull request that was opened again has another project of the same name. */
function isOfRemoved({ payload, createdAt }: Pick<KnownDeployment, 'payload' | 'createdAt'>, removed: RemovedPreview) {
  if (payload?.projectUuid === removed.uuid) return true;
  return payload?.projectName === removed.project && Date.parse(createdAt) <= removed.goneByMs;
}
