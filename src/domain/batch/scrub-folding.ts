/** What makes texts that mean the same the same, however a service writes them. */

const ASCII = /^\p{ASCII}*$/u;
/** Accents, and what cannot be seen. */
const INVISIBLE = /[\p{M}\p{Cf}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  szlig: 'ß',
};

/** A text with what is escaped in it as in JSON, in a URL or in HTML. What is no such thing stays as it is. */
export function unescaped(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/(?:%[0-9a-f]{2})+/gi, fromUrl)
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, fromCodePoint)
    .replace(/&([a-z])(?:uml|acute|grave|circ|tilde|cedil|ring|caron|slash);/gi, '$1')
    .replace(/&([a-z]{2,6});/gi, (entity, name: string) => ENTITIES[name] ?? entity);
}

/** So that texts that are the same but for capitals, accents and the width of their letters are the same. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(INVISIBLE, '').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** @returns where in the text each character of the folded one comes from; behind its end, the end of the text */
export function foldWithPlaces(text: string): { folded: string; placeOf: (at: number) => number } {
  if (ASCII.test(text)) return { folded: fold(text), placeOf: (at) => at };
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const part = fold(character);
    for (let index = 0; index < part.length; index += 1) places.push(at);
    folded += part;
    at += character.length;
  }
  return { folded, placeOf: (index) => places[index] ?? text.length };
}

function fromUrl(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Not UTF-8.
    return '\ufffd';
  }
}

function fromCodePoint(entity: string, hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
