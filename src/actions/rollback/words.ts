import { liveSince } from '../../domain/github-deployment.ts';
import { type DeploymentFact, isDoubtful, succeededAt } from '../../domain/rollback.ts';
import { formatUtc, shortSha } from '../../report/sections.ts';

/** `GitHub deployment 12 (commit 1234567, production, succeeded 2026-01-02 03:04:05 UTC)` */
export function describeDeployment(fact: DeploymentFact): string {
  return `GitHub deployment ${fact.id} (${describeFacts(fact)})`;
}

/** The same without what it is. */
export function describeFacts(fact: DeploymentFact): string {
  const at = succeededAt(fact);
  const never = isDoubtful(fact)
    ? `live without a success since ${formatTime(liveSince(fact.states) ?? '')}`
    : 'never succeeded';
  const when = at === undefined ? never : `succeeded ${formatTime(at)}`;
  return `commit ${shortSha(fact.sha)}, ${fact.environment}, ${when}`;
}

/** ISO 8601 for a reader; anything else as it is. */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : formatUtc(time);
}

const MAX_NAMED = 10;

/** A list for a message; of many the first ones, and how many more there are. */
export function nameSome(names: readonly string[], separator = ', '): string {
  const rest = names.length - MAX_NAMED;
  return [...names.slice(0, MAX_NAMED), ...(rest > 0 ? [`and ${rest} more`] : [])].join(separator);
}

/** The project by its name, where one is known. */
export function nameProject({ payload }: Pick<DeploymentFact, 'payload'>): string {
  const { projectName, projectUuid } = payload;
  return projectName === undefined ? projectUuid : `"${projectName}" (${projectUuid})`;
}
