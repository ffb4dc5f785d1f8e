import type { ClaimedReaction, GitHub } from '../github/github.ts';
import { isTransient, isUncertain, statusOf } from '../net/errors.ts';
import { isGone } from './comment-reading.ts';

/**
 * Keeps runs from writing one comment at the same moment. GitHub updates a comment as a whole and compares nothing, but
 * of all who write as the same user only one makes a reaction: the others are told that it is there already. It is removed
 * after writing, and a reaction notifies nobody.
 */
export interface CommentLock {
  /** Nobody else can believe that it was left behind: what is begun now will have ended by then. */
  isSafe(): boolean;
  release(): Promise<void>;
}

/** `gone`: the comment is. `refused`: there is no way to reserve it, so it has to be written without. */
export type LockResult = CommentLock | 'taken' | 'gone' | 'refused';

const REACTION = 'eyes';
/** In which a write has to begin: it may take all retries, and a wait that GitHub asks for. */
const HOLDING_MS = 30_000;
/** After which it belongs to a run that was killed. */
const LEFT_BEHIND_MS = 180_000;

const REFUSED: readonly unknown[] = [403, 422];

/** Tries once. @throws ActionError for anything but a refusal */
export async function lockComment(
  github: GitHub,
  id: number,
  now: () => number = () => performance.now(),
): Promise<LockResult> {
  const sinceMs = now();
  try {
    let claim = await github.claimReaction(id, REACTION);
    if (!claim.isNew && isLeftBehind(claim, github)) {
      // By its id: another run that does the same cannot remove the one that comes after it.
      await release(github, id, claim);
      claim = await github.claimReaction(id, REACTION);
    }
    if (!claim.isNew) return 'taken';
    return { isSafe: () => now() - sinceMs < HOLDING_MS, release: () => release(github, id, claim) };
  } catch (error) {
    if (isGone(error)) return 'gone';
    // The answer was lost: it may be anybody's now, this run's own included.
    if (isUncertain(error)) return 'taken';
    // A rate limit is no refusal: the jobs that it holds up are those that must not write at the same moment.
    if (REFUSED.includes(statusOf(error)) && !isTransient(error)) return 'refused';
    throw error;
  }
}

function isLeftBehind({ createdAt }: ClaimedReaction, { clock }: GitHub): boolean {
  return clock.nowMs() - Date.parse(createdAt) > LEFT_BEHIND_MS;
}

/** One that cannot be removed counts as left behind in the end. */
async function release(github: GitHub, id: number, claim: ClaimedReaction): Promise<void> {
  await github.deleteReaction(id, claim.id).catch(() => {});
}
