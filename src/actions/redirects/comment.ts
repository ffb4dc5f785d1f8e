import { type CommentMemory, renderMarker } from '../../domain/comment-marker.ts';
import type { Connect } from '../../github/github.ts';
import { CLOSING_WAIT_MS, createBestEffort } from '../../github-status/best-effort.ts';
import { createStickyComment } from '../../github-status/sticky-comment.ts';
import { renderRedirectsComment } from '../../report/redirects-comment.ts';
import type { RedirectsEvent, RedirectsRecord } from '../../report/redirects-record.ts';
import type { Sink } from '../../report/run-events.ts';
import type { RedirectsRun } from './dependencies.ts';

/** In place of an environment, so that no deployment's comment is mistaken for this one. */
const ENVIRONMENT = 'redirects';

export interface RedirectsCommentContext {
  pullRequest: number;
  /** What this comment is about: a pull request has one for each. */
  key: string;
  runUrl: string | undefined;
  pullRequestUrl?: string | undefined;
  connect: Connect;
  run: RedirectsRun;
  /** Aborted when there is no time left. */
  signal: AbortSignal;
}

/** Writes the comment of a run that has ended. Its failures are warnings, and never change the outcome. */
export function createRedirectsCommentSink(context: RedirectsCommentContext): Sink<RedirectsEvent, RedirectsRecord> {
  return {
    failing: failingOf(context),
    receive: (occurrence) => (occurrence.type === 'ended' ? writeComment(occurrence.record, context) : undefined),
  };
}

function failingOf({ pullRequest }: RedirectsCommentContext): string {
  return `The comment on pull request #${pullRequest} could not be written`;
}

/** Writes or updates the one comment about a site's redirects on a pull request. */
async function writeComment(record: RedirectsRecord, context: RedirectsCommentContext): Promise<void> {
  const { pullRequest, key, runUrl, pullRequestUrl, connect, run, signal } = context;
  const bestEffort = createBestEffort({ failing: `${failingOf(context)}.`, logger: run });
  const marker = renderMarker({ project: `redirects/${key}`, environment: ENVIRONMENT });
  const comment = createStickyComment(pullRequest, marker);
  await run.phase('Comment', async (phase) => {
    phase.result('not written');
    await bestEffort.attempt(signal, async () => {
      const github = await connect(signal, CLOSING_WAIT_MS);
      const before = await comment.read(github);
      // By GitHub's clock, which all runs share.
      const shownAtMs = github.clock.toGitHubMs(record.startedAt.getTime());
      if ((before.shownAtMs ?? 0) > shownAtMs) {
        phase.result('not written: a later run has written it already');
        return;
      }
      const text = renderRedirectsComment(record, { runUrl, pullRequestUrl, updatedAt: new Date() });
      const memory: CommentMemory = { lastSuccess: undefined, shownAtMs };
      const written = await comment.write(github, text, memory);
      run.emit({ type: 'comment-written', ...written });
      phase.result(written.url);
      await comment.removeOthers(github, (line) => run.info(line));
    });
  });
}
