/** Ways in which one character can be written. Foreign texts meet these patterns: each is linear. */
interface Escape {
  what: string;
  /** The character that it begins with. */
  start: '\\' | '%' | '&';
  /** Source of an expression for the rest, without groups that capture; upper and lower case are alike to it. */
  rest: string;
  /** What the match means, never longer than the match; undefined: it is no escape after all. */
  read: (match: string) => string | undefined;
}

/** Another notation is another row. Of several that fit, the first one counts. */
const ESCAPES: readonly Escape[] = [
  {
    what: 'JSON, JavaScript: \\u00e4',
    start: '\\',
    rest: String.raw`u[\da-f]{4}`,
    read: (match) => codePoint(match.slice(2), 16),
  },
  {
    what: 'JavaScript: \\u{e4}',
    start: '\\',
    rest: String.raw`u\{[\da-f]{1,6}\}`,
    read: (match) => codePoint(match.slice(3, -1), 16),
  },
  {
    what: 'JavaScript, Python, C: \\xe4',
    start: '\\',
    rest: String.raw`x[\da-f]{2}`,
    read: (match) => codePoint(match.slice(2), 16),
  },
  {
    // `\u` and `\x` without their digits were cut.
    what: 'JSON, shells: \\n \\" \\/ \\$',
    start: '\\',
    rest: '[^ux]',
    read: (match) => WHITE_SPACE.get(match) ?? match.slice(1),
  },
  {
    what: 'URLs, in UTF-8: %C3%A4',
    start: '%',
    rest: String.raw`[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[0-4](?:%[89ab][\da-f]){3}`,
    read: decodePercent,
  },
  {
    what: 'URLs, the old kind: %u00e4',
    start: '%',
    rest: String.raw`u[\da-f]{4}`,
    read: (match) => codePoint(match.slice(2), 16),
  },
  {
    what: 'HTML, XML: &#228;',
    start: '&',
    rest: String.raw`#\d{1,7};`,
    read: (match) => codePoint(match.slice(2, -1), 10),
  },
  {
    what: 'HTML, XML: &#xe4;',
    start: '&',
    rest: String.raw`#x[\da-f]{1,6};`,
    read: (match) => codePoint(match.slice(3, -1), 16),
  },
  {
    what: 'HTML: &auml;',
    start: '&',
    rest: String.raw`[a-z]{2,12}\d{0,2};`,
    read: (match) => namedCharacters().get(match.slice(1, -1)),
  },
];

/** Reads one kind of notation. */
export interface EscapeReader {
  /** One group for each row. */
  pattern: RegExp;
  /** What a match means; undefined where it is no escape. */
  read: (match: RegExpExecArray) => string | undefined;
}

/** Each kind by itself: what looks like another kind's may belong to the text that was escaped. */
export const ESCAPE_READERS: readonly EscapeReader[] = [createReader('\\'), createReader('&'), createReader('%')];

function createReader(start: Escape['start']): EscapeReader {
  const rows = ESCAPES.filter((row) => row.start === start);
  return {
    pattern: new RegExp(rows.map(({ rest }) => `(${RegExp.escape(start)}(?:${rest}))`).join('|'), 'gi'),
    read: (match) => rows[rows.findIndex((_, index) => match[index + 1] !== undefined)]?.read(match[0]),
  };
}

const WHITE_SPACE: ReadonlyMap<string, string> = new Map([
  ['\\n', '\n'],
  ['\\r', '\r'],
  ['\\t', '\t'],
  ['\\b', '\b'],
  ['\\f', '\f'],
]);

function codePoint(digits: string, base: number): string | undefined {
  const code = Number.parseInt(digits, base);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function decodePercent(match: string): string | undefined {
  try {
    return decodeURIComponent(match);
  } catch {
    return undefined; // An overlong form, or half of a surrogate pair.
  }
}

/** Of ASCII, by their code (HTML Living Standard, "Named character references"); some have several names. */
const ASCII_NAMES: readonly (readonly [code: number, ...names: string[]])[] = [
  [9, 'Tab'],
  [10, 'NewLine'],
  [33, 'excl'],
  [34, 'quot', 'QUOT'],
  [35, 'num'],
  [36, 'dollar'],
  [37, 'percnt'],
  [38, 'amp', 'AMP'],
  [39, 'apos'],
  [40, 'lpar'],
  [41, 'rpar'],
  [42, 'ast', 'midast'],
  [43, 'plus'],
  [44, 'comma'],
  [46, 'period'],
  [47, 'sol'],
  [58, 'colon'],
  [59, 'semi'],
  [60, 'lt', 'LT'],
  [61, 'equals'],
  [62, 'gt', 'GT'],
  [63, 'quest'],
  [64, 'commat'],
  [91, 'lsqb', 'lbrack'],
  [92, 'bsol'],
  [93, 'rsqb', 'rbrack'],
  [94, 'Hat'],
  [95, 'lowbar'],
  [96, 'grave'],
  [123, 'lcub', 'lbrace'],
  [124, 'vert', 'verbar', 'VerticalLine'],
  [125, 'rcub', 'rbrace'],
  [8211, 'ndash'],
  [8212, 'mdash'],
  [8216, 'lsquo'],
  [8217, 'rsquo'],
  [8220, 'ldquo'],
  [8221, 'rdquo'],
  [8226, 'bull'],
  [8230, 'hellip'],
  [8364, 'euro'],
  [8482, 'trade'],
];
/** Of Latin-1, from U+00A0 on. */
const LATIN_NAMES =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute ' +
  'Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute ' +
  'THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ' +
  'ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

let names: ReadonlyMap<string, string> | undefined;

/** Few texts have any: the table is made for the first that has. */
function namedCharacters(): ReadonlyMap<string, string> {
  names ??= new Map([
    ...ASCII_NAMES.flatMap(([code, ...given]) => given.map((name) => [name, String.fromCharCode(code)] as const)),
    ...LATIN_NAMES.split(' ').map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
  ]);
  return names;
}
