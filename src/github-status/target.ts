import { isProduction, PREVIEW, PRODUCTION } from '../domain/github-deployment.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { GitHubInputs } from '../inputs/deploy.ts';

/** What a run is about, as GitHub sees it. */
export interface StatusTarget {
  environment: string;
  isProduction: boolean;
  /** It is for a pull request, known by its number or not. */
  isPreview: boolean;
  pullRequest: number | undefined;
  /** ISO 8601; undefined where nobody has said so (yet). */
  pullRequestCreatedAt: string | undefined;
  /** The commit that was built: on a pull request its head. Undefined while it has to be asked for. */
  sha: string | undefined;
  /** `#12`, or the name of a branch or tag; undefined for a commit that was named by its hash alone. */
  origin: string | undefined;
}

type Named = Pick<GitHubInputs, 'environment' | 'pullRequest' | 'sha'>;

/** The inputs, and where they are silent the event. */
export function targetOf({ environment, pullRequest, sha }: Named, event: WorkflowEvent): StatusTarget {
  const number = pullRequest ?? event.pullRequest?.number;
  const known = event.pullRequest?.number === number ? event.pullRequest : undefined;
  // Without its payload, no commit is better than a wrong one, and nothing of it is production's.
  const isPreview = number !== undefined || event.isPullRequest;
  const name = environment ?? (isPreview ? PREVIEW : PRODUCTION);
  return {
    environment: name,
    isProduction: isProduction(name),
    isPreview,
    pullRequest: number,
    pullRequestCreatedAt: known?.createdAt,
    sha: sha ?? (isPreview ? known?.headSha : event.sha || undefined),
    origin: originOf(number, sha, event),
  };
}

function originOf(number: number | undefined, sha: string | undefined, event: WorkflowEvent): string | undefined {
  if (number !== undefined) return `#${number}`;
  if (event.isPullRequest) return undefined;
  return sha !== undefined && sha !== event.sha.toLowerCase() ? undefined : event.refName || undefined;
}
