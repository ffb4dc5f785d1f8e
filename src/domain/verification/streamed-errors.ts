/**
 * Errors that a page carries though its status is 200: a part of it failed to render after the head was sent, and the
 * browser shows "There was a server error!" in its place. Pure. docs/api.md, "What a failed page sends".
 */
import { joinPieces, readPush, readRows } from './flight.ts';
import { type HtmlTag, readTags } from './html-tags.ts';

/**
 * What Next.js gives an error: a hash, with `@E` and a number behind it if Next.js itself threw. Words, such as
 * `NEXT_REDIRECT;…` or `BAILOUT_TO_CLIENT_SIDE_RENDERING`, are no errors.
 */
const ERROR_DIGEST = /^(\d+)(?:@E\d+)?$/;
/** React's call, a statement, for a part that failed after its place was sent; its definition of the function is none. */
const FAILED_PART = /(?:^|[;}\s])\$RX\("[^"\\]*","([^"\\]*)"/g;
/** Absent, or JavaScript; some proxies prefix the type to run scripts later. */
const SCRIPT_TYPE = /^$|javascript$|^module$/i;

/**
 * How many parts of a page failed to render, by what React leaves in it: `data-dgst` on a template, a call of `$RX`, and
 * rows of errors in the inlined payload. An error is often there twice, as a place in the page and as a row: it counts
 * once. Takes linear time, and any text.
 */
export function countStreamedErrors(html: string): number {
  const places = new Map<string, number>();
  const rows = new Map<string, number>();
  const pieces: (string | Uint8Array)[] = [];
  for (const tag of readTags(html)) {
    if (tag.name === 'template') count(places, tag.attributes.get('data-dgst'));
    if (!isInlineScript(tag)) continue;
    const piece = readPush(tag.text.trimStart());
    if (piece !== undefined) pieces.push(piece);
    else for (const [, digest] of tag.text.matchAll(FAILED_PART)) count(places, digest);
  }
  for (const { tag, content } of readRows(joinPieces(pieces))) if (tag === 'E') count(rows, digestOf(content));
  const digests = new Set([...places.keys(), ...rows.keys()]);
  return [...digests].reduce((sum, digest) => sum + Math.max(places.get(digest) ?? 0, rows.get(digest) ?? 0), 0);
}

/** The page without the inlined payload, which also has what is not shown, such as the text of the 404 page. */
export function withoutPayload(html: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const tag of readTags(html)) {
    if (!isInlineScript(tag) || readPush(tag.text.trimStart()) === undefined) continue;
    kept.push(html.slice(from, tag.start));
    from = tag.end;
  }
  return [...kept, html.slice(from)].join('');
}

function isInlineScript({ name, attributes }: HtmlTag): boolean {
  return name === 'script' && !attributes.has('src') && SCRIPT_TYPE.test((attributes.get('type') ?? '').trim());
}

function count(counts: Map<string, number>, digest: string | undefined): void {
  const hash = ERROR_DIGEST.exec(digest ?? '')?.[1];
  if (hash !== undefined) counts.set(hash, (counts.get(hash) ?? 0) + 1);
}

function digestOf(content: Uint8Array): string | undefined {
  try {
    const row: unknown = JSON.parse(new TextDecoder().decode(content));
    if (typeof row !== 'object' || row === null || !('digest' in row)) return;
    return typeof row.digest === 'string' ? row.digest : undefined;
  } catch {
    return;
  }
}
