/**
 * The hidden lines at the start of a comment on a pull request. The first one identifies the comment, the others store what
 * later runs need. HTML comments, which GitHub does not show. Pure.
 */

/** What a comment belongs to: one comment a project and environment. */
export interface CommentKey {
  /** As the user names it: its UUID or its name. */
  project: string;
  environment: string;
  /** The store's hash: for the rows of a comment that several projects share. Undefined where it is not known. */
  store?: string | undefined;
}

/** The last deployment of a pull request that succeeded. */
export interface LastSuccess {
  /** The full hash of its commit. */
  sha: string;
  /** The storefront's address then. */
  url?: string | undefined;
  /** ISO 8601. */
  at: string;
}

/** The share that a pull request has in a preview that several of them use. */
export interface SharedPreviewShare {
  /** The preview shows this pull request, as far as is known. */
  holds: boolean;
  /** When the platform had completed the deployment by which it holds the preview: ms since 1970. */
  heldSinceMs?: number | undefined;
  /** When it claimed the preview by command, if it has not lost it since: ms since 1970. */
  claimedAtMs: number | undefined;
}

/** What a comment remembers for later runs. */
export interface CommentMemory {
  lastSuccess: LastSuccess | undefined;
  /** Time of what it shows: ms since 1970. */
  shownAtMs: number | undefined;
  /** Undefined unless the preview is a shared one. */
  share?: SharedPreviewShare | undefined;
  /** Its author's login, as GitHub answered when it was created. */
  writtenBy?: string | undefined;
}

/** In place of the project of a shared preview, which the gate does not know. No project has this name. */
export const SHARED_PREVIEW = '*';

const SHOWN_AT = /^<!-- catalyst-deploy-action told-at (\d{1,15}) -->$/m;
const DATA = /^<!-- catalyst-deploy-action last-success (\S{1,4000}) -->$/m;
const SHARE =
  /^<!-- catalyst-deploy-action shared-preview (?:waits|(holds)(?: since (\d{1,15}))?)(?: claimed-at (\d{1,15}))? -->$/m;

const WRITTEN_BY = /^<!-- catalyst-deploy-action written-by ([\w-]{1,100}(?:\[bot\])?) -->$/m;

/** Longer than any honest name, and short enough to leave room for the comment. */
const MAX_KEY_CHARS = 500;
/** As many as `DATA` reads; a longer address is left out, since a part of one leads elsewhere. */
const MAX_DATA_CHARS = 4000;

/** The first line. No text of a user can end the HTML comment, since `>` is encoded. */
export function renderMarker({ project, environment }: CommentKey): string {
  // Environments are the same whatever their case, as on GitHub.
  const encoded = [project, environment.toLowerCase()].map(encodeKey);
  return `<!-- catalyst-deploy-action project=${encoded[0]} environment=${encoded[1]} -->`;
}

/** As much of a name as identifies it, without anything that could end an HTML comment. */
export function encodeKey(value: string): string {
  // Half a character, as a name may have it, can't be encoded.
  const encoded = encodeURIComponent(value.toWellFormed());
  return encoded.length <= MAX_KEY_CHARS ? encoded : `${encoded.slice(0, MAX_KEY_CHARS)}~${encoded.length}`;
}

/** A body that quotes a marker further down is not marked. */
export function hasMarker(body: string, marker: string): boolean {
  return body.startsWith(`${marker}\n`) || body.startsWith(`${marker}\r\n`) || body === marker;
}

/** The whole body of a comment. */
export function renderMarked(
  marker: string,
  { lastSuccess, shownAtMs, share, writtenBy }: CommentMemory,
  text: string,
): string {
  const shownAt = shownAtMs === undefined ? [] : [`<!-- catalyst-deploy-action told-at ${shownAtMs} -->`];
  const data =
    lastSuccess === undefined ? [] : [`<!-- catalyst-deploy-action last-success ${encodeData(lastSuccess)} -->`];
  const written = writtenBy === undefined ? '' : `<!-- catalyst-deploy-action written-by ${writtenBy} -->`;
  const author = WRITTEN_BY.test(written) ? [written] : [];
  const shared = share === undefined ? [] : [renderShare(share)];
  return [marker, ...shownAt, ...data, ...shared, ...author, '', text].join('\n');
}

function renderShare({ holds, heldSinceMs, claimedAtMs }: SharedPreviewShare): string {
  const since = heldSinceMs === undefined ? '' : ` since ${heldSinceMs}`;
  const claim = claimedAtMs === undefined ? '' : ` claimed-at ${claimedAtMs}`;
  return `<!-- catalyst-deploy-action shared-preview ${holds ? `holds${since}` : 'waits'}${claim} -->`;
}

/** The author that the body names. Anybody may write that: compare it with the actual author. */
export function readWrittenBy(body: string): string | undefined {
  return WRITTEN_BY.exec(body)?.[1];
}

/** Undefined if the body does not say. */
export function readShare(body: string): SharedPreviewShare | undefined {
  const found = SHARE.exec(body);
  if (found === null) return undefined;
  const [, holds, since, claim] = found;
  const toMs = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
  return { holds: holds !== undefined, heldSinceMs: toMs(since), claimedAtMs: toMs(claim) };
}

function encodeData(lastSuccess: LastSuccess): string {
  const encode = (value: LastSuccess) => encodeURIComponent(JSON.stringify(value).toWellFormed());
  const whole = encode(lastSuccess);
  return whole.length <= MAX_DATA_CHARS ? whole : encode({ ...lastSuccess, url: undefined });
}

/** The visible part of the body: everything after its hidden lines. */
export function readText(body: string): string {
  return body.replace(/^(?:<!-- catalyst-deploy-action [^\n]*-->\r?\n)*/, '').trim();
}

/** Time of what the body shows; undefined if it does not say. */
export function readShownAtMs(body: string): number | undefined {
  const found = SHOWN_AT.exec(body)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The last success that the body stores; undefined if there is none, or none that is valid. */
export function readLastSuccess(body: string): LastSuccess | undefined {
  try {
    const found: unknown = JSON.parse(decodeURIComponent(DATA.exec(body)?.[1] ?? ''));
    if (typeof found !== 'object' || found === null) return undefined;
    const { sha, url, at } = found as Record<string, unknown>;
    if (typeof sha !== 'string' || !/^[0-9a-f]{40,64}$/.test(sha)) return undefined;
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) return undefined;
    return { sha, at, url: typeof url === 'string' ? url : undefined };
  } catch {
    return undefined;
  }
}
