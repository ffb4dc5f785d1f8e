import { convert, csvAdvice, type ForeignFinding } from './foreign-advice.ts';
import { type ForeignFormat, formatOfItem, formatOfLine } from './foreign-formats.ts';

/** So many lines are looked at: a format shows itself in its first ones. */
const MAX_LINES = 50;

/** Comments of the formats that have them. A `_redirects` may begin with the path `/*`. */
const COMMENT = /^(?:#|\/\/(?:[ \t]|$)|\/\*\*|\*(?:[ \t]|\/|$))/;

/** Content that belongs under another name. It is known by how its first line begins. */
const MISNAMED: readonly { begins: RegExp; name: string; advice: string }[] = [
  {
    // A table of TOML begins with `[`, too.
    begins: /^(?:\{|\[[ \t]*(?:[[{"\]]|$))/,
    name: 'JSON',
    advice:
      'Give the file a name that ends in .json; `plan` and `sync` take a list such as [{"from_path": "/old", "to": "/new"}].',
  },
  {
    begins: /^(?:---$|-[ \t]+(?:\{|[\w"']+[ \t]*:))/,
    name: 'YAML',
    advice:
      'Give the file a name that ends in .yaml; `plan` and `sync` take a list of items such as {from_path: /old, to: /new}.',
  },
  {
    begins: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    name: 'a Git LFS pointer',
    advice: 'The file itself was not checked out: give actions/checkout `lfs: true`.',
  },
  {
    begins: /^<(?:!doctype|html|\?xml|[a-z][\w:-]*[\s>])/i,
    name: 'HTML or XML',
    advice:
      'See whether a page of an error was saved in the place of the file: `export` writes the redirects of a store as a CSV.',
  },
];

/**
 * What a file that should be a CSV is, where its first lines show that it is none: the text of another system, or a list
 * under a name that is not a list's. A redirect that has patterns in it is passed over for one that can be shown.
 * @param start the beginning of the file, without a byte-order mark
 */
export function foreignText(start: string): ForeignFinding | undefined {
  let found: { format: ForeignFormat; line: number } | undefined;
  for (const [index, line] of start.split(/\r\n|\r|\n/, MAX_LINES).entries()) {
    const text = line.trim();
    if (text === '' || COMMENT.test(text)) continue;
    const match = formatOfLine(text);
    // The first line that says something decides: no line of a CSV with a header is looked at.
    if (match === undefined && found === undefined) return misnamed(text, index + 1);
    if (match === undefined || (found !== undefined && match.format.name !== found.format.name)) continue;
    found ??= { format: match.format, line: index + 1 };
    const { from, to } = match;
    const cells = from === undefined || to === undefined ? undefined : convert(match.format, { from, to });
    if (cells !== undefined) return finding(found, { cells, line: index + 1 });
  }
  return found && finding(found);
}

function finding(
  { format, line }: { format: ForeignFormat; line: number },
  example?: { cells: string[]; line: number },
): ForeignFinding {
  return { name: format.name, line, advice: csvAdvice(format, example) };
}

function misnamed(text: string, line: number): ForeignFinding | undefined {
  const found = MISNAMED.find(({ begins }) => begins.test(text));
  if (found === undefined) return undefined;
  // Lists in lines of JSON, too: their keys say whose they are.
  const keys = [...text.matchAll(/"([\w ]{1,40})"[ \t]*:/g)].map(([, key = '']) => key);
  const format = found.name === 'JSON' ? formatOfItem(keys) : undefined;
  return { name: format?.name ?? found.name, line, advice: found.advice };
}
