/** Parts that the step summary and the comment on a pull request share. */
import type { LastSuccess } from '../domain/comment-marker.ts';
import type { VerificationRecord } from '../domain/verification/checks.ts';
import type { DeploymentRecord } from './deploy-record.ts';
import { formatCount } from './format.ts';
import type { Help } from './help.ts';
import { limitedLink, limitLabel } from './limits.ts';
import { code, link, prose, text } from './markdown.ts';
import { fold } from './page.ts';
import type { CommitRecord, FailureRecord } from './run-record.ts';

const MAX_ADDRESSES = 5;
const MAX_DETAILS = 50;
/** So many stand open where there are more of them than that. */
const OPEN_DETAILS = 10;
const MAX_OPEN_DETAILS = 12;
const MAX_MESSAGE_CHARS = 6000;

/** What a run that deployed may fail at. It may have been set nevertheless, where no answer says so. */
export const LEFT_UNDONE = 'setting the site URL failed';

/** What the words on a deployment add where not all is well; '' where it is. */
export function deployedDoubt({
  verification,
  failure,
}: {
  verification?: Pick<VerificationRecord, 'state'> | undefined;
  failure?: unknown;
}): string {
  if (verification?.state === 'unhealthy') return ', but the storefront does not work';
  if (verification?.state === 'inconclusive') return '; whether it works is not known';
  return failure === undefined ? '' : `, but ${LEFT_UNDONE}`;
}

/** In place of an address: a success whose address is not known. */
export const NO_ADDRESS = 'The platform named no address: check the project in the control panel.';

/** The first few addresses as links, and a word on the others. */
export function addressLinks(
  urls: readonly string[],
  toLink: (url: string) => string = (url) => link(url, url),
): { links: string[]; more: string[] } {
  const rest = urls.length - MAX_ADDRESSES;
  return { links: urls.slice(0, MAX_ADDRESSES).map(toLink), more: rest > 0 ? [`and ${rest} more`] : [] };
}

/** Whether something has changed, what is wrong, and what to do. What only describes a request is in `requestFold`. */
export function failureSection(failure: FailureRecord | undefined): string | undefined {
  if (failure === undefined) return undefined;
  const { effect, fix, help } = failure;
  const more = help === undefined ? '' : helpLink(help);
  const advice = fix === undefined ? more : `**What to do:** ${prose(shorten(fix))}${more === '' ? '' : ` ${more}`}`;
  const parts = [effect === undefined ? '' : text(effect), isFolded(failure) ? '' : whatIsWrong(failure), advice];
  const shown = parts.filter((part) => part !== '');
  return shown.length === 0 ? undefined : shown.join('\n\n');
}

function whatIsWrong({ details, detailCount, message }: FailureRecord): string {
  if (details.length <= 1) return message === '' ? '' : prose(shorten(message));
  const listed = details.slice(0, MAX_DETAILS).map((detail) => `- ${prose(shorten(detail))}`);
  if (details.length > MAX_DETAILS)
    listed.push(`- and ${(detailCount ?? details.length) - MAX_DETAILS} more: see the job log`);
  // What to do comes after it, and belongs on the first screen.
  if (listed.length <= MAX_OPEN_DETAILS) return listed.join('\n');
  const rest = (detailCount ?? details.length) - OPEN_DETAILS;
  const open = listed.slice(0, OPEN_DETAILS).join('\n');
  return `${open}\n\n${fold(`${formatCount(rest)} more`, listed.slice(OPEN_DETAILS).join('\n'))}`;
}

function helpLink({ words, url }: Help): string {
  return url === undefined ? text(`${words}.`) : link(words, url);
}

/** The request that failed, for where the phases are not shown; undefined where the failure says all there is. */
export function requestFold(failure: FailureRecord | undefined): string | undefined {
  const request = requestOf(failure);
  return request === undefined ? undefined : fold('The request', request);
}

/** The same as a paragraph. */
export function requestOf(failure: FailureRecord | undefined): string | undefined {
  return failure !== undefined && isFolded(failure) ? prose(shorten(failure.message)) : undefined;
}

/** Without advice the message is all that a reader gets. */
function isFolded({ isRequest, message, fix }: FailureRecord): boolean {
  return isRequest === true && message !== '' && fix !== undefined;
}

export function shorten(message: string): string {
  return message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message;
}

export function deploymentsCell(deployments: readonly DeploymentRecord[]): string | undefined {
  if (deployments.length === 0) return undefined;
  return deployments
    .map(({ uuid, failure, isRollback }) => {
      const what = isRollback === true ? `${code(uuid)} (rollback)` : code(uuid);
      if (failure === undefined) return what;
      return `${what} failed, ${failure.code === undefined ? 'no code' : `code ${text(failure.code)}`}`;
    })
    .join('<br>');
}

export function commitCell(commit: CommitRecord): string {
  const sha = link(shortSha(commit.sha), commit.url);
  return commit.origin === undefined ? sha : `${sha} (${text(commit.origin)})`;
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** `2026-01-02 03:04:05 UTC` */
export function formatUtc(date: Date): string {
  return date.toISOString().replace('T', ' ').slice(0, 19).concat(' UTC');
}

/** What is known of an earlier deployment: that it succeeded, not that it is still there. */
export function lastSuccessLine(lastSuccess: LastSuccess | undefined): string | undefined {
  if (lastSuccess === undefined) return undefined;
  const { sha, url } = lastSuccess;
  const address = url === undefined ? '' : ` (${limitedLink('its address', url)} may show something else by now)`;
  const what = 'The last deployment of this pull request that succeeded was';
  return `${what} ${code(shortSha(sha))}, at ${successTime(lastSuccess)}${address}.`;
}

export function successTime({ at }: Pick<LastSuccess, 'at'>): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? text(limitLabel(at)) : formatUtc(time);
}
