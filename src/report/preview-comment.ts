import type { LastSuccess } from '../domain/comment-marker.ts';
import { limitedLink, limitLabel } from './limits.ts';
import { code, text } from './markdown.ts';
import { commitCell, lastSuccessLine, shortSha, successTime } from './sections.ts';

/**
 * What the gate writes into a pull request's comment about the shared preview. What it says of a push has
 * no time of its own and no run's address, so that a comment that says the same already can be left alone. Pure.
 */

interface Known {
  environment: string;
  /** The commit that the gate decided on. */
  commit: { sha: string; url: string };
  /** The preview shows this pull request, as far as is known. */
  holds: boolean;
  lastSuccess: LastSuccess | undefined;
}

export interface HeldBackRecord extends Known {
  /** Number of the newest open pull request; undefined where the policy is `command`. */
  newest: number | undefined;
  commandPhrase: string;
}

/** For a pull request whose push was not deployed: why, and how it gets the preview. */
export function renderHeldBackComment(record: HeldBackRecord): string {
  const { environment, commit, newest, commandPhrase } = record;
  const why =
    newest === undefined
      ? 'pull requests deploy to the shared preview by command alone.'
      : `the shared preview goes to the newest open pull request, ${text(`#${newest}`)}.`;
  return join([
    `### ⏭️ Not deployed to ${text(limitLabel(environment))}`,
    `${commitCell(commit)} was not deployed: ${why}`,
    `**What to do:** to deploy it here, comment ${code(commandPhrase)}. Only people with write access to this repository can give the command.`,
    heldLine(record),
  ]);
}

export interface ClaimRecord extends Known {
  /** Who gave the command. */
  login: string;
  runUrl: string | undefined;
}

/** For a pull request that was given the preview by command. It stays true if the run fails. */
export function renderClaimComment(record: ClaimRecord): string {
  const { environment, commit, login, runUrl } = record;
  const run = runUrl === undefined ? 'The run of that comment' : limitedLink('The run of that comment', runUrl);
  return join([
    `### 📌 Claimed: ${text(limitLabel(environment))}`,
    `${text(limitLabel(login))} claimed the shared preview for this pull request with a comment. ${run} is to deploy ${commitCell(commit)}, and shows the result.`,
    'Later pushes to this pull request deploy, too, until another pull request takes the preview.',
    heldLine(record),
  ]);
}

/** A preview that shows an earlier commit must not look as if it showed nothing, or this one. */
function heldLine({ holds, lastSuccess }: Known): string | undefined {
  if (!holds) return lastSuccessLine(lastSuccess);
  if (lastSuccess === undefined) return 'As far as is known, the preview shows an earlier commit of this pull request.';
  const { sha, url } = lastSuccess;
  const address = url === undefined ? '' : ` (${limitedLink('its address', url)})`;
  return `As far as is known, the preview shows ${code(shortSha(sha))} of this pull request, deployed at ${successTime(lastSuccess)}${address}.`;
}

function join(sections: readonly (string | undefined)[]): string {
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`.toWellFormed();
}
