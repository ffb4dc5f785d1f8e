/** What the tests of the preview gate share: the gate in the embedded GitHub, its events, and what it leaves there. */
import { tmpdir } from 'node:os';
import { expect } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Call } from '../../emulator/services.ts';
import type { FinishedRun, RunOptions, StartedRun } from '../../scripts/action-runner.ts';
import { githubCallsOf, ownComments, PULL_REQUEST, pullRequestEvent } from './github-harness.ts';
import { startRun } from './harness.ts';

export const COMMANDER = 'hubot';
export const COMMAND = 'redeploy preview';
/** The comment's first line, by which the gate and the deploy action find it. */
export const MARKER = '<!-- catalyst-deploy-action project=* environment=preview -->';

export interface GateRun extends Partial<RunOptions> {
  emulator: Emulator;
  event: { name: string; payload: unknown };
  enterprise?: boolean;
}

export function startGate({ emulator, enterprise = false, env = {}, ...rest }: GateRun): StartedRun {
  const { GITHUB_EVENT_NAME: _name, ...given } = emulator.github.environment(enterprise ? 'enterprise' : 'github.com');
  return startRun({
    action: 'preview-gate',
    githubToken: emulator.github.token,
    workspace: tmpdir(),
    env: { ...given, ...env },
    ...rest,
  });
}

export async function gate(run: GateRun): Promise<FinishedRun> {
  return await startGate(run).finished;
}

/** A push to pull request 7. */
export async function onPush({
  emulator,
  number,
  ...rest
}: Partial<GateRun> & { emulator: Emulator; number?: number }) {
  return await gate({ emulator, event: pullRequestEvent(emulator, 'pull_request', number), ...rest });
}

export interface CommentGiven {
  body?: string;
  login?: string;
  action?: string;
  number?: number;
  /** The comment is on an issue that is no pull request. */
  isIssue?: boolean;
}

/** The payload of `issue_comment`, as far as GitHub's own documentation of the event gives it. */
export function commentEvent(emulator: Emulator, given: CommentGiven = {}) {
  const { body = COMMAND, login = COMMANDER, action = 'created', number = PULL_REQUEST, isIssue = false } = given;
  const { repository } = emulator.github;
  const comment = emulator.github.addComment({ issueNumber: number, login, body });
  const url = `https://api.github.com/repos/${repository}/pulls/${number}`;
  const payload = {
    action,
    issue: { number, title: 'A change', state: 'open', ...(isIssue ? {} : { pull_request: { url } }) },
    comment: { id: comment.id, body, user: { login }, author_association: comment.authorAssociation },
    repository: { full_name: repository },
  };
  return { name: 'issue_comment', payload, comment };
}

/** A comment on pull request 7 by somebody who may write to the repository. */
export async function onCommand({
  emulator,
  given,
  ...rest
}: Partial<GateRun> & { emulator: Emulator; given?: CommentGiven }) {
  emulator.github.setRole(COMMANDER, 'write');
  const { comment, ...event } = commentEvent(emulator, given);
  return { run: await gate({ emulator, event, ...rest }), comment };
}

/** The calls without which nothing is decided, and a run that makes each. */
export const DECIDING: [Call, (emulator: Emulator) => Promise<FinishedRun>][] = [
  ['github.listPullRequests', (emulator) => onPush({ emulator })],
  ['github.listComments', (emulator) => onPush({ emulator })],
  ['github.getPermission', async (emulator) => (await onCommand({ emulator })).run],
  ['github.getPullRequest', async (emulator) => (await onCommand({ emulator })).run],
];

/** The decision, of a run that ended well. */
export function decisionOf(run: FinishedRun): { deploy: string | undefined; reason: string | undefined } {
  const errors = run.annotations.filter(({ level }) => level === 'error');
  expect({ exitCode: run.exitCode, stderr: run.stderr, errors }).toEqual({ exitCode: 0, stderr: '', errors: [] });
  return { deploy: run.outputs['deploy'], reason: run.outputs['reason'] };
}

/** The gate's comment about the preview; there must be no more than one. */
export function previewComment(emulator: Emulator, number = PULL_REQUEST) {
  const comments = ownComments(emulator, number);
  expect(comments.length).toBeLessThan(2);
  return comments[0];
}

/** What a comment keeps: `holds` or `waits`, and a claim's time. */
export function shareOf(body: string | undefined): string | undefined {
  return /^<!-- catalyst-deploy-action shared-preview (.*) -->$/m.exec(body ?? '')?.[1];
}

/** What the deploy action does to a pull request when another one gets the preview. */
export function takeAway(emulator: Emulator, number = PULL_REQUEST): void {
  const comment = ownComments(emulator, number)[0];
  if (comment === undefined) throw new Error('there is no comment to change');
  comment.body = comment.body.replace(/shared-preview .* -->/, 'shared-preview waits -->');
}

export function checksOf(emulator: Emulator) {
  return emulator.github.checkRuns.map(({ status, conclusion, output }) => ({
    status,
    conclusion,
    title: output.title,
  }));
}

/** The calls of one run, since the calls that were made before. */
export function callsSince(emulator: Emulator, before: number): string[] {
  return githubCallsOf(emulator).slice(before);
}
