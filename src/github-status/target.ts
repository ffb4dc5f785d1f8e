import * as z from 'zod/mini';
import { isProduction, PREVIEW, PRODUCTION } from '../domain/github-deployment.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { GitHubInputs } from '../inputs/deploy.ts';
import { orUndefined } from '../schema.ts';

const text = orUndefined(z.string());

/** What a run is for, in GitHub's terms. */
export const statusTarget = z.object({
  environment: z.string(),
  isProduction: z.boolean(),
  /** It is for a pull request, whether its number is known or not. */
  isPreview: z.boolean(),
  pullRequest: orUndefined(z.number()),
  /** ISO 8601; undefined if not known (yet). */
  pullRequestCreatedAt: text,
  /** The commit that was built: on a pull request its head. Undefined until GitHub has been asked for it. */
  sha: text,
  /** `#12`, or the name of a branch or tag; undefined for a commit that is given by its hash alone. */
  origin: text,
});

export type StatusTarget = z.infer<typeof statusTarget>;

type Named = Pick<GitHubInputs, 'environment' | 'pullRequest' | 'sha'>;

/** From the inputs, or else from the event. */
export function targetOf({ environment, pullRequest, sha }: Named, event: WorkflowEvent): StatusTarget {
  const number = pullRequest ?? event.pullRequest?.number;
  const known = event.pullRequest?.number === number ? event.pullRequest : undefined;
  // Without the event's payload: no commit rather than a wrong one, and never production.
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
