import { type Kept, readText, renderMarker, SHARED_PREVIEW } from '../domain/comment-marker.ts';
import type { GitHub } from '../github/github.ts';
import { renderLostPreviewComment } from '../report/lost-preview-comment.ts';
import type { BestEffort } from './best-effort.ts';
import { createLoginReader } from './comment-author.ts';
import type { GitHubStatusOptions } from './options.ts';
import { createStickyComment, type StickyComment } from './sticky-comment.ts';

/** Tells the other pull requests of a shared preview who has it now. Never throws. */
export interface OtherPreviews {
  /** @returns whether nothing is left to do: they know, or it is refused for good */
  tell(github: GitHub, taken: Taken, signal: AbortSignal): Promise<boolean>;
}

/** The preview shows this run's pull request. */
export interface Taken {
  /** When the platform had completed the deployment: ms since 1970, by this runner's clock. */
  completedAtMs: number;
  /** Pull requests whose GitHub deployment this one has replaced; they may be closed by now. */
  losers: readonly number[];
}

/** Beyond that, their comments are put right when they are pushed to again. */
const MAX_OTHERS = 50;
const AT_A_TIME = 4;

/** A pull request that has a comment on the shared preview. */
interface Participant {
  number: number;
  isOpen: boolean;
  comment: StickyComment;
  kept: Kept;
}

export function createOtherPreviews(
  options: GitHubStatusOptions,
  pullRequest: number,
  bestEffort: BestEffort,
): OtherPreviews {
  return {
    tell: async (github, taken, signal) => {
      const isTold = await bestEffort.attempt(signal, async () => {
        await tellOthers(github, taken, { options, pullRequest });
        // What could not be deleted any more is no error, and still to be done.
        signal.throwIfAborted();
        return true;
      });
      return isTold ?? bestEffort.isGivenUp;
    },
  };
}

interface Self {
  options: GitHubStatusOptions;
  pullRequest: number;
}

async function tellOthers(github: GitHub, taken: Taken, self: Self): Promise<void> {
  const { reporter } = self.options;
  const others = await findParticipants(github, taken.losers, self);
  // What comments keep was written by other runners: GitHub's clock is the one that they share.
  const completedAtMs = github.clock.toGitHubMs(taken.completedAtMs);
  const since = ({ kept }: Participant) => (kept.share?.holds === true ? (kept.share.heldSinceMs ?? 0) : 0);
  // Of two runs that end side by side, the one that was completed last is live, whichever comes here last.
  const [latest] = others.toSorted((one, other) => since(other) - since(one));
  if (latest !== undefined && since(latest) > completedAtMs) {
    reporter.info(`Pull request #${latest.number} has taken the preview meanwhile, and tells the others.`);
    await tellSelf(github, latest.number, self);
    return;
  }
  const told = await eachOf(others, (other) => tellOne(github, other, completedAtMs, self));
  const count = told.filter((isTold) => isTold).length;
  if (count > 0) reporter.debug(`${count} pull requests were told who has the preview`);
}

/** The other pull requests that have a comment of this preview's: open ones, and those that have just lost it. */
async function findParticipants(
  github: GitHub,
  losers: readonly number[],
  { options, pullRequest }: Self,
): Promise<Participant[]> {
  const marker = renderMarker({ project: SHARED_PREVIEW, environment: options.target.environment });
  const numbers = new Map<number, boolean>();
  for (const number of losers) numbers.set(number, false);
  for await (const { number, isFork } of github.listOpenPullRequests()) {
    if (!isFork) numbers.set(number, true);
    if (numbers.size <= MAX_OTHERS) continue;
    options.reporter.info(`Only the newest ${MAX_OTHERS} open pull requests are told who has the preview.`);
    break;
  }
  numbers.delete(pullRequest);
  const readLogin = createLoginReader();
  const looked = await eachOf([...numbers], async ([number, isOpen]) => {
    const comment = createStickyComment(number, marker, readLogin);
    const kept = await comment.read(github);
    return comment.found === undefined ? undefined : { number, isOpen, comment, kept };
  });
  return looked.filter((found) => found !== undefined);
}

/** @returns whether there was something to say */
async function tellOne(github: GitHub, other: Participant, completedAtMs: number, self: Self): Promise<boolean> {
  const { reporter } = self.options;
  const { number, isOpen, comment } = other;
  const say = (line: string) => reporter.debug(line);
  const startedAtMs = startOf(github, self);
  const times = { completedAtMs, startedAtMs };
  if (plan(other, times, self) === 'leave') return false;
  // Others were told meanwhile: what its own run, or the gate, has written since then must not be written over.
  const kept = await comment.read(github);
  const next = plan({ ...other, kept }, times, self);
  if (next === 'leave') {
    // A run that was cut off may have left the old one beside it.
    await comment.removeOthers(github, say);
    return false;
  }
  // An edit notifies nobody: whoever loses the preview is told by a new comment, the others know already.
  if (next.isLoss && isOpen) {
    const written = await comment.replace(github, next.text, next.kept, say);
    reporter.info(`Pull request #${number} has lost the preview, and is told so: ${written.url}`);
    return true;
  }
  const written = await comment.write(github, next.text, next.kept);
  await comment.removeOthers(github, say);
  reporter.info(`Pull request #${number}: its comment names the new holder of the preview (${written.url})`);
  return true;
}

/** What its comment is to say, if that is not what it says. */
function plan(
  { isOpen, comment, kept }: Participant,
  { completedAtMs, startedAtMs }: { completedAtMs: number; startedAtMs: number },
  { options, pullRequest }: Self,
): 'leave' | { text: string; kept: Kept; isLoss: boolean } {
  const text = renderLost(pullRequest, { isOpen, kept }, options);
  const isLoss = kept.share?.holds === true;
  const { claimedAtMs = 0, heldSinceMs = 0 } = kept.share ?? {};
  // Claimed after this run had begun: the run that was started by that is still to come, unless it has had its turn.
  const isClaimNewer = claimedAtMs > Math.max(startedAtMs, heldSinceMs);
  if (comment.found === undefined || (!isLoss && isClaimNewer)) return 'leave';
  if (!isLoss && !comment.hasOthers && readText(comment.found.body) === text.trim()) return 'leave';
  const share = { holds: false, claimedAtMs: isClaimNewer ? claimedAtMs : undefined };
  // Not when it is written: a `post` step of that pull request's may have a later deployment to tell of.
  const toldAtMs = Math.max(completedAtMs, (kept.toldAtMs ?? 0) + 1);
  return { text, kept: { ...kept, toldAtMs, share }, isLoss };
}

/** The run's own pull request has lost the preview already, unless it was claimed for it after the run had begun. */
async function tellSelf(github: GitHub, holder: number, { options, pullRequest }: Self): Promise<void> {
  const marker = renderMarker({ project: SHARED_PREVIEW, environment: options.target.environment });
  const comment = createStickyComment(pullRequest, marker);
  const kept = await comment.read(github);
  const claimedAtMs = kept.share?.claimedAtMs ?? 0;
  const isClaimNewer = claimedAtMs > startOf(github, { options, pullRequest });
  const share = { holds: false, claimedAtMs: isClaimNewer ? claimedAtMs : undefined };
  const lost = { ...kept, share: { ...share, holds: true } };
  const text = renderLost(holder, { isOpen: true, kept: lost }, options);
  await comment.write(github, text, { ...kept, toldAtMs: (kept.toldAtMs ?? 0) + 1, share });
}

/** When this run began: ms since 1970, by GitHub's clock. */
function startOf({ clock }: GitHub, { options }: Self): number {
  return clock.toGitHubMs(options.reporter.snapshot().startedAt.getTime());
}

function renderLost(
  holder: number,
  { isOpen, kept: { share, lastSuccess } }: Pick<Participant, 'isOpen' | 'kept'>,
  { inputs, target, pullRequestUrlOf }: GitHubStatusOptions,
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

/** A few at a time. All are tried; the first failure is thrown when they are through. */
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
