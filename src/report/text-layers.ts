import { HIDDEN_CHARACTERS } from '../domain/hidden-characters.ts';
import { ESCAPE_READERS } from './escapes.ts';

/** A text with some of its escapes decoded, and where each unit of it is in the original. */
export interface Layer {
  text: string;
  /** Of each UTF-16 unit, and of the end; undefined where all are where they were. */
  places: Int32Array | undefined;
}

/** JSON in JSON, in the query of a URL: deeper nesting is not seen in what servers answer. */
const MAX_DEPTH = 3;

/** What is found in a text, and what takes its place: never longer; undefined, it stays. */
interface Rewriting {
  pattern: RegExp;
  read: (match: RegExpExecArray) => string | undefined;
}

const HIDDEN: Rewriting = { pattern: HIDDEN_CHARACTERS, read: () => '' };
/** Any white space but a single blank. */
const WHITE_SPACE: Rewriting = { pattern: /[^\S ]\s*| \s+/g, read: () => ' ' };
/** The end of a line of base64, as programs wrap it: at 60, 64 or 76 characters. Folded, it is a blank. */
const WRAPS: Rewriting = {
  pattern: / /g,
  read: ({ input, index }) => (LINE.test(input.slice(Math.max(0, index - 60), index)) ? '' : undefined),
};
const LINE = /^[A-Za-z0-9+/_-]{60}$/;
/** What is folded, or begins an escape. */
export const NOT_PLAIN = new RegExp(String.raw`[\\%&]|[^\S ]| {2}|${HIDDEN_CHARACTERS.source}`);

/**
 * The text itself, then with its escapes read, one notation after the other in every order, since each may be wrapped in
 * each. Without what nobody sees, and with white space folded, so that a secret is found however it was wrapped. Linear.
 * @param withPlus with `+` for a blank as well, as forms write it
 */
export function* foldedLayers(text: string, withPlus = false): Generator<Layer> {
  const known = new Set<string>();
  const open: [Layer, number][] = [[{ text, places: undefined }, 0]];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [layer, depth] = next;
    // Most orders give the same text.
    if (known.has(layer.text)) continue;
    known.add(layer.text);
    const folded = fold(layer);
    yield folded;
    const joined = rewrite(folded, WRAPS);
    if (joined !== folded) yield joined;
    // Its `%2B` are read afterwards, so that the depth ends it.
    if (withPlus && layer.text.includes('+')) open.push([{ ...layer, text: layer.text.replaceAll('+', ' ') }, depth]);
    if (depth === MAX_DEPTH) continue;
    for (const escapes of ESCAPE_READERS) {
      const read = rewrite(layer, escapes);
      if (read !== layer) open.push([read, depth + 1]);
    }
  }
}

/** Whether nothing of a text is folded or read as an escape, so that it is its only layer. Most texts are such. */
export function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

/** Where a unit of a layer is in the original. */
export function placeOf({ places }: Layer, unit: number): number {
  return places === undefined ? unit : (places[unit] ?? 0);
}

function fold(layer: Layer): Layer {
  return rewrite(rewrite(layer, HIDDEN), WHITE_SPACE);
}

/** The layer itself where nothing of it is rewritten. */
function rewrite(layer: Layer, { pattern, read }: Rewriting): Layer {
  const { text } = layer;
  let chunks = '';
  let places: Int32Array | undefined;
  let from = 0;
  let length = 0;
  const keepUntil = (end: number) => {
    chunks += text.slice(from, end);
    for (let unit = from; unit < end; unit += 1) (places as Int32Array)[length++] = placeOf(layer, unit);
  };
  // `matchAll` would compile the expression anew for each line of the log.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const replacement = read(match);
    if (replacement === undefined) continue;
    places ??= new Int32Array(text.length + 1);
    keepUntil(match.index);
    const place = placeOf(layer, match.index);
    for (let unit = 0; unit < replacement.length; unit += 1) places[length++] = place;
    chunks += replacement;
    from = match.index + match[0].length;
  }
  if (places === undefined) return layer;
  keepUntil(text.length);
  places[length] = placeOf(layer, text.length);
  return { text: chunks, places };
}
