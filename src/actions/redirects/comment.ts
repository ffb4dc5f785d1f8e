import { type CommentMemory, renderMarker } from '../../domain/comment-marker.ts';
import type { Connect } from '../../github/github.ts';
import { CLOSING_WAIT_MS, createBestEffort } from '../../github-status/best-effort.ts';
import { createStickyComment } from '../../github-status/sticky-comment.ts';
import { renderRedirectsComment } from '../../report/redirects-comment.ts';
import type { RedirectsReporter } from '../../report/redirects-record.ts';

/** Stands in the place of an environment, so that no deployment's comment is taken for this one. */
const ENVIRONMENT = 'redirects';

export interface RedirectsCommentContext {
  pullRequest: number;
  storeHash: string;
  siteId: number;
  runUrl: string | undefined;
  connect: Connect;
  reporter: RedirectsReporter;
}

/**
 * Keeps the one comment about a site's redirects on a pull request. For a run that has ended: it tells how. Throws
 * nothing, and never decides how the run ends.
 * @param signal aborted when there is no time left
 */
export async function writeRedirectsComment(context: RedirectsCommentContext, signal: AbortSignal): Promise<void> {
  const { pullRequest, storeHash, siteId, runUrl, connect, reporter } = context;
  const failing = `The comment on pull request #${pullRequest} could not be written.`;
  const bestEffort = createBestEffort({ failing, logger: reporter });
  const marker = renderMarker({ project: `redirects/${storeHash}/${siteId}`, environment: ENVIRONMENT });
  const comment = createStickyComment(pullRequest, marker);
  await reporter.phase('Comment', async (phase) => {
    phase.result('not written');
    await bestEffort.attempt(signal, async () => {
      const github = await connect(signal, CLOSING_WAIT_MS);
      const record = reporter.snapshot();
      const before = await comment.read(github);
      // Of all runs alike: by GitHub's clock.
      const shownAtMs = github.clock.toGitHubMs(record.startedAt.getTime());
      if ((before.shownAtMs ?? 0) > shownAtMs) {
        phase.result('a later run has written it: it stays as it is');
        return;
      }
      const text = renderRedirectsComment(record, { runUrl, updatedAt: new Date() });
      const kept: CommentMemory = { lastSuccess: undefined, shownAtMs };
      const written = await comment.write(github, text, kept);
      reporter.commentWritten(written);
      phase.result(written.url);
      await comment.removeOthers(github, (line) => reporter.info(line));
    });
  });
}
