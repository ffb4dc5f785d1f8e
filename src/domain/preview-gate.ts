import { DEPENDABOT } from './dependabot.ts';

/** The gate's rules: which event may deploy the shared preview, and why. Pure. */

export const GATE_POLICIES = ['newest', 'all', 'command'] as const;
export type GatePolicy = (typeof GATE_POLICIES)[number];

/** The output `reason`. */
export type GateReason =
  | 'newest'
  | 'takeover'
  | 'not-newest'
  | 'manual-only'
  | 'fork'
  | 'not-permitted'
  | 'not-applicable';

const deploys = (reason: GateReason) => ({ deploys: true, reason }) as const;
const stays = (reason: GateReason) => ({ deploys: false, reason }) as const;

/** Every decision, by what decides, and its verdict. */
export const VERDICTS = {
  newest: deploys('newest'),
  /** The policy is `all`, and it is not the newest. */
  'every-push': deploys('takeover'),
  claim: deploys('takeover'),
  command: deploys('takeover'),
  'not-newest': stays('not-newest'),
  'manual-only': stays('manual-only'),
  fork: stays('fork'),
  'not-permitted': stays('not-permitted'),
  'other-event': stays('not-applicable'),
  closed: stays('not-applicable'),
  dependabot: stays('not-applicable'),
  /** The comment was edited or deleted. */
  'not-created': stays('not-applicable'),
  'no-pull-request': stays('not-applicable'),
  'no-command': stays('not-applicable'),
} as const;

export type GateDecision = keyof typeof VERDICTS;

/** What the event alone decides about a push to a pull request; undefined where the policy has to decide. */
export function judgePush(push: { isFork: boolean; isOpen: boolean; actor: string }): GateDecision | undefined {
  if (push.isFork) return 'fork';
  if (!push.isOpen) return 'closed';
  return push.actor === DEPENDABOT ? 'dependabot' : undefined;
}

/** What is left to decide for an open pull request of this repository. */
export function judgePolicy(policy: GatePolicy, known: { isNewest: boolean; hasClaim: boolean }): GateDecision {
  if (policy !== 'command' && known.isNewest) return 'newest';
  if (policy === 'all') return 'every-push';
  if (known.hasClaim) return 'claim';
  return policy === 'command' ? 'manual-only' : 'not-newest';
}

/**
 * The number of the newest open pull request. Those that can never deploy by themselves do not count, except for the
 * event's own: a person's push to a pull request of Dependabot's deploys.
 */
export function newestOf(
  open: readonly { number: number; isFork: boolean; author: string | undefined }[],
  own: number,
): number {
  const counted = open.filter(({ isFork, author }) => !isFork && author !== DEPENDABOT);
  return counted.reduce((newest, { number }) => Math.max(newest, number), own);
}

/** What the event alone decides about a comment; undefined for a command, which its author may have no right to give. */
export function judgeComment(comment: {
  isCreated: boolean;
  isOnPullRequest: boolean;
  isCommand: boolean;
}): GateDecision | undefined {
  if (!comment.isOnPullRequest) return 'no-pull-request';
  if (!comment.isCreated) return 'not-created';
  return comment.isCommand ? undefined : 'no-command';
}

/**
 * Whether a comment's first line begins with the phrase; a letter, digit, `_` or `-` right after it would make it another
 * word. Case is ignored as by `startsWith` in a workflow's `if:`; a letter of another script that looks alike is another
 * letter (without the flag `u` none of them matches an ASCII one).
 */
export function isCommand(comment: string, phrase: string): boolean {
  const [line = ''] = comment.split(/\r\n|\r|\n/, 1);
  const start = line.slice(0, phrase.length);
  const isSame = start.length === phrase.length && new RegExp(`^${RegExp.escape(phrase)}$`, 'i').test(start);
  return isSame && !/^[\p{L}\p{M}\p{N}_-]/u.test(line.slice(phrase.length));
}

/** Everybody with write access to the repository may deploy its preview. */
export function mayCommand(permission: 'admin' | 'write' | 'read' | 'none'): boolean {
  return permission === 'admin' || permission === 'write';
}

/** Decides on a command on this pull request, given by somebody with the right to. */
export function judgeTarget(pullRequest: { isFork: boolean; isOpen: boolean }): GateDecision {
  if (pullRequest.isFork) return 'fork';
  return pullRequest.isOpen ? 'command' : 'closed';
}

/** The ref to check out: GitHub has no merge commit for a pull request that conflicts with its base. */
export function checkoutRefOf(pullRequest: { number: number; isMergeable: boolean | undefined }): string {
  return `refs/pull/${pullRequest.number}/${pullRequest.isMergeable === false ? 'head' : 'merge'}`;
}
