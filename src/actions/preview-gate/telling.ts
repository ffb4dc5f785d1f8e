import type { Connect, GitHub, Reaction } from '../../github/github.ts';
import { createBestEffort } from '../../github-status/best-effort.ts';
import type { GateInputs } from '../../inputs/preview-gate.ts';
import { timeoutSignal } from '../../pause.ts';
import type { GateReporter, GateTarget } from '../../report/gate-record.ts';
import { renderClaimComment, renderHeldBackComment } from '../../report/preview-comment.ts';
import type { GateCheck } from './check.ts';
import { createGateComment, type GateComment } from './comment.ts';

export interface GateTellingOptions {
  inputs: Pick<GateInputs, 'environment' | 'commandPhrase' | 'comment' | 'checkName'>;
  check: GateCheck;
  /** By which the check run is known again. */
  externalId: string;
  runUrl: string | undefined;
  commitUrlOf: (sha: string) => string;
  signal: AbortSignal;
  reporter: GateReporter;
  connect: Connect;
}

/** A command that was taken. */
export interface Command {
  commentId: number;
  login: string;
  target: GateTarget;
}

/** For each of what is told: a slow GitHub must not hold up a deployment for long. */
const TELLING_MS = 30_000;
const TELLING_WAIT_MS = 10_000;

/** What is told of a decision, and where. Throws nothing but the end of a cancelled job. */
export class GateTelling {
  readonly #options: GateTellingOptions;
  #comment: GateComment | undefined;

  constructor(options: GateTellingOptions) {
    this.#options = options;
  }

  /** The comment about the preview; undefined where none is written, and so no claim is kept. */
  commentOn(pullRequest: number): GateComment | undefined {
    const { inputs, reporter } = this.#options;
    if (!inputs.comment) return undefined;
    const failing = `The comment on pull request #${pullRequest} could not be read or written.`;
    const bestEffort = createBestEffort({ failing, logger: reporter });
    this.#comment ??= createGateComment({ pullRequest, environment: inputs.environment, bestEffort, reporter });
    return this.#comment;
  }

  /** To a pull request whose push was not deployed: quietly, since the next push may be told the same. */
  async heldBack(target: GateTarget, newest: number | undefined): Promise<void> {
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
        kept: { ...before, shownAtMs: nowMs },
      }));
    });
  }

  /** To who commented: a stranger must not make the action write anything. */
  async refused(commentId: number): Promise<void> {
    await this.#show('reaction', () => this.#react(commentId, '-1'));
  }

  async accepted(command: Command): Promise<void> {
    await this.#show('reaction, check run, comment', async () => {
      await this.#react(command.commentId, 'eyes');
      await this.#openCheck(command);
      await this.#claim(command);
    });
  }

  async #show(what: string, work: () => Promise<void>): Promise<void> {
    const { reporter, signal } = this.#options;
    await reporter.phase('Show on GitHub', async (phase) => {
      await work();
      // What comes to its end while the job is cancelled has told nobody that it may deploy.
      signal.throwIfAborted();
      phase.result(what);
    });
  }

  async #react(commentId: number, reaction: Reaction): Promise<void> {
    const bestEffort = createBestEffort({ failing: 'The comment got no reaction.', logger: this.#options.reporter });
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
        kept: { ...before, shownAtMs: nowMs, share: { ...before.share, holds, claimedAtMs: nowMs } },
      };
    });
  }

  async #write(comment: GateComment, tell: Parameters<GateComment['write']>[2]): Promise<void> {
    await this.#reach(async (connect, time) => {
      const written = await comment.write(connect, time, tell);
      if (written !== undefined) this.#options.reporter.commentWritten(written);
    });
  }

  /** Each in a time of its own; nothing is begun once the job is cancelled. */
  async #reach(work: (connect: () => Promise<GitHub>, time: AbortSignal) => Promise<unknown>): Promise<void> {
    const { signal, connect } = this.#options;
    if (signal.aborted) return;
    const time = AbortSignal.any([signal, timeoutSignal(TELLING_MS)]);
    await work(() => connect(time, TELLING_WAIT_MS), time);
  }
}
