import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { trimEnd } from '../domain/trim-ends.ts';
import { type FollowedRun, isPullRequestEvent } from '../domain/workflow-events.ts';
import { mapped, orMissing, orUndefined, positiveInt, someText } from '../schema.ts';

/** What the runner says about the run and the event that started it. */
export interface WorkflowEvent {
  /** `owner/name`. */
  repository: string;
  /** `https://github.com`, or that of the enterprise server. */
  serverUrl: string;
  /** Name of the event: `push`, `pull_request`. */
  name: string;
  actor: string;
  runId: string;
  runAttempt: string;
  /** The commit that the event is about. On a pull request it is GitHub's merge commit. */
  sha: string;
  /** Name of the branch or tag; empty where the runner gives none. */
  refName: string;
  /**
   * The branch that was pushed, or that the run was started on; of a `workflow_run`, that of the run that it
   * follows. Undefined for a tag, for a pull request's merge, and where the payload does not say.
   */
  branch: string | undefined;
  /** Undefined where the payload does not say. */
  defaultBranch: string | undefined;
  /** What happened, for events of several kinds: `opened`, `closed`. Undefined where the payload does not say. */
  action: string | undefined;
  /** The run that a `workflow_run` follows; undefined for other events, and where the payload does not say. */
  followedRun: FollowedRun | undefined;
  /** The event is a pull request's, whether or not its payload can be read. */
  isPullRequest: boolean;
  /** The pull request that the event is about; undefined for other events, and when its payload cannot be read. */
  pullRequest: EventPullRequest | undefined;
  /** The pull request that an `issue_comment` is on; undefined for other events, and for a comment on an issue. */
  commentedPullRequest: CommentedPullRequest | undefined;
}

export type CommentedPullRequest = Pick<EventPullRequest, 'number' | 'isClosed'>;

export interface EventPullRequest {
  number: number;
  headSha: string;
  /** The merge commit that GitHub makes for tests; undefined where it has none (yet). */
  mergeSha: string | undefined;
  /** Its head is in another repository than its base, or in one that is gone. */
  isFork: boolean;
  /** It is part of the base by now. */
  isMerged: boolean;
  /** It was closed (merged or not) when the event happened; false where the payload does not say. */
  isClosed: boolean;
  /** ISO 8601. */
  createdAt: string | undefined;
}

const pullRequest = z.object({
  number: positiveInt,
  head: z.object({
    sha: someText,
    repo: z.nullish(z.object({ full_name: z.string() })),
  }),
  merged: z.nullish(z.boolean()),
  state: orMissing(z.string()),
  merge_commit_sha: z.nullish(z.string()),
  created_at: z.nullish(z.string()),
});

const followedRun = z.object({
  event: z.string(),
  conclusion: orMissing(z.string()),
  head_branch: orMissing(z.string()),
  head_repository: orMissing(z.object({ full_name: z.string() })),
});

const commentedIssue = mapped(
  z.object({ number: positiveInt, state: orMissing(z.string()), pull_request: z.object({}) }),
  ({ number, state }): CommentedPullRequest => ({ number, isClosed: state === 'closed' }),
);

/** Optional parts: an event without one, or with an unexpected one, is still read. */
const payloadParts = z.object({
  action: orUndefined(z.string()),
  repository: orUndefined(z.object({ default_branch: someText })),
  pull_request: orUndefined(pullRequest),
  workflow_run: orUndefined(followedRun),
  issue: orUndefined(commentedIssue),
});

/** Undefined outside of a runner. */
export async function readWorkflowEvent(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<WorkflowEvent | undefined> {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  if (!/^[^/]+\/[^/]+$/.test(repository)) return undefined;
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = payloadParts.safeParse(await readEventPayload()).data;
  const isPullRequest = isPullRequestEvent(name);
  const followed =
    name === 'workflow_run' && payload?.workflow_run ? toFollowedRun(payload.workflow_run, repository) : undefined;
  return {
    repository,
    serverUrl: trimEnd(env['GITHUB_SERVER_URL'] || 'https://github.com', '/'),
    name,
    actor: env['GITHUB_ACTOR'] ?? '',
    runId: env['GITHUB_RUN_ID'] ?? '',
    runAttempt: env['GITHUB_RUN_ATTEMPT'] || '1',
    sha: env['GITHUB_SHA'] ?? '',
    refName: env['GITHUB_REF_NAME'] ?? '',
    branch: name === 'workflow_run' ? followed?.branch || undefined : isPullRequest ? undefined : branchOf(env),
    defaultBranch: payload?.repository?.default_branch,
    action: payload?.action,
    followedRun: followed,
    isPullRequest,
    pullRequest:
      isPullRequest && payload?.pull_request ? toEventPullRequest(payload.pull_request, repository) : undefined,
    commentedPullRequest: name === 'issue_comment' ? payload?.issue : undefined,
  };
}

/** GITHUB_REF is missing where a runner is not GitHub's own. */
function branchOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const ref = env['GITHUB_REF'] ?? '';
  const isBranch = ref === '' ? env['GITHUB_REF_TYPE'] !== 'tag' : ref.startsWith('refs/heads/');
  return isBranch ? env['GITHUB_REF_NAME'] || undefined : undefined;
}

function toFollowedRun(run: z.output<typeof followedRun>, repository: string): FollowedRun {
  return {
    event: run.event,
    conclusion: run.conclusion ?? '',
    isFork: isOther(run.head_repository, repository),
    branch: run.head_branch ?? '',
  };
}

function toEventPullRequest(found: z.output<typeof pullRequest>, repository: string): EventPullRequest {
  const { number, head, merged, state, merge_commit_sha, created_at } = found;
  return {
    number,
    headSha: head.sha,
    mergeSha: merge_commit_sha ?? undefined,
    isFork: isOther(head.repo, repository),
    isMerged: merged === true,
    isClosed: state === 'closed',
    createdAt: created_at ?? undefined,
  };
}

/** A head repository that is deleted or not given counts as another one. */
function isOther(repository: { full_name: string } | null | undefined, own: string): boolean {
  return repository?.full_name.toLowerCase() !== own.toLowerCase();
}

/** Content of the event's file (GITHUB_EVENT_PATH); undefined if it is not JSON. */
export async function readEventPayload(): Promise<unknown> {
  try {
    // The context of `@actions/github` holds the same, and evaluates the whole client first.
    return JSON.parse(await readFile(process.env['GITHUB_EVENT_PATH'] ?? '', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Address of the workflow run's page, of this attempt; undefined where the runner gives no run id. */
export function runUrlOf({ serverUrl, repository, runId, runAttempt }: WorkflowEvent): string | undefined {
  return runId === '' ? undefined : `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;
}

/** Address of the page that lists an environment's deployments. */
export function deploymentsUrlOf({ serverUrl, repository }: WorkflowEvent, environment: string): string {
  return `${serverUrl}/${repository}/deployments/${encodeURIComponent(environment)}`;
}

export function commitUrlOf({ serverUrl, repository }: WorkflowEvent, sha: string): string {
  return `${serverUrl}/${repository}/commit/${sha}`;
}

export function pullRequestUrlOf({ serverUrl, repository }: WorkflowEvent, number: number): string {
  return `${serverUrl}/${repository}/pull/${number}`;
}

const repositoryPayload = z.object({ repository: z.object({ default_branch: someText }) });

/** Name of the repository's default branch; undefined if the event's payload does not have it. */
export async function readDefaultBranch(): Promise<string | undefined> {
  return repositoryPayload.safeParse(await readEventPayload()).data?.repository.default_branch;
}
