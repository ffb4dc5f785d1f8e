import * as z from 'zod/mini';
import type { CheckRun, GitHub, NewCheckRun, Uncertain } from '../../github/github.ts';
import type { BestEffort } from '../../github-status/best-effort.ts';
import { statusOf } from '../../net/errors.ts';
import { GATE_ENDS, type GateEnd, renderClosedCheck, renderOpenCheck } from '../../report/gate-check.ts';
import { orUndefined, parseStored, someText } from '../../schema.ts';

const checkState = z.object({
  /** It may be there, and nobody has closed it. */
  isOpen: z.boolean(),
  /** Undefined where the answer with it was lost, or has not come. */
  id: z.optional(z.number()),
  /** By which it is found again. */
  externalId: someText,
  name: z.string(),
  sha: z.string(),
  environment: z.string(),
  /** Who gave the command. */
  login: z.string(),
  /** How the main step ended; undefined while it has not. */
  end: orUndefined(z.enum(GATE_ENDS)),
});

/** A command's check run, as the main step leaves it to the `post` step. */
export type CheckState = z.infer<typeof checkState>;

/** Undefined when there is none, or none that is understood: then there is nothing to close. */
export function parseCheckState(json: string): CheckState | undefined {
  return parseStored(checkState, json);
}

export interface GateCheckOptions {
  bestEffort: BestEffort;
  runUrl: string | undefined;
  /** Called with the check run as soon as it is known. */
  onFound: (checkRun: { id: number; url: string }) => void;
  save: (state: CheckState) => void;
}

type Connect = () => Promise<GitHub>;

/** The check run of a command: opened, and closed or handed on. Throws nothing, only warns. */
export class GateCheck {
  readonly #options: GateCheckOptions;
  #state: CheckState | undefined;

  /** @param resumed what the main step has left, for the `post` step */
  constructor(options: GateCheckOptions, resumed?: CheckState) {
    this.#options = options;
    this.#state = resumed;
  }

  /** Its id, as long as it is there to be closed. */
  get openId(): number | undefined {
    return this.#state?.isOpen === true ? this.#state.id : undefined;
  }

  get isOpen(): boolean {
    return this.#state?.isOpen === true;
  }

  async open(connect: Connect, begun: Omit<CheckState, 'isOpen' | 'id' | 'end'>, signal: AbortSignal): Promise<void> {
    const { bestEffort, runUrl: detailsUrl } = this.#options;
    // Before it is there: its answer may never come.
    this.#save({ ...begun, isOpen: true, id: undefined, end: undefined });
    await bestEffort.attempt(signal, async () => {
      const { name, sha, externalId } = begun;
      const request = { name, sha, externalId, ...renderOpenCheck({ ...begun, runUrl: detailsUrl }), detailsUrl };
      const github = await connect();
      const made = await this.#create(github, request);
      if (!('uncertain' in made)) this.#found(made);
      else if ((await this.#find(github)) === undefined) throw made.uncertain;
    });
  }

  /**
   * @param end how the gate ended; `handed-on` leaves it open
   * @returns its id, where it is handed on
   */
  async settle(connect: Connect, end: GateEnd, signal: AbortSignal): Promise<number | undefined> {
    this.#change({ end });
    return await this.#options.bestEffort.attempt(signal, async () => {
      // Known already: nothing is to be asked.
      if (end === 'handed-on' && this.openId !== undefined) return this.openId;
      const github = await connect();
      const id = this.openId ?? (await this.#find(github))?.id;
      if (id === undefined || end === 'handed-on') return id;
      await this.#close(github, id, end);
      return undefined;
    });
  }

  /** What the `post` step does: closes it where neither the main step nor a deployment has. */
  async closeLeft(connect: Connect, signal: AbortSignal): Promise<void> {
    await this.#options.bestEffort.attempt(signal, async () => {
      const github = await connect();
      const found = this.openId === undefined ? await this.#find(github) : await github.readCheckRun(this.openId);
      if (found === undefined || found.isCompleted) return;
      await this.#close(github, found.id, this.#state?.end ?? 'cancelled');
    });
  }

  /** Only a refusal of GitHub's is a sure sign that there is none. */
  async #create(github: GitHub, request: NewCheckRun): Promise<CheckRun | Uncertain> {
    try {
      return await github.createCheckRun(request);
    } catch (error) {
      if (statusOf(error) !== undefined) this.#change({ isOpen: false });
      throw error;
    }
  }

  async #close(github: GitHub, id: number, end: GateEnd): Promise<void> {
    const { runUrl: detailsUrl } = this.#options;
    const { environment = '', login = '' } = this.#state ?? {};
    const closing = renderClosedCheck(end, { environment, login, runUrl: detailsUrl });
    await github.updateCheckRun(id, { ...closing, detailsUrl });
    this.#change({ isOpen: false });
  }

  /** It may be there though the answer was lost: without a search it would stay open for ever. */
  async #find(github: GitHub): Promise<CheckRun | undefined> {
    const state = this.#state;
    if (state === undefined) return undefined;
    for await (const found of github.listCheckRuns(state)) {
      if (found.externalId === state.externalId) return this.#found(found);
    }
    return undefined;
  }

  #found(checkRun: CheckRun): CheckRun {
    this.#change({ id: checkRun.id });
    this.#options.onFound(checkRun);
    return checkRun;
  }

  #change(change: Partial<CheckState>): void {
    if (this.#state !== undefined) this.#save({ ...this.#state, ...change });
  }

  #save(state: CheckState): void {
    this.#state = state;
    this.#options.save(state);
  }
}
