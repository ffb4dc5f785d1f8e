import { type LastSuccess, renderMarker } from '../../domain/comment-marker.ts';
import type { GitHub } from '../../github/github.ts';
import type { BaselineRecord, CommentRecord } from '../../report/comment-record.ts';
import { renderDeployComment } from '../../report/deploy-comment.ts';
import type { AnnouncerOptions } from './options.ts';
import { findProductionBaseline } from './production-baseline.ts';
import type { AnnouncementState, BundleSize } from './state.ts';
import { createStickyComment } from './sticky-comment.ts';
import { describeError, type Surface, statusOf } from './surface.ts';

const FORBIDDEN = 403;

/** The comment on a pull request: written when a deployment begins, rewritten when it has ended. Never throws. */
export interface CommentAnnouncement {
  begin(github: GitHub, signal: AbortSignal): Promise<void>;
  /** @returns whether nothing is left to do: it is written, or refused for good */
  end(github: GitHub, signal: AbortSignal): Promise<boolean>;
}

/** What is asked at most once in a run. */
interface Findings {
  isBaselineSought: boolean;
  baseline: BaselineRecord | undefined;
}

export function createCommentAnnouncement(
  options: AnnouncerOptions,
  { pullRequest, projectKey }: { pullRequest: number; projectKey: string },
  surface: Surface,
  save: (change: Partial<AnnouncementState>) => void,
): CommentAnnouncement {
  const { target, reporter, resumed } = options;
  const marker = renderMarker({ project: projectKey, environment: target.environment });
  const info = reporter.info.bind(reporter);
  const comment = createStickyComment({ pullRequest, marker, knownId: resumed?.commentId, info });
  const findings: Findings = { isBaselineSought: false, baseline: undefined };
  const write = async (github: GitHub, signal: AbortSignal, isDeploying: boolean): Promise<boolean> => {
    const isWritten = await surface.attempt(signal, async () => {
      const before = await comment.lastSuccess(github);
      const record = recordOf(options, { isDeploying, lastSuccess: before, baseline: findings.baseline });
      const written = await comment.write(github, renderDeployComment(record), nextSuccess(record, before));
      save({ commentId: written.id, isCommentClosed: !isDeploying });
      reporter.info(isDeploying ? `Comment: ${written.url}` : 'Comment updated');
      reporter.commentWritten(written);
      return true;
    });
    return isWritten ?? surface.isGivenUp;
  };
  return {
    begin: async (github, signal) => void (await write(github, signal, true)),
    end: async (github, signal) => {
      if (resumed?.isCommentClosed === true) return true;
      await findBaseline(findings, github, signal, options);
      return await write(github, signal, false);
    },
  };
}

/**
 * Without it the comment says less, and nothing wrong: no reason to warn, but of a permission that nothing else of this
 * run names.
 */
async function findBaseline(
  findings: Findings,
  github: GitHub,
  signal: AbortSignal,
  options: AnnouncerOptions,
): Promise<void> {
  const { inputs, workingDirectory, reporter, commitUrlOf } = options;
  // A job that is cancelled has little time left.
  if (signal.aborted || reporter.snapshot().outcome === 'cancelled') return;
  if (findings.isBaselineSought || bundleSizeOf(options) === undefined) return;
  findings.isBaselineSought = true;
  try {
    const found = await findProductionBaseline(github, workingDirectory);
    if (found?.payload === undefined) return;
    const { sha, payload } = found;
    findings.baseline = { sizeBytes: payload.bundleBytes, sha, commitUrl: commitUrlOf(sha) };
  } catch (error) {
    if (signal.aborted) return;
    const text = `The bundle's size is not compared with production's. ${describeError(error)}`;
    if (statusOf(error) === FORBIDDEN && !inputs.githubDeployment) reporter.warn(text);
    else reporter.info(text);
  }
}

interface Extras {
  isDeploying: boolean;
  lastSuccess: LastSuccess | undefined;
  baseline: BaselineRecord | undefined;
}

/** Of this run's bundle; of that of the step that a `post` step goes on for. */
function bundleSizeOf({ reporter, resumed }: AnnouncerOptions): BundleSize | undefined {
  const { bundle } = reporter.snapshot();
  return bundle === undefined ? resumed?.bundle : { sizeBytes: bundle.sizeBytes, files: bundle.files.length };
}

function recordOf(options: AnnouncerOptions, extras: Extras): CommentRecord {
  const { target, reporter, runUrl } = options;
  const known = reporter.snapshot();
  const { outcome, project, urls, commit, durationMs, deployments, failure, artifact } = known;
  const { isDeploying, lastSuccess, baseline } = extras;
  const given = {
    commit,
    durationMs: isDeploying ? undefined : durationMs,
    bundle: bundleSizeOf(options),
    baseline,
    failure,
    lastSuccess,
    runUrl,
    artifactUrl: artifact?.url,
    correlationId: known.networkUsed ? known.correlationId : undefined,
  };
  return {
    state: isDeploying ? 'deploying' : outcome,
    environment: target.environment,
    project,
    urls,
    deployments,
    updatedAt: new Date(),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<CommentRecord>),
  };
}

/** What the comment keeps for the next run: a success, until the next one. */
function nextSuccess(record: CommentRecord, before: LastSuccess | undefined): LastSuccess | undefined {
  if (record.state !== 'deployed' || record.commit === undefined) return before;
  return { sha: record.commit.sha, url: record.urls[0], at: record.updatedAt.toISOString() };
}
