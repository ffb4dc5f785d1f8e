import { ActionError } from '../errors.ts';
import type { EventPullRequest, WorkflowEvent } from '../github/event.ts';
import type { HeldCommits, WorkspaceCommit } from '../github/workspace.ts';

const SHORT_SHA_CHARS = 7;
const REFUSED_TITLE = "Fork's code refused";

/**
 * `pull_request_target` runs with the repository's secrets: a fork's code, checked out and built there, could have taken
 * them, and what it built is not to go live with them.
 * @param held what stands in the folders that are deployed from
 * @throws ActionError
 */
export function refuseForkCode(event: WorkflowEvent, { commits, unreadable }: HeldCommits): void {
  const { name, pullRequest, sha: baseSha } = event;
  if (name !== 'pull_request_target') return;
  if (pullRequest === undefined) refuseUnknownEvent(baseSha, commits);
  else if (!pullRequest.isFork || pullRequest.isMerged) return;
  refuseUnknownCode(unreadable);
  if (pullRequest !== undefined) refuseKnownCode(pullRequest, commits);
}

function refuseKnownCode({ number, headSha, mergeSha }: EventPullRequest, commits: readonly WorkspaceCommit[]): void {
  const isForks = ({ sha, parents }: WorkspaceCommit) =>
    sha === headSha || sha === mergeSha || parents.includes(headSha);
  const found = commits.find(isForks);
  if (found === undefined) return;
  throw new ActionError(
    `The workspace holds the code of the fork that pull request #${number} comes from (commit ${found.sha.slice(0, SHORT_SHA_CHARS)}), in a run with this repository's secrets (pull_request_target). It is not deployed: anybody may open such a pull request, and its build could have read every secret.`,
    {
      title: REFUSED_TITLE,
      fix: "Use `on: pull_request`, under which forks get no secrets, or check out the base branch. To deploy a fork's work, review it and push it to a branch of this repository. If this job gave secrets to its build, replace them.",
    },
  );
}

/** Without the event's payload nobody can tell whose code it is, but for the base branch's. */
function refuseUnknownEvent(baseSha: string, commits: readonly WorkspaceCommit[]): void {
  if (commits.every(({ sha }) => sha === baseSha)) return;
  throw new ActionError(
    "The event's payload cannot be read, so nobody knows whether the workspace holds a fork's code, in a run with this repository's secrets (pull_request_target). It is not deployed.",
    {
      title: REFUSED_TITLE,
      fix: 'Leave GITHUB_EVENT_PATH as the runner sets it, or check out the base branch.',
    },
  );
}

function refuseUnknownCode(unreadable: readonly string[]): void {
  if (unreadable.length === 0) return;
  throw new ActionError(
    `The workspace holds a repository of which git cannot tell the commit (${unreadable.join(', ')}), so nobody knows whether it is a fork's code, in a run with this repository's secrets (pull_request_target). It is not deployed.`,
    {
      title: REFUSED_TITLE,
      fix: 'Install git before this step, and leave the `.git` of what was checked out as it is; or use `on: pull_request`, under which forks get no secrets.',
    },
  );
}

/**
 * A warning when what was built is not what the deployment is shown for; undefined when it is, or nobody knows.
 * @param commits what stands in the folders that are deployed from, the nearest one first: a storefront may be a
 *   repository of its own in the one that the run is for
 */
export function mismatchWarning(sha: string | undefined, commits: readonly WorkspaceCommit[]): string | undefined {
  const [nearest] = commits;
  if (sha === undefined || nearest === undefined) return undefined;
  // A pull request is checked out as the merge of its head into the base, which is the first parent.
  if (commits.some((commit) => commit.sha === sha || commit.parents.slice(1).includes(sha))) return undefined;
  const [shown, held] = [sha, nearest.sha].map((one) => one.slice(0, SHORT_SHA_CHARS));
  return `The workspace holds commit ${held}, but this deployment is shown for ${shown}: a comment or a deployment on GitHub would name a commit that was not built. Check out ${shown}, or give the commit that was built as \`sha\`.`;
}
