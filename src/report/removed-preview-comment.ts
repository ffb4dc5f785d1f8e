import type { LastSuccess } from './comment-record.ts';
import { limitedLink, limitLabel } from './limits.ts';
import { code, text } from './markdown.ts';
import { factsLine } from './page.ts';
import { formatUtc, shortSha, successTime } from './sections.ts';

/** What the comment on a pull request shows once its isolated preview is gone. Holds no secret values. */
export interface RemovedPreviewRecord {
  environment: string;
  /** Name of the project. */
  project: string;
  /** Undefined: it was gone before this run looked. */
  deletedAt: Date | undefined;
  /** The last deployment that succeeded, from the comment as it was before. */
  lastSuccess: LastSuccess | undefined;
  /** The workflow run: where its log is. */
  runUrl: string | undefined;
  updatedAt: Date;
}

const HEADING = '### 🧹 Preview deleted';

/**
 * The comment on a pull request, as GitHub-flavoured Markdown. No address of the preview is in it: it leads nowhere now,
 * and may lead to somebody else's storefront later. Pure.
 */
export function renderRemovedPreviewComment(record: RemovedPreviewRecord): string {
  const { environment, project, deletedAt, lastSuccess, runUrl, updatedAt } = record;
  const name = code(limitLabel(project));
  const sections = [
    `${HEADING} ·&nbsp;${text(limitLabel(environment))}`,
    deletedAt === undefined
      ? `The project of this preview, ${name}, is gone, and its address no longer shows it.`
      : `The project of this preview, ${name}, was deleted at ${formatUtc(deletedAt)}, since this pull request is closed. Its address no longer shows it.`,
    factsLine([
      lastSuccess && `Last commit ${code(shortSha(lastSuccess.sha))}, deployed ${successTime(lastSuccess)}`,
      runUrl === undefined ? undefined : limitedLink('Log of the run', runUrl),
      `<sub>Updated ${formatUtc(updatedAt)}</sub>`,
    ]),
  ];
  // Half a character, as a name may have it, is no text that GitHub takes.
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}

/** Whether a comment shows that already. Everything else that this action writes begins with another heading. */
export function isRemovedPreviewComment(body: string): boolean {
  return /^### .*$/m.exec(body)?.[0].startsWith(HEADING) === true;
}
