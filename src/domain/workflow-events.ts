/**
 * What a run may be for, by the event that started it. Pure. Events and what GITHUB_SHA is for each: GitHub's
 * documentation, "Events that trigger workflows". A workflow that is called (`workflow_call`) sees its caller's event.
 */

/** What a run is for, if no input says so. `nothing`: the event does not say, so an input has to. */
export type EventMeaning = 'production' | 'pull-request' | 'nothing';

/** The run that a `workflow_run` follows. */
export interface FollowedRun {
  /** The event that had started it. */
  event: string;
  /** `success`; empty while it has not ended. */
  conclusion: string;
  /** Its commit belongs to another repository, or to one that is gone. */
  isFork: boolean;
  /** Name of its branch or tag; empty if GitHub gives none. */
  branch: string;
}

/** What is known of the event that started a run. */
export interface EventFacts {
  /** GITHUB_EVENT_NAME. */
  name: string;
  /** The branch that the run is for; of a `workflow_run`, that of the run that it follows. Undefined if unknown. */
  branch: string | undefined;
  /** Undefined for events other than `workflow_run`, and if the payload does not say. */
  followedRun: FollowedRun | undefined;
}

/** If an event has several rows, the first that applies counts; for a `workflow_run` whose payload cannot be read, none does. */
export interface EventRow {
  /** GITHUB_EVENT_NAME. */
  event: string;
  /** Applies only to runs on such branches. */
  branch?: RegExp;
  when?: (followed: FollowedRun) => boolean;
  means: EventMeaning;
  /** Why it is not production; follows a colon. */
  because?: string;
  /** How to exclude such runs from the step if the event itself is needed; a sentence without its full stop. */
  keepOut?: string;
}

const TRIED_OUT = 'what it is about may never be merged';
const NO_CODE = 'it is not about a commit that was pushed';
const OWN_DOING = 'a deployment like this one may have caused it';
const QUEUE = `a merge queue tries it out, and ${TRIED_OUT}`;
/** Branches on which a merge queue tests merges: it pushes them, which triggers `on: push` without `branches`. */
const QUEUE_BRANCH = /^gh-readonly-queue\//;
const ONLY_AFTER_PUSHES =
  "Keep this step from such runs by `if: github.event.workflow_run.conclusion == 'success' && github.event.workflow_run.event == 'push'`";

/** `push` and `workflow_run` have the same filter. */
function nameBranches(event: string): string {
  return `Name the branches of \`${event}\` in the workflow's \`on:\` (\`branches: [main]\`)`;
}

/** Add a new event here, and its name to the table in docs/previews.md. */
export const EVENT_ROWS: readonly EventRow[] = [
  { event: 'push', branch: QUEUE_BRANCH, means: 'nothing', because: QUEUE, keepOut: nameBranches('push') },
  { event: 'push', means: 'production' },
  { event: 'workflow_dispatch', means: 'production' },
  { event: 'schedule', means: 'production' },
  { event: 'release', means: 'production' },
  { event: 'repository_dispatch', means: 'production' },
  {
    event: 'workflow_run',
    when: ({ isFork }) => isFork,
    means: 'nothing',
    because: "the run that it follows is for another repository's code (a fork's)",
    keepOut: ONLY_AFTER_PUSHES,
  },
  {
    event: 'workflow_run',
    when: ({ conclusion }) => conclusion !== 'success',
    means: 'nothing',
    because: 'the run that it follows did not succeed',
    keepOut: ONLY_AFTER_PUSHES,
  },
  {
    event: 'workflow_run',
    branch: QUEUE_BRANCH,
    when: ({ event }) => event === 'push',
    means: 'nothing',
    because: QUEUE,
    keepOut: nameBranches('workflow_run'),
  },
  {
    event: 'workflow_run',
    when: ({ event }) => event === 'push',
    means: 'production',
  },
  {
    event: 'workflow_run',
    when: () => true,
    means: 'nothing',
    because: 'the run that it follows was not started by a push',
    keepOut: ONLY_AFTER_PUSHES,
  },
  { event: 'pull_request', means: 'pull-request', because: TRIED_OUT },
  { event: 'pull_request_target', means: 'pull-request', because: TRIED_OUT },
  { event: 'pull_request_review', means: 'pull-request', because: TRIED_OUT },
  { event: 'pull_request_review_comment', means: 'pull-request', because: TRIED_OUT },
  { event: 'merge_group', means: 'nothing', because: QUEUE },
  { event: 'issue_comment', means: 'nothing', because: "a comment can be anybody's, and about any pull request" },
  { event: 'issues', means: 'nothing', because: NO_CODE },
  { event: 'discussion', means: 'nothing', because: NO_CODE },
  { event: 'discussion_comment', means: 'nothing', because: NO_CODE },
  { event: 'label', means: 'nothing', because: NO_CODE },
  { event: 'milestone', means: 'nothing', because: NO_CODE },
  { event: 'check_run', means: 'nothing', because: 'it is about a check of any commit' },
  { event: 'check_suite', means: 'nothing', because: 'it is about the checks of any commit' },
  { event: 'status', means: 'nothing', because: 'it is about a status of any commit' },
  { event: 'create', means: 'nothing', because: 'it is about any new branch or tag' },
  { event: 'delete', means: 'nothing', because: 'it is about a branch or tag that is gone' },
  { event: 'deployment', means: 'nothing', because: OWN_DOING },
  { event: 'deployment_status', means: 'nothing', because: OWN_DOING },
  { event: 'page_build', means: 'nothing', because: NO_CODE },
  { event: 'registry_package', means: 'nothing', because: NO_CODE },
  { event: 'image_version', means: 'nothing', because: NO_CODE },
  { event: 'branch_protection_rule', means: 'nothing', because: NO_CODE },
  { event: 'fork', means: 'nothing', because: NO_CODE },
  { event: 'gollum', means: 'nothing', because: NO_CODE },
  { event: 'public', means: 'nothing', because: NO_CODE },
  { event: 'watch', means: 'nothing', because: NO_CODE },
];

const UNREADABLE_RUN = 'which run it follows cannot be read in its payload (GITHUB_EVENT_PATH)';
const UNKNOWN = 'this version of the action does not know that event';

/** What an event means, if no input says what the run is for. */
export function eventMeaning({ name, branch, followedRun }: EventFacts): Omit<EventRow, 'event' | 'branch' | 'when'> {
  const rows = EVENT_ROWS.filter(({ event }) => event === name);
  const row = rows.find(
    ({ branch: only, when }) =>
      (only === undefined || only.test(branch ?? '')) &&
      (when === undefined || (followedRun !== undefined && when(followedRun))),
  );
  return row ?? { means: 'nothing', because: rows.length > 0 ? UNREADABLE_RUN : UNKNOWN };
}

/** Whether the event is a pull request's own, which its payload describes. */
export function isPullRequestEvent(name: string): boolean {
  return EVENT_ROWS.some(({ event, means }) => event === name && means === 'pull-request');
}

/** Whether a run for this event may have built the code of a pull request, which nobody need have approved. */
export function mayBuildPullRequest(name: string): boolean {
  return isPullRequestEvent(name) || name === 'issue_comment';
}
