import { type Kept, renderMarker } from '../../domain/comment-marker.ts';
import type { Connect } from '../../github/github.ts';
import { CLOSING_WAIT_MS, createBestEffort } from '../../github-status/best-effort.ts';
import { createStickyComment } from '../../github-status/sticky-comment.ts';
import { renderRedirectsComment } from '../../report/redirects-comment.ts';
import type { RedirectsReporter } from '../../report/redirects-record.ts';

/** In place of an environment, so that no deployment's comment is mistaken for this one. */
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
 * Writes or updates the one comment about a site's redirects on a pull request, for a run that has ended. Never throws,
 * and never changes the outcome.
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
      // By GitHub's clock, which all runs share.
      const toldAtMs = github.clock.toGitHubMs(record.startedAt.getTime());
      if ((before.toldAtMs ?? 0) > toldAtMs) {
        phase.result('not written: a later run has written it already');
        return;
      }
      const text = renderRedirectsComment(record, { runUrl, updatedAt: new Date() });
      const kept: Kept = { lastSuccess: undefined, toldAtMs };
      const written = await comment.write(github, text, kept);
      reporter.commentWritten(written);
      phase.result(written.url);
      await comment.removeOthers(github, (line) => reporter.info(line));
    });
  });
}
