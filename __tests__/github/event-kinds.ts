/**
 * Kinds of events, with payloads as far as GitHub's documentation ("Webhook events and payloads") gives them, and what
 * a run for each may mean where no input says so. A further kind is a row more.
 */
import type { EventMeaning } from '../../src/domain/workflow-events.ts';

export interface EventKind {
  kind: string;
  name: string;
  payload: Readonly<Record<string, unknown>>;
  /** Variables of the runner, where the payload is not all that counts. */
  env?: Readonly<Record<string, string>>;
  means: EventMeaning;
  /** The refusal's words about it. */
  because?: RegExp;
}

export const OWN = 'acme/storefront';
const FORK = 'mona/storefront';
const [HEAD, OTHER] = ['a'.repeat(40), 'b'.repeat(40)];
const repository = { full_name: OWN, default_branch: 'main' };

/** A finished run of this repository's `main`, unless said otherwise; for forks GitHub never names pull requests. */
export function workflowRun(run: Readonly<Record<string, unknown>> = {}) {
  const workflow_run = {
    id: 1,
    event: 'push',
    status: 'completed',
    conclusion: 'success',
    head_branch: 'main',
    head_sha: HEAD,
    head_repository: { full_name: OWN },
    repository: { full_name: OWN },
    pull_requests: [],
    ...run,
  };
  return { action: 'completed', repository, workflow_run };
}

function pullRequest(action: string) {
  const pull_request = { number: 7, state: 'open', merged: false, head: { sha: HEAD, repo: { full_name: OWN } } };
  return { action, number: 7, repository, pull_request };
}

const NO_COMMIT = /not about a commit that was pushed/;
const ANY_COMMIT = /of any commit/;
const ITS_OWN = /a deployment like this one may have caused it/;
const QUEUE_BRANCH = `gh-readonly-queue/main/pr-7-${OTHER}`;

export const EVENT_KINDS: readonly EventKind[] = [
  { kind: 'push', name: 'push', payload: { ref: 'refs/heads/main', repository }, means: 'production' },
  { kind: 'push of a tag', name: 'push', payload: { ref: 'refs/tags/v1', repository }, means: 'production' },
  {
    kind: 'push of a merge queue',
    name: 'push',
    payload: { ref: `refs/heads/${QUEUE_BRANCH}`, repository },
    env: { GITHUB_REF: `refs/heads/${QUEUE_BRANCH}`, GITHUB_REF_NAME: QUEUE_BRANCH },
    means: 'nothing',
    because: /may never be merged/,
  },
  { kind: 'workflow_dispatch', name: 'workflow_dispatch', payload: { inputs: {}, repository }, means: 'production' },
  { kind: 'schedule', name: 'schedule', payload: { schedule: '0 3 * * *', repository }, means: 'production' },
  { kind: 'release', name: 'release', payload: { action: 'published', release: {}, repository }, means: 'production' },
  {
    kind: 'repository_dispatch',
    name: 'repository_dispatch',
    payload: { action: 'go', repository },
    means: 'production',
  },
  { kind: 'workflow_run for a push', name: 'workflow_run', payload: workflowRun(), means: 'production' },
  {
    kind: "workflow_run for a merge queue's push",
    name: 'workflow_run',
    payload: workflowRun({ head_branch: QUEUE_BRANCH }),
    means: 'nothing',
    because: /may never be merged/,
  },
  {
    kind: "workflow_run of this repository's pull request",
    name: 'workflow_run',
    payload: workflowRun({ event: 'pull_request', head_branch: 'change', pull_requests: [{ number: 7 }] }),
    means: 'nothing',
    because: /not started by a push/,
  },
  {
    kind: "workflow_run of a fork's pull request",
    name: 'workflow_run',
    payload: workflowRun({ event: 'pull_request', head_repository: { full_name: FORK } }),
    means: 'nothing',
    because: /another repository's code/,
  },
  {
    kind: 'workflow_run of a fork that is gone',
    name: 'workflow_run',
    payload: workflowRun({ event: 'pull_request', head_repository: null }),
    means: 'nothing',
    because: /another repository's code/,
  },
  {
    kind: 'workflow_run that failed',
    name: 'workflow_run',
    payload: workflowRun({ conclusion: 'failure' }),
    means: 'nothing',
    because: /did not succeed/,
  },
  {
    kind: 'workflow_run that was cancelled',
    name: 'workflow_run',
    payload: workflowRun({ conclusion: 'cancelled' }),
    means: 'nothing',
    because: /did not succeed/,
  },
  {
    kind: 'workflow_run that has only begun',
    name: 'workflow_run',
    payload: { ...workflowRun({ status: 'in_progress', conclusion: null }), action: 'in_progress' },
    means: 'nothing',
    because: /did not succeed/,
  },
  {
    kind: 'workflow_run after a merge queue',
    name: 'workflow_run',
    payload: workflowRun({ event: 'merge_group' }),
    means: 'nothing',
    because: /not started by a push/,
  },
  {
    kind: 'workflow_run after another one',
    name: 'workflow_run',
    payload: workflowRun({ event: 'workflow_run' }),
    means: 'nothing',
    because: /not started by a push/,
  },
  {
    kind: 'workflow_run without its run',
    name: 'workflow_run',
    payload: { action: 'completed', repository },
    means: 'nothing',
    because: /cannot be read/,
  },
  { kind: 'pull_request', name: 'pull_request', payload: pullRequest('synchronize'), means: 'pull-request' },
  { kind: 'pull_request_target', name: 'pull_request_target', payload: pullRequest('opened'), means: 'pull-request' },
  {
    kind: 'pull_request_review',
    name: 'pull_request_review',
    payload: pullRequest('submitted'),
    means: 'pull-request',
  },
  {
    kind: 'pull_request_review_comment',
    name: 'pull_request_review_comment',
    payload: pullRequest('created'),
    means: 'pull-request',
  },
  {
    kind: 'merge_group',
    name: 'merge_group',
    payload: {
      action: 'checks_requested',
      merge_group: { head_sha: HEAD, head_ref: `refs/heads/${QUEUE_BRANCH}`, base_sha: OTHER },
      repository,
    },
    means: 'nothing',
    because: /may never be merged/,
  },
  {
    kind: 'issue_comment on a pull request',
    name: 'issue_comment',
    payload: {
      action: 'created',
      issue: { number: 7, state: 'open', pull_request: {} },
      comment: { id: 1, body: 'deploy' },
      repository,
    },
    means: 'nothing',
    because: /can be anybody's/,
  },
  {
    kind: 'issue_comment on an issue',
    name: 'issue_comment',
    payload: { action: 'created', issue: { number: 8, state: 'open' }, comment: { id: 1, body: 'deploy' }, repository },
    means: 'nothing',
    because: /can be anybody's/,
  },
  { kind: 'issues', name: 'issues', payload: { action: 'opened', repository }, means: 'nothing', because: NO_COMMIT },
  {
    kind: 'discussion_comment',
    name: 'discussion_comment',
    payload: { action: 'created', repository },
    means: 'nothing',
    because: NO_COMMIT,
  },
  {
    kind: 'check_run',
    name: 'check_run',
    payload: { action: 'completed', check_run: { head_sha: HEAD, conclusion: 'success' }, repository },
    means: 'nothing',
    because: ANY_COMMIT,
  },
  {
    kind: 'check_suite',
    name: 'check_suite',
    payload: { action: 'completed', check_suite: { head_sha: HEAD, conclusion: 'success' }, repository },
    means: 'nothing',
    because: ANY_COMMIT,
  },
  {
    kind: 'status',
    name: 'status',
    payload: { sha: HEAD, state: 'success', repository },
    means: 'nothing',
    because: ANY_COMMIT,
  },
  {
    kind: 'create',
    name: 'create',
    payload: { ref: 'change', ref_type: 'branch', repository },
    means: 'nothing',
    because: /any new branch or tag/,
  },
  {
    kind: 'delete',
    name: 'delete',
    payload: { ref: 'change', ref_type: 'branch', repository },
    means: 'nothing',
    because: /that is gone/,
  },
  {
    kind: 'deployment',
    name: 'deployment',
    payload: { deployment: {}, repository },
    means: 'nothing',
    because: ITS_OWN,
  },
  {
    kind: 'deployment_status',
    name: 'deployment_status',
    payload: { deployment: {}, deployment_status: { state: 'success' }, repository },
    means: 'nothing',
    because: ITS_OWN,
  },
  { kind: 'label', name: 'label', payload: { action: 'created', repository }, means: 'nothing', because: NO_COMMIT },
  { kind: 'watch', name: 'watch', payload: { action: 'started', repository }, means: 'nothing', because: NO_COMMIT },
  {
    kind: 'an event that is yet to come',
    name: 'moon_phase',
    payload: { repository },
    means: 'nothing',
    because: /does not know that event/,
  },
  {
    kind: 'an event without a name',
    name: '',
    payload: { repository },
    means: 'nothing',
    because: /GITHUB_EVENT_NAME does not name/,
  },
];
