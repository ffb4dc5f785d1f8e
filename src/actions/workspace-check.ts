import { eventMeaning } from '../domain/workflow-events.ts';
import { ActionError, describeError } from '../errors.ts';
import type { WorkflowEvent } from '../github/event.ts';
import type { PullRequest } from '../github/github.ts';
import type { HeldCommits, WorkspaceCommit } from '../github/workspace.ts';

const SHORT_SHA_CHARS = 7;
const REJECTED_TITLE = "Fork's code refused";
const USE_PULL_REQUEST =
  "Use `on: pull_request`, under which forks get no secrets, or check out the base branch. To deploy a fork's work, review it and push it to a branch of this repository. If this job gave secrets to its build, replace them.";
const USE_THE_BASE =
  "Check out the commit that the run is for, which is what `actions/checkout` does without `ref`, with its `.git`. A fork's work takes two workflows, of which the first has no secrets: see examples/fork-previews-build.yml and fork-previews-deploy.yml of this action.";
/** A self-hosted runner keeps the workspace from job to job. */
const LEFT_BEHIND =
  'If this job checks nothing out, an earlier job on this runner left that commit there: checking out puts it right.';
/** A job's container is often without git. */
const INSTALL_GIT =
  'Where `actions/checkout` finds no git it leaves no `.git`, and says so in its log: install git before it.';

/** The commits in and around the folders that are deployed or uploaded from. */
export interface BuildFolders extends HeldCommits {
  /** The folder of the bundle or the file is in no repository, so its origin is unknown. */
  isOutside?: boolean;
}

/** A fork's code in such a run could read secrets, so the workspace has to be checked. */
export function hasSecretsForForks(event: WorkflowEvent): boolean {
  const { name, isPullRequest } = event;
  if (name === 'pull_request_target' || name === 'workflow_run') return true;
  return !isPullRequest && eventMeaning(event).means === 'nothing';
}

/** The commit that a run is shown for may be a fork's, and its build could read what this run has. */
export function mayBeForks(event: WorkflowEvent): boolean {
  return hasSecretsForForks(event) && event.pullRequest?.isFork !== false && event.followedRun?.isFork !== false;
}

/**
 * `pull_request_target` runs with the repository's secrets: a fork's code, checked out and built there, could have taken
 * them, and what it built is not to go live with them. Only the commit that the run is for (GITHUB_SHA) is known to be the
 * base's own. This finds accidents: code of a fork that has run already could have put anything anywhere.
 * @throws ActionError
 */
export function refuseForkCode(event: WorkflowEvent, taken: BuildFolders): void {
  const { name, pullRequest } = event;
  if (name !== 'pull_request_target') return;
  if (pullRequest !== undefined && (!pullRequest.isFork || pullRequest.isMerged)) return;
  const offence = offenceOf(event, taken);
  if (offence === undefined) return;
  if (pullRequest === undefined) throw unknownEvent(offence);
  const { number, headSha, mergeSha } = pullRequest;
  const known = taken.commits.find(
    ({ sha, parents }) => sha === headSha || sha === mergeSha || parents.includes(headSha),
  );
  const what =
    known === undefined || offence.kind === 'unreadable'
      ? `${offence.words}, in a run for pull request #${number} of a fork`
      : `The workspace holds the code of the fork that pull request #${number} comes from (commit ${short(known.sha)}), in a run`;
  throw new ActionError(
    `${what} with this repository's secrets (pull_request_target). Nothing was sent: anybody may open such a pull request, and its build could have read every secret.`,
    { topic: 'forks-code-refused', title: REJECTED_TITLE, fix: known === undefined ? offence.fix : USE_PULL_REQUEST },
  );
}

export interface NamedPullRequest {
  /** From the input, if given. */
  pullRequest: number | undefined;
  /** Asks GitHub; undefined if there is no token for it. Throws if GitHub gives no answer. */
  read: (number: number) => Promise<Pick<PullRequest, 'isFork'> | undefined>;
  /** Of the run. */
  signal: AbortSignal;
}

/**
 * The same for events that have secrets whoever caused them, and whose runs only an input ties to a pull request:
 * `issue_comment` and its kin, and `workflow_run`. Whose that pull request is says GitHub. A `workflow_run` that checks
 * nothing out may deploy what a run without secrets has built.
 * @throws ActionError, where GitHub does not say it, too
 */
export async function refuseNamedForkCode(
  event: WorkflowEvent,
  taken: BuildFolders,
  { pullRequest, read, signal }: NamedPullRequest,
): Promise<void> {
  if (event.isPullRequest || !hasSecretsForForks(event)) return;
  const isFollowing = event.name === 'workflow_run';
  const offence = offenceOf(event, taken);
  if (offence === undefined || (isFollowing && offence.kind === 'no-repository')) return;
  if (isFollowing && event.followedRun?.isFork !== false) {
    const whose = event.followedRun === undefined ? "one that may be a fork's (the payload does not say)" : "a fork's";
    throw refusedFork(event, offence, `a run that follows ${whose}`);
  }
  const numbers = new Set([pullRequest, event.commentedPullRequest?.number].filter((one) => one !== undefined));
  for (const number of numbers) {
    const found = await ask(number, event, read, signal);
    if (found.isFork) throw refusedFork(event, offence, `a run for pull request #${number} of a fork`);
  }
}

/** @throws ActionError if GitHub does not answer: nothing else shows it */
async function ask(
  number: number,
  { name }: WorkflowEvent,
  read: NamedPullRequest['read'],
  signal: AbortSignal,
): Promise<Pick<PullRequest, 'isFork'>> {
  const unknown = (why: string, cause?: unknown) =>
    new ActionError(
      `It is unknown whether the workspace holds a fork's code, in a run with this repository's secrets (${name}): whether pull request #${number} comes from a fork could not be asked of GitHub. Nothing was sent. ${why}`,
      {
        topic: 'forks-code-refused',
        title: REJECTED_TITLE,
        fix: 'Give the job `pull-requests: read`, and leave `github-token` out (the default is `github.token`); or check out the commit that the run is for, as `actions/checkout` does without `ref`.',
        cause,
      },
    );
  let found: Pick<PullRequest, 'isFork'> | undefined;
  try {
    found = await read(number);
  } catch (error) {
    if (signal.aborted) throw error;
    throw unknown(describeError(error), error);
  }
  if (found === undefined) throw unknown('`github-token` is empty.');
  return found;
}

function refusedFork({ name }: WorkflowEvent, { words, fix }: Offence, run: string): ActionError {
  return new ActionError(
    `${words}, in ${run} with this repository's secrets (${name}). Nothing was sent: a fork's build could have read every secret.`,
    { topic: 'forks-code-refused', title: REJECTED_TITLE, fix },
  );
}

/** Without the event's payload, the origin of any code but the base branch's is unknown. */
function unknownEvent({ kind, words }: Offence): ActionError {
  const what = kind === 'unreadable' ? `${words}, and the` : 'The';
  return new ActionError(
    `${what} event's payload cannot be read, so it is unknown whether the workspace holds a fork's code, in a run with this repository's secrets (pull_request_target). Nothing was sent.`,
    {
      topic: 'forks-code-refused',
      title: REJECTED_TITLE,
      fix: 'Leave GITHUB_EVENT_PATH as the runner sets it, or check out the base branch.',
    },
  );
}

interface Offence {
  kind: 'unreadable' | 'other-commit' | 'no-repository';
  /** Begins a sentence. */
  words: string;
  fix: string;
}

/** Why the code is not known to be of the commit that the run is for; undefined if it is. */
function offenceOf(
  { sha: ownSha }: WorkflowEvent,
  { commits, unreadable, isOutside }: BuildFolders,
): Offence | undefined {
  if (unreadable.length > 0) {
    return {
      kind: 'unreadable',
      words: `The workspace holds a repository whose commit git cannot read (${unreadable.join(', ')})`,
      fix: 'Install git before this step, and leave the `.git` of what was checked out as it is; or use `on: pull_request`, under which forks get no secrets.',
    };
  }
  const own = ownSha.toLowerCase();
  const other = commits.find(({ sha }) => sha !== own);
  if (other !== undefined) {
    const which = own === '' ? '' : `, and not ${short(own)}, which the run is for`;
    const fix = `${USE_THE_BASE} ${LEFT_BEHIND}`;
    return { kind: 'other-commit', words: `The workspace holds commit ${short(other.sha)}${which}`, fix };
  }
  if (commits.length > 0 && isOutside !== true) return undefined;
  const words = 'What this step deploys or uploads is in no repository, so the origin of its code is unknown';
  return { kind: 'no-repository', words, fix: `${USE_THE_BASE} ${INSTALL_GIT}` };
}

function short(sha: string): string {
  return sha.slice(0, SHORT_SHA_CHARS);
}

/**
 * A warning if what was built is not what the deployment is shown for; undefined if it is, or if that is unknown.
 * @param commits those in the folders that are deployed from, the nearest one first: a storefront may be a repository of its
 *   own inside the one that the run is for
 * @param isForksPossible see `mayBeForks`
 */
export function mismatchWarning(
  sha: string | undefined,
  commits: readonly WorkspaceCommit[],
  isForksPossible: boolean,
): string | undefined {
  const [nearest] = commits;
  if (sha === undefined || nearest === undefined) return undefined;
  // A pull request is checked out as the merge of its head into the base, which is the first parent.
  if (commits.some((commit) => commit.sha === sha || commit.parents.slice(1).includes(sha))) return undefined;
  const [shown, held] = [sha, nearest.sha].map(short);
  const advice = isForksPossible
    ? `Give the commit that was built as \`sha\`. Check out ${shown} only if it is no fork's: a fork's build could read this job's secrets.`
    : `Check out ${shown}, or give the commit that was built as \`sha\`.`;
  return `The workspace holds commit ${held}, but this deployment is shown for ${shown}: a comment or a deployment on GitHub would name a commit that was not built. ${advice}`;
}
