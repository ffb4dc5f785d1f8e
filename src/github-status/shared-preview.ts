import { type CommentMemory, SHARED_PREVIEW } from '../domain/comment-marker.ts';
import type { GitHub } from '../github/github.ts';
import { renderLostPreviewComment } from '../report/lost-preview-comment.ts';
import type { BestEffort } from './best-effort.ts';
import { createLoginReader, type LoginReader } from './comment-author.ts';
import type { StatusParts } from './options.ts';
import { createProjectComment } from './project-comment.ts';
import type { StickyComment } from './sticky-comment.ts';

/** Shows the other pull requests of a shared preview who has it now. Never throws. */
export interface OtherPreviews {
  /** @returns whether nothing is left to do: they know, or GitHub refuses it permanently */
  notify(github: GitHub, takeover: Takeover, signal: AbortSignal): Promise<boolean>;
}

/** The preview shows this run's pull request. */
export interface Takeover {
  /** When the platform had completed the deployment: ms since 1970, by this runner's clock. */
  completedAtMs: number;
  /** Pull requests whose GitHub deployment this one has replaced; they may be closed by now. */
  losers: readonly number[];
}

/** The comments of any others are corrected when they are pushed to again. */
const MAX_OTHERS = 50;
const AT_A_TIME = 4;

/** A pull request that has a comment on the shared preview. */
interface Participant {
  number: number;
  isOpen: boolean;
  comment: StickyComment;
  memory: CommentMemory;
}

export function createOtherPreviews(options: StatusParts, pullRequest: number, bestEffort: BestEffort): OtherPreviews {
  return {
    notify: async (github, takeover, signal) => {
      const isDone = await bestEffort.attempt(signal, async () => {
        await notifyOthers(github, takeover, { options, pullRequest });
        // A comment that there was no time to delete is no error, but remains to be deleted.
        signal.throwIfAborted();
        return true;
      });
      return isDone ?? bestEffort.isGivenUp;
    },
  };
}

interface Self {
  options: StatusParts;
  pullRequest: number;
}

async function notifyOthers(github: GitHub, takeover: Takeover, self: Self): Promise<void> {
  const { run } = self.options;
  const others = await findParticipants(github, takeover.losers, self);
  // The times in comments come from other runners: GitHub's clock is the one that they share.
  const completedAtMs = github.clock.toGitHubMs(takeover.completedAtMs);
  const since = ({ memory }: Participant) => (memory.share?.holds === true ? (memory.share.heldSinceMs ?? 0) : 0);
  // If two runs end at the same time, the one that was completed last is live, whichever gets here last.
  const [latest] = others.toSorted((one, other) => since(other) - since(one));
  if (latest !== undefined && since(latest) > completedAtMs) {
    run.info(`Pull request #${latest.number} has taken the preview in the meantime, and notifies the others.`);
    await updateOwnComment(github, latest.number, self);
    return;
  }
  const changed = await eachOf(others, (other) => notifyOne(github, other, completedAtMs, self));
  const count = changed.filter((isChanged) => isChanged).length;
  if (count > 0) run.debug(`${count} pull requests show now who has the preview`);
}

/** The other pull requests that have a comment of this preview's: open ones, and those that have just lost it. */
async function findParticipants(
  github: GitHub,
  losers: readonly number[],
  { options, pullRequest }: Self,
): Promise<Participant[]> {
  const numbers = new Map<number, boolean>();
  for (const number of losers) numbers.set(number, false);
  for await (const { number, isFork } of github.listOpenPullRequests()) {
    if (!isFork) numbers.set(number, true);
    if (numbers.size <= MAX_OTHERS) continue;
    options.run.info(`Only the newest ${MAX_OTHERS} open pull requests are updated to show who has the preview.`);
    break;
  }
  numbers.delete(pullRequest);
  const readLogin = createLoginReader();
  const looked = await eachOf([...numbers], async ([number, isOpen]) => {
    const comment = previewComment(number, options, readLogin);
    const memory = await comment.read(github);
    return comment.found === undefined ? undefined : { number, isOpen, comment, memory };
  });
  return looked.filter((found) => found !== undefined);
}

function previewComment(
  pullRequest: number,
  { inputs, target, commentFooter }: StatusParts,
  readLogin?: LoginReader,
): StickyComment {
  const key = { project: SHARED_PREVIEW, environment: target.environment };
  return createProjectComment({ pullRequest, key, group: inputs.commentGroup, footer: commentFooter ?? '', readLogin });
}

/** @returns whether there was something to change */
async function notifyOne(github: GitHub, other: Participant, completedAtMs: number, self: Self): Promise<boolean> {
  const { run } = self.options;
  const { number, isOpen, comment } = other;
  const say = (line: string) => run.debug(line);
  const startedAtMs = startOf(github, self);
  const times = { completedAtMs, startedAtMs };
  if (plan(other, times, self) === 'leave') return false;
  // Updating the others took time: do not overwrite what its own run, or the gate, has written since.
  const memory = await comment.read(github);
  const next = plan({ ...other, memory }, times, self);
  if (next === 'leave') {
    // A run that was interrupted may have left the old comment beside it.
    await comment.removeOthers(github, say);
    return false;
  }
  // GitHub sends no notification of an edit: a pull request that loses the preview gets a new comment.
  if (next.isLoss && isOpen) {
    const written = await comment.replace(github, next.text, next.memory, say);
    run.info(`Pull request #${number} has lost the preview, and has a comment that says so: ${written.url}`);
    return true;
  }
  const written = await comment.write(github, next.text, next.memory);
  await comment.removeOthers(github, say);
  run.info(`Pull request #${number}: its comment names the new holder of the preview (${written.url})`);
  return true;
}

/** The new comment, unless it can stay as it is. */
function plan(
  { isOpen, comment, memory }: Participant,
  { completedAtMs, startedAtMs }: { completedAtMs: number; startedAtMs: number },
  { options, pullRequest }: Self,
): 'leave' | { text: string; memory: CommentMemory; isLoss: boolean } {
  const text = renderLost(pullRequest, { isOpen, memory }, options);
  const isLoss = memory.share?.holds === true;
  const { claimedAtMs = 0, heldSinceMs = 0 } = memory.share ?? {};
  // It was claimed after this run began: that claim's own run is still to come, unless it has ended since.
  const isClaimNewer = claimedAtMs > Math.max(startedAtMs, heldSinceMs);
  if (comment.found === undefined || (!isLoss && isClaimNewer)) return 'leave';
  if (!isLoss && !comment.hasOthers && comment.shownText?.trim() === text.trim()) return 'leave';
  const share = { holds: false, claimedAtMs: isClaimNewer ? claimedAtMs : undefined };
  // Not the time of writing: a `post` step of that pull request may have a later deployment to show.
  const shownAtMs = Math.max(completedAtMs, (memory.shownAtMs ?? 0) + 1);
  return { text, memory: { ...memory, shownAtMs, share }, isLoss };
}

/** This pull request has lost the preview already, unless it was claimed for it after this run began. */
async function updateOwnComment(github: GitHub, holder: number, { options, pullRequest }: Self): Promise<void> {
  const comment = previewComment(pullRequest, options);
  const memory = await comment.read(github);
  const claimedAtMs = memory.share?.claimedAtMs ?? 0;
  const isClaimNewer = claimedAtMs > startOf(github, { options, pullRequest });
  const share = { holds: false, claimedAtMs: isClaimNewer ? claimedAtMs : undefined };
  const lost = { ...memory, share: { ...share, holds: true } };
  const text = renderLost(holder, { isOpen: true, memory: lost }, options);
  await comment.write(github, text, { ...memory, shownAtMs: (memory.shownAtMs ?? 0) + 1, share });
}

/** When this run began: ms since 1970, by GitHub's clock. */
function startOf({ clock }: GitHub, { options }: Self): number {
  return clock.toGitHubMs(options.known().startedAt.getTime());
}

function renderLost(
  holder: number,
  { isOpen, memory: { share, lastSuccess } }: Pick<Participant, 'isOpen' | 'memory'>,
  { inputs, target, pullRequestUrlOf }: StatusParts,
): string {
  return renderLostPreviewComment({
    environment: target.environment,
    holder: { number: holder, url: pullRequestUrlOf(holder) },
    hadIt: share?.holds === true || lastSuccess !== undefined,
    isOpen,
    commandPhrase: inputs.commandPhrase,
    lastSuccess,
  });
}

/** A few at a time. Tries all of them, and throws the first failure at the end. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    const settled = await Promise.allSettled(items.slice(start, start + AT_A_TIME).map(work));
    for (const one of settled) {
      if (one.status === 'fulfilled') results.push(one.value);
      else failures.push(one.reason);
    }
  }
  if (failures.length > 0) throw failures[0];
  return results;
}
