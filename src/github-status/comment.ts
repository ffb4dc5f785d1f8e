import type { LastSuccess, SharedPreviewShare } from '../domain/comment-marker.ts';
import { liveSince, PRODUCTION } from '../domain/github-deployment.ts';
import { describeError } from '../errors.ts';
import type { GitHubClock } from '../github/clock.ts';
import type { GitHub, KnownDeployment } from '../github/github.ts';
import { isForbidden, isTransient } from '../net/errors.ts';
import type { CommentRecord } from '../report/comment-record.ts';
import { renderDeployComment, renderDeployRow } from '../report/deploy-comment.ts';
import { liveOf } from '../report/deploy-record.ts';
import type { BestEffort } from './best-effort.ts';
import { readStates } from './github-deployments.ts';
import type { StatusParts } from './options.ts';
import { createProjectComment } from './project-comment.ts';
import { type GitHubStatusState, sizeOf } from './state.ts';

/** The comment on a pull request: written when a deployment begins, updated when it ends. Never throws. */
export interface DeploymentComment {
  begin(github: GitHub, signal: AbortSignal): Promise<void>;
  /** @returns whether nothing is left to do: it is written, or GitHub refuses it permanently */
  end(github: GitHub, completedAtMs: number | undefined, signal: AbortSignal): Promise<boolean>;
}

export function createDeploymentComment(
  options: StatusParts,
  { pullRequest, projectKey }: { pullRequest: number; projectKey: string },
  bestEffort: BestEffort,
  save: (change: Partial<GitHubStatusState>) => void,
): DeploymentComment {
  const { target, run, resumed, inputs } = options;
  const group = inputs.commentGroup;
  const footer = options.commentFooter ?? '';
  // The gate, which writes the same row of a shared preview, knows no store.
  const store = inputs.preview === 'shared' ? undefined : options.storeHash;
  const key = { project: projectKey, environment: target.environment, store };
  const comment = createProjectComment({ pullRequest, key, group, footer });
  let baseline = resumed?.baseline;
  const write = async (github: GitHub, isDeploying: boolean, completedAtMs?: number): Promise<true> => {
    const before = await comment.read(github);
    // Another runner, with another clock, may have written it: all times in a comment are GitHub's.
    const { clock } = github;
    const shownAtMs = resumed === undefined ? clock.nowMs() : endedAtMs(resumed, clock);
    if (resumed !== undefined && (before.shownAtMs ?? 0) > shownAtMs) {
      run.info('A later run has written the comment: it stays as it is.');
      return true;
    }
    const record = recordOf(options, { isDeploying, lastSuccess: before.lastSuccess, baseline });
    const heldSinceMs = completedAtMs === undefined ? shownAtMs : clock.toGitHubMs(completedAtMs);
    const share =
      inputs.preview === 'shared' ? nextShare(options, record, before.share, { heldSinceMs, clock }) : undefined;
    const memory = { lastSuccess: nextSuccess(record, before.lastSuccess, shownAtMs), shownAtMs, share };
    // Before the comment exists: a `post` step must recognise it as this run's own.
    save({ shownAtMs });
    const { text, shown } =
      group === undefined
        ? { text: renderDeployComment({ ...record, ...(footer && { footer }) }) }
        : renderDeployRow(record);
    const written = await comment.write(github, text, memory, shown);
    save({ commentId: written.id });
    run.info(isDeploying ? `Comment: ${written.url}` : 'Comment updated');
    run.emit({ type: 'comment-written', id: written.id, url: written.url });
    if (!isDeploying) await comment.removeOthers(github, (line) => run.info(line));
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
 * For a `post` step: the latest time at which the run is known to have been under way, or to have updated the comment.
 * Ms since 1970, by GitHub's clock.
 */
function endedAtMs({ startedAtMs, completedAtMs, end, shownAtMs = 0 }: GitHubStatusState, clock: GitHubClock): number {
  const known = [completedAtMs, startedAtMs === undefined ? undefined : startedAtMs + (end?.durationMs ?? 0)];
  // Durations have fractions of a millisecond; the times in comments are whole numbers.
  return Math.round(Math.max(shownAtMs, ...known.filter((ms) => ms !== undefined).map(clock.toGitHubMs)));
}

/**
 * Read before this run can be a success itself. Without it the comment says less, but nothing wrong: that is no reason to
 * warn, unless a permission is missing that nothing else in this run needs.
 */
async function findBaseline(
  github: GitHub,
  signal: AbortSignal,
  { inputs, workingDirectory, run }: StatusParts,
): Promise<GitHubStatusState['baseline']> {
  if (signal.aborted) return undefined;
  try {
    const found = await findProductionBaseline(github, workingDirectory);
    return found?.payload === undefined ? undefined : { sizeBytes: found.payload.bundleBytes, sha: found.sha };
  } catch (error) {
    if (signal.aborted && signal.reason?.name !== 'TimeoutError') return undefined;
    const text = `The bundle's size is not compared with production's. ${describeError(error)}`;
    const isMissingPermission = isForbidden(error) && !isTransient(error);
    if (isMissingPermission && !inputs.githubDeployment) run.warn(text, 'Comment not written');
    else run.info(text);
    return undefined;
  }
}

interface Extras {
  isDeploying: boolean;
  lastSuccess: LastSuccess | undefined;
  baseline: GitHubStatusState['baseline'];
}

function recordOf(options: StatusParts, extras: Extras): CommentRecord {
  const { inputs, target, known, runUrl, resumed, commitUrlOf } = options;
  const record = known();
  const { outcome, project, urls, commit, durationMs, bundle, deployments, failure, artifact } = record;
  const { isDeploying, lastSuccess, baseline } = extras;
  const { verification, rehearsal, restored } = record;
  const given = {
    ...(isDeploying ? {} : { live: liveOf(record), verification, rehearsal, restored }),
    buildId: bundle?.buildId ?? resumed?.verified?.buildId,
    commit,
    durationMs: isDeploying ? undefined : durationMs,
    // A `post` step has no bundle.
    bundle: bundle === undefined ? resumed?.bundle : sizeOf(bundle),
    baseline: baseline === undefined ? undefined : { ...baseline, commitUrl: commitUrlOf(baseline.sha) },
    failure,
    lastSuccess,
    runUrl,
    artifactUrl: artifact?.url ?? resumed?.artifactUrl,
    correlationId: record.networkUsed ? record.correlationId : undefined,
    supportBundle: record.supportBundle,
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

/** What the comment remembers for the next run: the last success. */
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
 * A failure leaves the preview to whoever has it, unless what was deployed is live, and broken. A run that a comment
 * started claims the preview by its deployment, too: while it was built, another pull request's run may have ended and
 * removed the claim that the gate had stored.
 */
function nextShare(
  { event, known }: StatusParts,
  { state, live }: CommentRecord,
  before: SharedPreviewShare = { holds: false, claimedAtMs: undefined },
  { heldSinceMs, clock }: { heldSinceMs: number; clock: GitHubClock },
): SharedPreviewShare {
  if (state === 'deploying' || live !== 'this') return before;
  const startedAtMs = clock.toGitHubMs(known().startedAt.getTime());
  const ownClaimMs = event.name === 'issue_comment' ? startedAtMs : undefined;
  return { holds: true, heldSinceMs, claimedAtMs: before.claimedAtMs ?? ownClaimMs };
}

/** How far back to look: in a repository whose deployments are another tool's, there is none to find. */
const MAX_SEARCHED = 300;

/**
 * The last deployment to production that was live, as far as is known, to compare a bundle with. If the repository has several
 * storefronts, the one that is built in the same folder.
 * @throws ActionError if GitHub refuses
 */
async function findProductionBaseline(github: GitHub, workingDirectory: string): Promise<KnownDeployment | undefined> {
  let searched = 0;
  for await (const deployment of github.listDeployments({ environment: PRODUCTION })) {
    const isRelated = deployment.payload?.workingDirectory === workingDirectory;
    if (isRelated && liveSince(await readStates(github, deployment.id)) !== undefined) return deployment;
    // Before the next page is requested.
    searched += 1;
    if (searched === MAX_SEARCHED) return undefined;
  }
  return undefined;
}
