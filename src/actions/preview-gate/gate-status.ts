import type { EventTarget } from '../../github/gate-event.ts';
import type { Connect, GitHub, Reaction } from '../../github/github.ts';
import { createBestEffort } from '../../github-status/best-effort.ts';
import type { GateInputs } from '../../inputs/preview-gate.ts';
import { timeoutSignal } from '../../pause.ts';
import type { GateEvent } from '../../report/gate-record.ts';
import { renderClaimComment, renderHeldBackComment } from '../../report/preview-comment.ts';
import type { Run } from '../../report/run-events.ts';
import type { GateCheck } from './check.ts';
import { createGateComment, type GateComment } from './comment.ts';

export interface GateStatusOptions {
  inputs: Pick<GateInputs, 'environment' | 'commandPhrase' | 'comment' | 'commentGroup' | 'checkName'>;
  check: GateCheck;
  /** By which the check run is found again. */
  externalId: string;
  runUrl: string | undefined;
  commitUrlOf: (sha: string) => string;
  signal: AbortSignal;
  run: Run<GateEvent>;
  connect: Connect;
}

/** A command that was accepted. */
export interface Command {
  commentId: number;
  login: string;
  target: EventTarget;
}

/** For each thing that is shown: a slow GitHub must not hold up a deployment for long. */
const SHOWING_MS = 30_000;
const SHOWING_WAIT_MS = 10_000;

/** Shows a decision on GitHub. Throws nothing but the end of a cancelled job. */
export class GateStatus {
  readonly #options: GateStatusOptions;
  #comment: GateComment | undefined;

  constructor(options: GateStatusOptions) {
    this.#options = options;
  }

  /** The comment about the preview; undefined where none is written, and so no claim is stored. */
  commentOn(pullRequest: number): GateComment | undefined {
    const { inputs, run } = this.#options;
    if (!inputs.comment) return undefined;
    const failing = `The comment on pull request #${pullRequest} could not be read or written.`;
    const bestEffort = createBestEffort({ failing, logger: run });
    const { environment, commentGroup } = inputs;
    const group = commentGroup ?? undefined;
    this.#comment ??= createGateComment({ pullRequest, environment, group, bestEffort, run });
    return this.#comment;
  }

  /** On a pull request whose push was not deployed: quietly, since the next push may get the same comment. */
  async showHeldBack(target: EventTarget, newest: number | undefined): Promise<void> {
    const comment = this.commentOn(target.number);
    if (comment === undefined) return;
    await this.#show('comment', async () => {
      const { inputs, commitUrlOf } = this.#options;
      const { headSha: sha } = target;
      const commit = { sha, url: commitUrlOf(sha) };
      await this.#write(comment, (before, nowMs) => ({
        text: renderHeldBackComment({
          ...inputs,
          commit,
          newest,
          holds: before.share?.holds === true,
          lastSuccess: before.lastSuccess,
        }),
        memory: { ...before, shownAtMs: nowMs },
      }));
    });
  }

  /** To the commenter: a stranger must not make the action write anything. */
  async showRejected(commentId: number): Promise<void> {
    await this.#show('reaction', () => this.#react(commentId, '-1'));
  }

  async showAccepted(command: Command): Promise<void> {
    await this.#show('reaction, check run, comment', async () => {
      await this.#react(command.commentId, 'eyes');
      await this.#openCheck(command);
      await this.#claim(command);
    });
  }

  async #show(what: string, work: () => Promise<void>): Promise<void> {
    const { run, signal } = this.#options;
    await run.phase('Show on GitHub', async (phase) => {
      await work();
      // A run that is cancelled meanwhile must not deploy.
      signal.throwIfAborted();
      phase.result(what);
    });
  }

  async #react(commentId: number, reaction: Reaction): Promise<void> {
    const bestEffort = createBestEffort({ failing: 'The comment got no reaction.', logger: this.#options.run });
    await this.#reach((connect, time) =>
      bestEffort.attempt(time, async () => (await connect()).reactToComment(commentId, reaction)),
    );
  }

  async #openCheck({ login, target }: Command): Promise<void> {
    const { inputs, check, externalId } = this.#options;
    const begun = { externalId, name: inputs.checkName, sha: target.headSha, environment: inputs.environment, login };
    await this.#reach((connect, time) => check.open(connect, begun, time));
  }

  async #claim({ login, target }: Command): Promise<void> {
    const { inputs, runUrl, commitUrlOf } = this.#options;
    const comment = this.commentOn(target.number);
    if (comment === undefined) return;
    const commit = { sha: target.headSha, url: commitUrlOf(target.headSha) };
    const { environment } = inputs;
    await this.#write(comment, (before, nowMs) => {
      const holds = before.share?.holds === true;
      const { lastSuccess } = before;
      return {
        text: renderClaimComment({ environment, commit, login, runUrl, holds, lastSuccess }),
        memory: { ...before, shownAtMs: nowMs, share: { ...before.share, holds, claimedAtMs: nowMs } },
      };
    });
  }

  async #write(comment: GateComment, render: Parameters<GateComment['write']>[2]): Promise<void> {
    await this.#reach(async (connect, time) => {
      const written = await comment.write(connect, time, render);
      if (written !== undefined) this.#options.run.emit({ type: 'comment-written', url: written.url });
    });
  }

  /** Each has a time limit of its own; nothing is begun once the job is cancelled. */
  async #reach(work: (connect: () => Promise<GitHub>, time: AbortSignal) => Promise<unknown>): Promise<void> {
    const { signal, connect } = this.#options;
    if (signal.aborted) return;
    const time = AbortSignal.any([signal, timeoutSignal(SHOWING_MS)]);
    await work(() => connect(time, SHOWING_WAIT_MS), time);
  }
}
