/** Bodies that the addressed server did not send: a firewall's page, or one that a proxy has compressed unasked. */

/** How much of a body's start is looked at. */
const LOOKED_AT_CHARS = 4096;
const MAX_TITLE_CHARS = 100;
const GZIP_DATA = 'gzip data';
const GZIP = '\u001f\u008b';
/** Its second byte is not valid UTF-8. */
const GZIP_AS_UTF8 = '\u001f\ufffd';
/** With fewer bytes, a start may still become either. */
const DECISIVE_BYTES = 16;

/**
 * What it is, in words: `an HTML page ("Access denied")`; undefined where it is nothing of that kind.
 * @param cleanTitle what may be shown of the page's own words
 */
export function foreignBodyOf(
  body: string | Uint8Array,
  cleanTitle: (title: string) => string = (title) => title,
): string | undefined {
  const start = typeof body === 'string' ? body.slice(0, LOOKED_AT_CHARS) : textOf(body.subarray(0, LOOKED_AT_CHARS));
  if (start.startsWith(GZIP) || start.startsWith(GZIP_AS_UTF8)) return GZIP_DATA;
  if (!/^[\s\ufeff]*<(?:!doctype\s+html|html|head|body|!--)/i.test(start)) return undefined;
  const [, text = '', end] = /<title[^<>]{0,100}>([^<]{1,1000})(<\/title)?/i.exec(start) ?? [];
  const title = text.replace(/\s+/g, ' ').trim();
  if (title === '') return 'an HTML page';
  // The redactor finds the beginning of a secret only in a text that is marked as cut.
  const cut = end !== undefined && title.length <= MAX_TITLE_CHARS ? '' : '…';
  return `an HTML page ("${cleanTitle(`${title.slice(0, MAX_TITLE_CHARS)}${cut}`)}")`;
}

/** Whether it is a page for people. */
export function isPage(foreign: string): boolean {
  return foreign !== GZIP_DATA;
}

/** `an HTML page where JSON belongs: a firewall …`, the end of a sentence. */
export function foreignWords(what: string, expected: string): string {
  return `${what} where ${expected} belong${expected.endsWith('s') ? '' : 's'}: a firewall or proxy most likely answered instead of the server`;
}

/**
 * The chunks of a body as they arrive; only the first few bytes are held back until they show what it is.
 * @param refuse makes the error to throw from what the body is instead
 */
export async function* refuseForeignBody(
  body: AsyncIterable<Uint8Array>,
  refuse: (what: string) => Error | undefined,
): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of body) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
    const what = foreignBodyOf(start);
    const error = what === undefined ? undefined : refuse(what);
    if (error !== undefined) throw error;
    if (what === undefined && start.length < DECISIVE_BYTES && mayBecomeForeign(textOf(start))) continue;
    yield start;
    start = undefined;
  }
  if (start !== undefined && start.length > 0) yield start;
}

function mayBecomeForeign(start: string): boolean {
  return start === GZIP.charAt(0) || /^\s*(?:<|$)/.test(start);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '');
}
