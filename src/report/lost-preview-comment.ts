import type { LastSuccess } from '../domain/comment-marker.ts';
import { code, link, text } from './markdown.ts';
import { shortSha, successTime } from './sections.ts';

/** The comment on a pull request that does not have the shared preview, since another one does. */
export interface LostPreviewRecord {
  environment: string;
  /** The pull request that the preview shows now. */
  holder: { number: number; url: string };
  /** This one was shown before. */
  hadIt: boolean;
  /** A closed one cannot get it. */
  isOpen: boolean;
  /** The comment that claims the preview; undefined where there is no such command. */
  commandPhrase: string | undefined;
  lastSuccess: LastSuccess | undefined;
}

/** The comment as GitHub-flavoured Markdown, the same for the same record. Pure. */
export function renderLostPreviewComment(record: LostPreviewRecord): string {
  const { environment, holder, hadIt, isOpen, commandPhrase, lastSuccess } = record;
  const taker = link(`#${holder.number}`, holder.url);
  const back = hadIt ? 'To get it back' : 'To get it for this pull request';
  const how =
    commandPhrase === undefined ? 'run its deployment again, or push to it' : `comment ${code(commandPhrase)}`;
  const sections = [
    `### ${hadIt ? '🔁 Preview taken over' : '⏸️ Not in the preview'} ·&nbsp;${text(environment)}`,
    `The shared preview shows ${taker}${hadIt ? ' now, and no longer this pull request' : ', and not this pull request'}.`,
    isOpen ? `**What to do:** ${back}, ${how}.` : undefined,
    lastSuccess === undefined ? undefined : lastLine(lastSuccess),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

/** Without its address, which shows something else now. */
function lastLine(lastSuccess: LastSuccess): string {
  return `<sub>What it showed of this pull request last was ${code(shortSha(lastSuccess.sha))}, deployed at ${successTime(lastSuccess)}.</sub>`;
}
