import { convert, csvAdvice, type ForeignFinding } from './foreign-advice.ts';
import { type ForeignFormat, formatOfItem, formatOfLine } from './foreign-formats.ts';

/** Lines examined: a format shows in its first ones. */
const MAX_LINES = 50;

/** Comments of the formats that have them. A `_redirects` may begin with the path `/*`. */
const COMMENT = /^(?:#|\/\/(?:[ \t]|$)|\/\*\*|\*(?:[ \t]|\/|$))/;

/** Content with the wrong file extension, recognised by how its first line begins. */
const MISNAMED: readonly { begins: RegExp; name: string; advice: string }[] = [
  {
    // A table of TOML begins with `[`, too.
    begins: /^(?:\{|\[[ \t]*(?:[[{"\]]|$))/,
    name: 'JSON',
    advice:
      'Give the file a name that ends in .json; `plan` and `sync` accept a list such as [{"from_path": "/old", "to": "/new"}].',
  },
  {
    begins: /^(?:---$|-[ \t]+(?:\{|[\w"']+[ \t]*:))/,
    name: 'YAML',
    advice:
      'Give the file a name that ends in .yaml; `plan` and `sync` accept a list of items such as {from_path: /old, to: /new}.',
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
      'Check whether an error page was saved instead of the file: `export` writes the redirects of a store as a CSV.',
  },
];

/**
 * What a supposed CSV really is, where its first lines show that it is not one: another system's text, or a list with
 * the wrong extension. The example shown is the first redirect without patterns.
 * @param start the beginning of the file, without a byte-order mark
 */
export function foreignText(start: string): ForeignFinding | undefined {
  let found: { format: ForeignFormat; line: number } | undefined;
  for (const [index, line] of start.split(/\r\n|\r|\n/, MAX_LINES).entries()) {
    const text = line.trim();
    if (text === '' || COMMENT.test(text)) continue;
    const match = formatOfLine(text);
    // The first line with content decides: the rows of a CSV with a header are not examined.
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
  // Also for JSON lines: their keys show which system they are from.
  const keys = [...text.matchAll(/"([\w ]{1,40})"[ \t]*:/g)].map(([, key = '']) => key);
  const format = found.name === 'JSON' ? formatOfItem(keys) : undefined;
  return { name: format?.name ?? found.name, line, advice: found.advice };
}
