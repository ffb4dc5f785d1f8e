const MAX_ROUNDS = 3;
const PERCENT = /(?:%[\dA-Fa-f]{2})+/g;
const JSON_ESCAPE = /\\+u([\dA-Fa-f]{4})/g;
const JSON_SPACE = /\\+[nrt](?![\p{L}\p{N}_])/gu;
const HTML_NUMBER = /&#(?:x([\dA-Fa-f]{1,6})|(\d{1,7}));?/gi;
const HTML_ACCENT = /&([A-Za-z])(grave|acute|circ|tilde|uml|ring|cedil|caron|slash);/g;
const HTML_NAME = /&(amp|lt|gt|quot|apos|nbsp|szlig);/g;

const ACCENTS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  cedil: '\u0327',
  caron: '\u030c',
};
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  szlig: 'ß',
};

/**
 * A text as it was before somebody escaped it for a URL, for JSON or for HTML, or one after another for several: who
 * looks for a value in it finds that value only then. For looking and showing, not for reading a format: what is no
 * escape stays.
 */
export function decodeEscapes(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = decoded;
    decoded = decodeOnce(before);
    if (decoded === before) break;
  }
  return decoded;
}

function decodeOnce(text: string): string {
  return text
    .replace(PERCENT, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'))
    .replace(JSON_ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(JSON_SPACE, ' ')
    .replace(HTML_NUMBER, (entity, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    })
    .replace(HTML_ACCENT, (_, letter: string, accent: string) => `${letter}${ACCENTS[accent] ?? ''}`)
    .replace(HTML_NAME, (entity, name: string) => NAMED[name] ?? entity);
}
