import { ActionError } from '../../errors.ts';
import type { Connect, GitHub } from '../../github/github.ts';
import { type BestEffort, CLOSING_WAIT_MS, createBestEffort } from '../../github-status/best-effort.ts';
import { createProjectComment } from '../../github-status/project-comment.ts';
import { isForbidden, isTransient } from '../../net/errors.ts';
import { timeoutSignal } from '../../pause.ts';
import { count } from '../../report/format.ts';
import { isRemovedPreviewComment, renderRemovedPreviewComment } from '../../report/removed-preview-comment.ts';
import type { CommonRun } from '../../report/run-events.ts';
import { againFor } from './cancelled.ts';
import { DeploymentHistory, deactivateRemoved, MAX_SEARCHED, type RemovedPreview } from './removed-deployments.ts';

export interface GitHubCleanupOptions {
  storeHash: string;
  environment: string;
  /** The input `comment-group`. */
  commentGroup: string | undefined;
  runUrl: string | undefined;
  connect: Connect;
  run: CommonRun;
}

/** For one pull request: a slow GitHub must not hold up the deletion of the others. */
const SETTLING_MS = 30_000;
const SETTLING_WAIT_MS = 10_000;

const PARTS = ['deployments', 'comment'] as const;
type Part = (typeof PARTS)[number];

interface Result {
  /** In a few words. */
  what: string;
  url?: string;
}

interface Task {
  removed: RemovedPreview;
  bestEfforts: Readonly<Record<Part, BestEffort>>;
  left: Set<Part>;
  /** Of the parts that are done, in a few words. */
  results: string[];
}

/** Updates what GitHub shows of previews that are gone. Only warns. */
export class GitHubCleanup {
  readonly #options: GitHubCleanupOptions;
  readonly #history: DeploymentHistory;
  readonly #tasks: Task[] = [];
  /** Refused because a permission is missing, and so for every pull request. */
  readonly #denied = new Set<Part>();
  /** GitHub did not answer in time: the rest is left for the end. */
  #isStalled = false;

  constructor(options: GitHubCleanupOptions) {
    this.#options = options;
    this.#history = new DeploymentHistory(options.environment);
  }

  /** Right after a deletion. @returns the result, in a few words. @throws the signal's reason */
  async settle(removed: RemovedPreview, signal: AbortSignal): Promise<string> {
    const task = this.#createTask(removed);
    this.#tasks.push(task);
    if (!this.#isStalled) {
      const time = AbortSignal.any([signal, timeoutSignal(SETTLING_MS)]);
      await this.#attempt(task, time, 'early');
      this.#isStalled = time.aborted;
    }
    signal.throwIfAborted();
    return task.left.size === 0 ? [...task.results].sort().join('; ') : 'not all could be updated';
  }

  /** Leaves it for the end of the run. */
  add(removed: RemovedPreview): void {
    this.#tasks.push(this.#createTask(removed));
  }

  /** At the end of the run: tries again what was cut off or failed. Throws nothing. */
  async finish(signal: AbortSignal): Promise<void> {
    const isOpen = ({ left, bestEfforts }: Task) => [...left].some((part) => this.#isWorthwhile(part, bestEfforts));
    const open = this.#tasks.filter(isOpen);
    if (open.length > 0) {
      await this.#options.run.phase('Update GitHub once more', async (phase) => {
        for (const task of open) if (!signal.aborted) await this.#attempt(task, signal, 'late');
        const settled = open.filter(({ left }) => left.size === 0).length;
        phase.result(`${settled} of ${count(open.length, 'pull request')}`);
      });
    }
    const stale = this.#tasks.filter(({ left }) => left.size > 0).map(({ removed }) => removed.pullRequest);
    if (stale.length === 0) return;
    const numbers = stale.map((number) => `#${number}`).join(', ');
    const what = `What GitHub shows of the deleted preview of ${numbers} is out of date, and no later run updates it by itself.`;
    this.#options.run.warn(`${what} ${againFor(stale)}`, 'GitHub not up to date');
  }

  #createTask(removed: RemovedPreview): Task {
    const { run } = this.#options;
    const bestEffort = (failing: string) => createBestEffort({ failing, logger: run });
    const { pullRequest } = removed;
    const bestEfforts = {
      deployments: bestEffort(`The GitHub deployments of pull request #${pullRequest} could not be made inactive.`),
      comment: bestEffort(`The comment on pull request #${pullRequest} could not be rewritten.`),
    };
    return { removed, bestEfforts, left: new Set(PARTS), results: [] };
  }

  async #attempt(task: Task, signal: AbortSignal, when: 'early' | 'late'): Promise<void> {
    const attempts = [...task.left].map(async (part) => {
      const bestEffort = task.bestEfforts[part];
      if (!this.#isWorthwhile(part, task.bestEfforts)) return;
      const work = async () => {
        const github = await this.#options.connect(signal, when === 'early' ? SETTLING_WAIT_MS : CLOSING_WAIT_MS);
        return await this.#settle(part, task.removed, github);
      };
      const noting = () => this.#noteDenial(part, work);
      const result = await (when === 'early'
        ? bestEffort.attemptEarly(signal, noting)
        : bestEffort.attempt(signal, noting));
      if (result === undefined) return;
      task.left.delete(part);
      task.results.push(result.what);
      const at = result.url === undefined ? '' : `: ${result.url}`;
      this.#options.run.info(`Pull request #${task.removed.pullRequest}: ${result.what}${at}`);
    });
    await Promise.all(attempts);
  }

  #isWorthwhile(part: Part, bestEfforts: Task['bestEfforts']): boolean {
    return !this.#denied.has(part) && !bestEfforts[part].isGivenUp;
  }

  /** Other refusals concern one pull request alone, such as a locked conversation: those name no remedy. */
  async #noteDenial<T>(part: Part, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isRefused = isForbidden(error) && !isTransient(error);
      if (isRefused && error instanceof ActionError && error.fix !== undefined) this.#denied.add(part);
      throw error;
    }
  }

  async #settle(part: Part, removed: RemovedPreview, github: GitHub): Promise<Result> {
    if (part === 'comment') return await this.#rewriteComment(removed, github);
    const options = { history: this.#history, logUrl: this.#options.runUrl };
    const changed = await deactivateRemoved(github, removed, options);
    const what = changed === 0 ? 'no active GitHub deployment' : `${count(changed, 'GitHub deployment')} made inactive`;
    const isCut = this.#history.isCut;
    return { what: isCut ? `${what} (among the last ${MAX_SEARCHED}; older ones are as they were)` : what };
  }

  async #rewriteComment(removed: RemovedPreview, github: GitHub): Promise<Result> {
    const { storeHash: store, environment, commentGroup: group, runUrl, run } = this.#options;
    const { pullRequest, project, deletedAt, goneByMs } = removed;
    const comment = createProjectComment({ pullRequest, key: { project, environment, store }, group });
    const before = await comment.read(github);
    if (comment.found === undefined) return { what: 'no comment' };
    if (isRemovedPreviewComment(comment.shownText ?? '')) return { what: 'the comment says so already' };
    const { clock } = github;
    if ((before.shownAtMs ?? 0) > clock.toGitHubMs(goneByMs))
      return { what: 'a later run has written the comment: it stays as it is' };
    // Its address leads nowhere now, and a later comment would link it.
    const lastSuccess = before.lastSuccess === undefined ? undefined : { ...before.lastSuccess, url: undefined };
    const updatedAt = new Date();
    const text = renderRemovedPreviewComment({ environment, project, deletedAt, lastSuccess, runUrl, updatedAt });
    const written = await comment.rewrite(github, text, { lastSuccess, shownAtMs: clock.nowMs() });
    if (written === undefined) return { what: 'no comment any more' };
    await comment.removeOthers(github, (line) => run.info(line));
    return { what: 'comment rewritten', url: written.url };
  }
}
