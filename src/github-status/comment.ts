import { type LastSuccess, renderMarker, type SharedPreviewShare } from '../domain/comment-marker.ts';
import { describeError } from '../errors.ts';
import type { GitHubClock } from '../github/clock.ts';
import type { GitHub } from '../github/github.ts';
import { isForbidden, isTransient } from '../net/errors.ts';
import type { CommentRecord } from '../report/comment-record.ts';
import { renderDeployComment } from '../report/deploy-comment.ts';
import type { BestEffort } from './best-effort.ts';
import type { GitHubStatusOptions } from './options.ts';
import { findProductionBaseline } from './production-baseline.ts';
import { type GitHubStatusState, sizeOf } from './state.ts';
import { createStickyComment } from './sticky-comment.ts';

/** The comment on a pull request: written when a deployment begins, rewritten when it has ended. Never throws. */
export interface DeploymentComment {
  begin(github: GitHub, signal: AbortSignal): Promise<void>;
  /** @returns whether nothing is left to do: it is written, or refused for good */
  end(github: GitHub, completedAtMs: number | undefined, signal: AbortSignal): Promise<boolean>;
}

export function createDeploymentComment(
  options: GitHubStatusOptions,
  { pullRequest, projectKey }: { pullRequest: number; projectKey: string },
  bestEffort: BestEffort,
  save: (change: Partial<GitHubStatusState>) => void,
): DeploymentComment {
  const { target, reporter, resumed, inputs } = options;
  const marker = renderMarker({ project: projectKey, environment: target.environment });
  const comment = createStickyComment(pullRequest, marker);
  let baseline = resumed?.baseline;
  const write = async (github: GitHub, isDeploying: boolean, completedAtMs?: number): Promise<true> => {
    const before = await comment.read(github);
    // Another runner may have written it, with another clock: all times in a comment are GitHub's.
    const { clock } = github;
    const toldAtMs = resumed === undefined ? clock.nowMs() : endedAtMs(resumed, clock);
    if (resumed !== undefined && (before.toldAtMs ?? 0) > toldAtMs) {
      reporter.info('A later run has written the comment: it stays as it is.');
      return true;
    }
    const record = recordOf(options, { isDeploying, lastSuccess: before.lastSuccess, baseline });
    const heldSinceMs = completedAtMs === undefined ? toldAtMs : clock.toGitHubMs(completedAtMs);
    const share =
      inputs.preview === 'shared' ? nextShare(options, record, before.share, { heldSinceMs, clock }) : undefined;
    const kept = { lastSuccess: nextSuccess(record, before.lastSuccess, toldAtMs), toldAtMs, share };
    // Before it is there: a `post` step must know it for this run's own.
    save({ toldAtMs });
    const written = await comment.write(github, renderDeployComment(record), kept);
    save({ commentId: written.id });
    reporter.info(isDeploying ? `Comment: ${written.url}` : 'Comment updated');
    reporter.commentWritten(written);
    if (!isDeploying) await comment.removeOthers(github, (line) => reporter.info(line));
    return true;
  };
  return {
    begin: async (github, signal) => {
      await bestEffort.attemptEarly(signal, () => write(github, true));
      if (bestEffort.isGivenUp) return;
      baseline = await findBaseline(github, signal, options);
      save({ baseline });
    },
    end: async (github, completedAtMs, signal) => {
      if (resumed?.isCommentClosed === true) return true;
      const isWritten = await bestEffort.attempt(signal, () => write(github, false, completedAtMs));
      return isWritten ?? bestEffort.isGivenUp;
    },
  };
}

/**
 * Of a run that a `post` step goes on for: as late as it is known to have been under way, or to have told anything. Ms
 * since 1970, by GitHub's clock.
 */
function endedAtMs({ startedAtMs, completedAtMs, end, toldAtMs = 0 }: GitHubStatusState, clock: GitHubClock): number {
  const known = [completedAtMs, startedAtMs === undefined ? undefined : startedAtMs + (end?.durationMs ?? 0)];
  return Math.max(toldAtMs, ...known.filter((ms) => ms !== undefined).map(clock.toGitHubMs));
}

/**
 * Looked for before this run can be a success itself. Without it the comment says less, and nothing wrong: no reason to
 * warn, but of a permission that nothing else of this run names.
 */
async function findBaseline(
  github: GitHub,
  signal: AbortSignal,
  { inputs, workingDirectory, reporter }: GitHubStatusOptions,
): Promise<GitHubStatusState['baseline']> {
  if (signal.aborted) return undefined;
  try {
    const found = await findProductionBaseline(github, workingDirectory);
    return found?.payload === undefined ? undefined : { sizeBytes: found.payload.bundleBytes, sha: found.sha };
  } catch (error) {
    if (signal.aborted && signal.reason?.name !== 'TimeoutError') return undefined;
    const text = `The bundle's size is not compared with production's. ${describeError(error)}`;
    const isMissingPermission = isForbidden(error) && !isTransient(error);
    if (isMissingPermission && !inputs.githubDeployment) reporter.warn(text);
    else reporter.info(text);
    return undefined;
  }
}

interface Extras {
  isDeploying: boolean;
  lastSuccess: LastSuccess | undefined;
  baseline: GitHubStatusState['baseline'];
}

function recordOf(options: GitHubStatusOptions, extras: Extras): CommentRecord {
  const { inputs, target, reporter, runUrl, resumed, commitUrlOf } = options;
  const known = reporter.snapshot();
  const { outcome, project, urls, commit, durationMs, bundle, deployments, failure, artifact } = known;
  const { isDeploying, lastSuccess, baseline } = extras;
  const given = {
    commit,
    durationMs: isDeploying ? undefined : durationMs,
    // A `post` step has no bundle of its own.
    bundle: bundle === undefined ? resumed?.bundle : sizeOf(bundle),
    baseline: baseline === undefined ? undefined : { ...baseline, commitUrl: commitUrlOf(baseline.sha) },
    failure,
    lastSuccess,
    runUrl,
    artifactUrl: artifact?.url ?? resumed?.artifactUrl,
    correlationId: known.networkUsed ? known.correlationId : undefined,
  };
  return {
    state: isDeploying ? 'deploying' : outcome,
    preview: inputs.preview,
    environment: target.environment,
    project,
    urls,
    deployments,
    updatedAt: new Date(),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<CommentRecord>),
  };
}

/** What the comment keeps for the next run: a success, until the next one. */
function nextSuccess(
  { state, commit, urls }: CommentRecord,
  before: LastSuccess | undefined,
  atMs: number,
): LastSuccess | undefined {
  if (state !== 'deployed' || commit === undefined) return before;
  if (before !== undefined && Date.parse(before.at) > atMs) return before;
  return { sha: commit.sha, url: urls[0], at: new Date(atMs).toISOString() };
}

/**
 * A failure takes the preview from nobody: what it shows is as it was. A comment's run claims the preview by its
 * deployment, too: while it was built, another pull request's may have ended, and taken the claim that the gate had kept.
 */
function nextShare(
  { event, reporter }: GitHubStatusOptions,
  { state }: CommentRecord,
  before: SharedPreviewShare = { holds: false, claimedAtMs: undefined },
  { heldSinceMs, clock }: { heldSinceMs: number; clock: GitHubClock },
): SharedPreviewShare {
  if (state !== 'deployed') return before;
  const startedAtMs = clock.toGitHubMs(reporter.snapshot().startedAt.getTime());
  const ownClaimMs = event.name === 'issue_comment' ? startedAtMs : undefined;
  return { holds: true, heldSinceMs, claimedAtMs: before.claimedAtMs ?? ownClaimMs };
}
