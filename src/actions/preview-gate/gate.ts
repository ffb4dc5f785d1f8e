import {
  checkoutRefOf,
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
import type { CommentEvent, EventTarget, PushEvent, GateEvent as TriggerEvent } from '../../github/gate-event.ts';
import type { Connect, GitHub, RepositoryPermission } from '../../github/github.ts';
import type { GateInputs } from '../../inputs/preview-gate.ts';
import { statusOf } from '../../net/errors.ts';
import type { GateEvent } from '../../report/gate-record.ts';
import type { Run } from '../../report/run-events.ts';
import { missingToken, undecided } from './failure.ts';
import type { GateStatus } from './gate-status.ts';

export interface GateOptions {
  inputs: GateInputs;
  event: TriggerEvent;
  actor: string;
  signal: AbortSignal;
  run: Run<GateEvent>;
  connect: Connect;
  status: GateStatus;
  addresses: GateAddresses;
}

/** Where things are on GitHub. */
export interface GateAddresses {
  pullRequestUrlOf: (number: number) => string;
  commitUrlOf: (sha: string) => string;
}

/** A decision, and what was found on the way to it. */
interface Decided {
  decision: GateDecision;
  newest?: number | undefined;
  target?: EventTarget;
}

const DECIDING_WAIT_MS = 60_000;
const NOT_FOUND = 404;

/**
 * Decides whether this event may deploy the shared preview, and shows it. The decision comes first; nothing that is shown
 * afterwards changes it.
 * @throws ActionError where no decision is possible
 */
export async function gate(options: GateOptions): Promise<void> {
  const { event, run } = options;
  if (event.kind === 'other') run.emit({ type: 'decided', decision: 'other-event' });
  else if (event.kind === 'push') await gatePush(options, event);
  else await gateComment(options, event);
}

async function gatePush(options: GateOptions, event: PushEvent): Promise<void> {
  const { actor, run, status } = options;
  const { pullRequest } = event;
  emitFound(pullRequest, options);
  const plain = judgePush({ ...event, actor });
  if (plain !== undefined) return run.emit({ type: 'decided', decision: plain });
  const { decision, newest } = await decide(options, (github) => decideByPolicy(options, github, pullRequest.number));
  run.emit({ type: 'decided', decision });
  if (decision === 'not-newest' || decision === 'manual-only') await status.showHeldBack(pullRequest, newest);
}

async function gateComment(options: GateOptions, event: CommentEvent): Promise<void> {
  const { inputs, run, status, addresses } = options;
  const { body, commentId, login, number } = event;
  if (event.isOnPullRequest) run.emit({ type: 'pull-request-named', number, url: addresses.pullRequestUrlOf(number) });
  const plain = judgeComment({ ...event, isCommand: isCommand(body, inputs.commandPhrase) });
  if (plain !== undefined) return run.emit({ type: 'decided', decision: plain });
  if (login !== undefined) run.emit({ type: 'commanded', login });
  const { decision, target } = await decide(options, (github) => decideOnCommand(options, github, event));
  run.emit({ type: 'decided', decision });
  if (decision !== 'command' || login === undefined || target === undefined) await status.showRejected(commentId);
  else await status.showAccepted({ commentId, login, target });
}

function emitFound(target: EventTarget, { run, addresses }: GateOptions): void {
  const { number, headSha: sha } = target;
  const commit = { sha, url: addresses.commitUrlOf(sha) };
  const url = addresses.pullRequestUrlOf(number);
  run.emit({ type: 'pull-request-found', number, url, commit, ref: checkoutRefOf(target) });
}

/** A phase that has to succeed. */
async function decide(options: GateOptions, ask: (github: GitHub) => Promise<Decided>): Promise<Decided> {
  const { inputs, run, signal, connect } = options;
  if (inputs.token === null) throw missingToken();
  return await run.phase('Decide', async (phase) => {
    try {
      const decided = await ask(await connect(signal, DECIDING_WAIT_MS));
      phase.result(VERDICTS[decided.decision].reason);
      return decided;
    } catch (error) {
      throw undecided(error);
    }
  });
}

async function decideByPolicy(options: GateOptions, github: GitHub, number: number): Promise<Decided> {
  const { policy } = options.inputs;
  const newest = policy === 'command' ? undefined : await findNewest(options, github, number);
  const isNewest = newest === number;
  // It is read only where it decides.
  const needsClaim = policy !== 'all' && !isNewest;
  const comment = needsClaim ? await options.status.commentOn(number)?.read(github) : undefined;
  const hasClaim = comment?.share?.claimedAtMs !== undefined;
  return { decision: judgePolicy(policy, { isNewest, hasClaim }), newest };
}

/** Undefined where it is not known, and decides nothing. */
async function findNewest(options: GateOptions, github: GitHub, own: number): Promise<number | undefined> {
  const { inputs, run, signal } = options;
  try {
    const newest = newestOf(await Array.fromAsync(github.listOpenPullRequests()), own);
    run.emit({ type: 'newest-found', number: newest });
    return newest;
  } catch (error) {
    if (inputs.policy !== 'all' || signal.aborted) throw error;
    run.warn(
      `Whether this pull request is the newest is not known; it deploys anyway. ${describeError(error)}`,
      'Not known which pull request is the newest',
    );
    return undefined;
  }
}

async function decideOnCommand(
  options: GateOptions,
  github: GitHub,
  { login, number }: CommentEvent,
): Promise<Decided> {
  const permission = login === undefined ? 'none' : await readPermission(github, login);
  if (!mayCommand(permission)) return { decision: 'not-permitted' };
  const target = await github.readPullRequest(number);
  emitFound(target, options);
  return { decision: judgeTarget(target), target };
}

/** GitHub answers 404 for an account that it does not know (or no longer knows). */
async function readPermission(github: GitHub, login: string): Promise<RepositoryPermission> {
  try {
    return await github.readPermission(login);
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return 'none';
    throw error;
  }
}
