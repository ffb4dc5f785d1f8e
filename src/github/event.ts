import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { trimEnd } from '../domain/trim-ends.ts';
import { orMissing, positiveInt, someText } from '../schema.ts';

/** What the runner says of the run and of the event that started it. */
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
  /** The commit that the event is about. On a pull request it is a merge commit, which nobody wrote. */
  sha: string;
  /** Name of the branch or tag; empty where the runner gives none. */
  refName: string;
  /** The event is one of a pull request's, whether or not its payload can be read. */
  isPullRequest: boolean;
  /** The pull request that the event is about; undefined for other events, and when its payload cannot be read. */
  pullRequest: EventPullRequest | undefined;
}

export interface EventPullRequest {
  number: number;
  headSha: string;
  /** The merge commit that GitHub makes for tests; undefined where it has none (yet). */
  mergeSha: string | undefined;
  /** Its head is in another repository than its base, or in one that is gone. */
  isFork: boolean;
  /** It is a part of the base by now. */
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

/** Undefined outside of a runner. */
export async function readWorkflowEvent(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<WorkflowEvent | undefined> {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  if (!/^[^/]+\/[^/]+$/.test(repository)) return undefined;
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const isPullRequest = name.startsWith('pull_request');
  return {
    repository,
    serverUrl: trimEnd(env['GITHUB_SERVER_URL'] || 'https://github.com', '/'),
    name,
    actor: env['GITHUB_ACTOR'] ?? '',
    runId: env['GITHUB_RUN_ID'] ?? '',
    runAttempt: env['GITHUB_RUN_ATTEMPT'] || '1',
    sha: env['GITHUB_SHA'] ?? '',
    refName: env['GITHUB_REF_NAME'] ?? '',
    isPullRequest,
    pullRequest: isPullRequest ? await readPullRequest(repository) : undefined,
  };
}

async function readPullRequest(repository: string): Promise<EventPullRequest | undefined> {
  const payload = z.object({ pull_request: pullRequest }).safeParse(await readEventPayload());
  if (payload.data === undefined) return undefined;
  const { number, head, merged, state, merge_commit_sha, created_at } = payload.data.pull_request;
  return {
    number,
    headSha: head.sha,
    mergeSha: merge_commit_sha ?? undefined,
    isFork: head.repo?.full_name.toLowerCase() !== repository.toLowerCase(),
    isMerged: merged === true,
    isClosed: state === 'closed',
    createdAt: created_at ?? undefined,
  };
}

/** What the event's file holds (GITHUB_EVENT_PATH); undefined where it is no JSON. */
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
