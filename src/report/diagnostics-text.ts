import { limitChars } from './format.ts';

/** Longer texts tell no more. */
const MAX_TEXT_CHARS = 4000;
/** Characters of a JSON Web Token (RFC 7519), of which none is shorter. */
const DOTTED = /[\w.-]{40,}/g;
/** How the Base64 of a JSON object begins. */
const JSON_START = 'eyJ';

/** Without JSON Web Tokens: storefronts and their shoppers have such, which no run knows. */
export function withoutTokens(text: string): string {
  return text.replace(DOTTED, (dotted) => {
    const parts = dotted.split('.');
    const at = parts.findIndex((part, index) => part.includes(JSON_START) && parts[index + 1]?.startsWith(JSON_START));
    return at === -1 ? dotted : [...parts.slice(0, at), '***'].join('.');
  });
}

/** A text that is cut where it is too long. */
export function limitedText(text: string): string {
  return text.length <= MAX_TEXT_CHARS ? text : `${limitChars(text, MAX_TEXT_CHARS)} (cut)`;
}

/**
 * Each as a line of JSON; where they are too many, those of the beginning and the end, and how many are between. No more
 * are made than are shown: of a flood, the rest would take seconds that a cancelled run does not have.
 */
export function limitedItems<T>(items: readonly T[], maxBytes: number, render: (item: T) => unknown): string[] {
  const first = linesWithin(items, maxBytes / 3, render);
  const rest = items.slice(first.lines.length).reverse();
  const last = linesWithin(rest, maxBytes - first.bytes - OMISSION_BYTES, render).lines.reverse();
  const omitted = rest.length - last.length;
  return [...first.lines, ...(omitted === 0 ? [] : [JSON.stringify({ omitted })]), ...last];
}

const OMISSION_BYTES = 40;

function linesWithin<T>(
  items: readonly T[],
  maxBytes: number,
  render: (item: T) => unknown,
): { lines: string[]; bytes: number } {
  const lines: string[] = [];
  let bytes = 0;
  for (const item of items) {
    const line = JSON.stringify(render(item));
    const lineBytes = Buffer.byteLength(line) + SEPARATOR_BYTES;
    if (bytes + lineBytes > maxBytes) break;
    bytes += lineBytes;
    lines.push(line);
  }
  return { lines, bytes };
}

/** `,` and a line feed. */
const SEPARATOR_BYTES = 2;

/** An object as JSON; where it is too large, with ever shorter lists. */
export function limitedObject(value: unknown, maxBytes: number): string {
  for (const maxItems of [1000, 100, 10]) {
    const text = `${JSON.stringify(value, (_, item: unknown) => shortened(item, maxItems), 1)}\n`;
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return `${JSON.stringify({ note: `It has more than ${maxBytes} bytes.` })}\n`;
}

function shortened(item: unknown, maxItems: number): unknown {
  if (!Array.isArray(item) || item.length <= maxItems) return item;
  return [...item.slice(0, maxItems), { omitted: item.length - maxItems }];
}
