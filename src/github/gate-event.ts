import * as z from 'zod/mini';
import { ActionError } from '../errors.ts';
import { orMissing, positiveInt } from '../schema.ts';
import { readEventPayload, type WorkflowEvent } from './event.ts';

/** The events that the preview gate decides on; it ignores `other`. */
export type GateEvent = { kind: 'other' } | PushEvent | CommentEvent;

export interface PushEvent {
  kind: 'push';
  pullRequest: EventTarget;
  isFork: boolean;
  isOpen: boolean;
}

export interface CommentEvent {
  kind: 'comment';
  /** Number of the issue or pull request. */
  number: number;
  isOnPullRequest: boolean;
  /** Not edited, not deleted. */
  isCreated: boolean;
  commentId: number;
  /** Unchanged. */
  body: string;
  /** Login of its author; undefined for a user that is gone. */
  login: string | undefined;
}

export interface EventTarget {
  number: number;
  headSha: string;
  /** Undefined while GitHub does not know. */
  isMergeable: boolean | undefined;
}

const push = z.object({
  action: orMissing(z.string()),
  pull_request: z.object({
    head: z.object({ sha: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)) }),
    state: orMissing(z.string()),
    mergeable: orMissing(z.boolean()),
  }),
});

const comment = z.object({
  action: z.string(),
  issue: z.object({ number: positiveInt, pull_request: z.nullish(z.object({})) }),
  comment: z.object({
    id: positiveInt,
    body: z.nullish(z.string()),
    // Dots alone would lead elsewhere in an address.
    user: z.nullish(z.object({ login: z.string().check(z.regex(/[^.]/)) })),
  }),
});

/** @throws ActionError when the payload is not what GitHub documents for the event: it allows no decision */
export async function readGateEvent(event: WorkflowEvent): Promise<GateEvent> {
  const { name } = event;
  if (name === 'pull_request' || name === 'pull_request_target') return parsePush(event, await readEventPayload());
  return name === 'issue_comment' ? parseComment(await readEventPayload()) : { kind: 'other' };
}

function parsePush({ name, pullRequest: known }: WorkflowEvent, payload: unknown): PushEvent {
  const found = push.safeParse(payload).data;
  if (found === undefined || known === undefined) throw unreadable(name);
  const { action, pull_request } = found;
  const { number, headSha, isFork } = known;
  return {
    kind: 'push',
    pullRequest: { number, headSha, isMergeable: pull_request.mergeable ?? undefined },
    isFork,
    isOpen: action !== 'closed' && pull_request.state !== 'closed',
  };
}

function parseComment(payload: unknown): CommentEvent {
  const found = comment.safeParse(payload).data;
  if (found === undefined) throw unreadable('issue_comment');
  const { action, issue, comment: written } = found;
  return {
    kind: 'comment',
    number: issue.number,
    isOnPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
    isCreated: action === 'created',
    commentId: written.id,
    body: written.body ?? '',
    login: written.user?.login,
  };
}

function unreadable(name: string): ActionError {
  return new ActionError(`The payload of the event ${name} (GITHUB_EVENT_PATH) cannot be read.`, {
    title: 'Event not readable',
    fix: 'The runner writes it: leave GITHUB_EVENT_PATH alone, and run the job again.',
  });
}
