import {
  type GateDecision,
  isCommand,
  judgeComment,
  judgePolicy,
  judgePush,
  judgeTarget,
  mayCommand,
  newestOf,
  VERDICTS,
} from '../../domain/preview-gate.ts';
import { describeError } from '../../errors.ts';
import type { CommentEvent, GateEvent, PushEvent } from '../../github/gate-event.ts';
import type { Connect, GitHub, RepositoryPermission } from '../../github/github.ts';
import type { GateInputs } from '../../inputs/preview-gate.ts';
import { statusOf } from '../../net/errors.ts';
import type { GateReporter, GateTarget } from '../../report/gate-record.ts';
import { missingToken, undecided } from './failure.ts';
import type { GateTelling } from './telling.ts';

export interface GateOptions {
  inputs: GateInputs;
  event: GateEvent;
  actor: string;
  signal: AbortSignal;
  reporter: GateReporter;
  connect: Connect;
  telling: GateTelling;
}

/** What was decided, and what came to be known on the way. */
interface Decision {
  because: GateDecision;
  newest?: number | undefined;
  target?: GateTarget;
}

const DECIDING_WAIT_MS = 60_000;
const NOT_FOUND = 404;

/**
 * Decides whether this event may deploy the shared preview, and tells it. The decision stands first; nothing that is told
 * afterwards changes it.
 * @throws ActionError where nobody can decide
 */
export async function gate(options: GateOptions): Promise<void> {
  const { event, reporter } = options;
  if (event.kind === 'other') reporter.decided('other-event');
  else if (event.kind === 'push') await gatePush(options, event);
  else await gateComment(options, event);
}

async function gatePush(options: GateOptions, event: PushEvent): Promise<void> {
  const { actor, reporter, telling } = options;
  const { pullRequest } = event;
  reporter.pullRequestKnown(pullRequest);
  const plain = judgePush({ ...event, actor });
  if (plain !== undefined) return reporter.decided(plain);
  const { because, newest } = await deciding(options, (github) => decideByPolicy(options, github, pullRequest.number));
  reporter.decided(because);
  if (because === 'not-newest' || because === 'manual-only') await telling.heldBack(pullRequest, newest);
}

async function gateComment(options: GateOptions, event: CommentEvent): Promise<void> {
  const { inputs, reporter, telling } = options;
  const { body, commentId, login } = event;
  if (event.isOnPullRequest) reporter.pullRequestNamed(event.number);
  const plain = judgeComment({ ...event, isCommand: isCommand(body, inputs.commandPhrase) });
  if (plain !== undefined) return reporter.decided(plain);
  if (login !== undefined) reporter.commandedBy(login);
  const { because, target } = await deciding(options, (github) => decideOnCommand(options, github, event));
  reporter.decided(because);
  if (because !== 'command' || login === undefined || target === undefined) await telling.refused(commentId);
  else await telling.accepted({ commentId, login, target });
}

/** A phase that has to succeed. */
async function deciding(options: GateOptions, decide: (github: GitHub) => Promise<Decision>): Promise<Decision> {
  const { inputs, reporter, signal, connect } = options;
  if (inputs.token === null) throw missingToken();
  return await reporter.phase('Decide', async (phase) => {
    try {
      const decision = await decide(await connect(signal, DECIDING_WAIT_MS));
      phase.result(VERDICTS[decision.because].reason);
      return decision;
    } catch (error) {
      throw undecided(error);
    }
  });
}

async function decideByPolicy(options: GateOptions, github: GitHub, number: number): Promise<Decision> {
  const { policy } = options.inputs;
  const newest = policy === 'command' ? undefined : await findNewest(options, github, number);
  const isNewest = newest === number;
  // Where it decides nothing, nobody looks.
  const needsClaim = policy !== 'all' && !isNewest;
  const kept = needsClaim ? await options.telling.commentOn(number)?.read(github) : undefined;
  return { because: judgePolicy(policy, { isNewest, hasClaim: kept?.share?.claimedAtMs !== undefined }), newest };
}

/** Undefined where nobody knows, and it decides nothing. */
async function findNewest(options: GateOptions, github: GitHub, own: number): Promise<number | undefined> {
  const { inputs, reporter, signal } = options;
  try {
    const newest = newestOf(await Array.fromAsync(github.listOpenPullRequests()), own);
    reporter.newestKnown(newest);
    return newest;
  } catch (error) {
    if (inputs.policy !== 'all' || signal.aborted) throw error;
    reporter.warn(
      `Whether this pull request is the newest is not known; it deploys all the same. ${describeError(error)}`,
    );
    return undefined;
  }
}

async function decideOnCommand(
  { reporter }: GateOptions,
  github: GitHub,
  { login, number }: CommentEvent,
): Promise<Decision> {
  const permission = login === undefined ? 'none' : await readPermission(github, login);
  if (!mayCommand(permission)) return { because: 'not-permitted' };
  const target = await github.readPullRequest(number);
  reporter.pullRequestKnown(target);
  return { because: judgeTarget(target), target };
}

/** GitHub answers 404 for somebody whom it does not know (any more). */
async function readPermission(github: GitHub, login: string): Promise<RepositoryPermission> {
  try {
    return await github.readPermission(login);
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return 'none';
    throw error;
  }
}
