import { basename } from 'node:path';
import { cellsOf, REDIRECT_COLUMNS } from '../../domain/redirects/redirect.ts';
import { parseRow } from '../../domain/redirects/row.ts';
import { FileError } from '../../errors.ts';
import { renderCsv } from './csv-file.ts';
import { type ForeignFormat, nameOf } from './foreign-formats.ts';

const HEADER = REDIRECT_COLUMNS.join(',');
/** The storefront's host in examples. */
export const EXAMPLE_HOST = 'www.example.com';

/** A redirect of another system, as far as its row says. */
export interface ForeignRedirect {
  from: string;
  to: string;
  /** Of BigCommerce's own CSV without a domain. */
  type?: string;
  id?: string;
}

/** A file in another system's format: which, on which line it shows, and what to do. */
export interface ForeignFinding {
  name: string;
  line: number;
  advice: string;
}

/** @returns the error to show: its headline says what the file is not, and the annotation at the line what it is */
export function foreignFile(path: string, { name, line, advice }: ForeignFinding): FileError {
  return new FileError(path, [{ line, message: `This is the format of ${name}.` }], {
    message: `${basename(path)} is not in BigCommerce's format.`,
    topic: 'redirects-file-not-usable',
    title: 'Format of another system',
    fix: `${advice}`,
  });
}

/** The redirect in a row of a CSV with this header; undefined where BigCommerce has no equivalent. */
export function redirectOfRow(
  format: ForeignFormat,
  header: readonly string[],
  cells: readonly string[],
): ForeignRedirect | undefined {
  const names = header.map(nameOf);
  const cell = (name: string) => cells[names.indexOf(nameOf(name))]?.trim() ?? '';
  const { only } = format;
  if (only !== undefined && names.includes(nameOf(only.column)) && !only.values.includes(cell(only.column)))
    return undefined;
  const [type, id] = [cell('Dynamic Target Type'), cell('Dynamic Target ID')];
  return { from: cell(format.from), to: cell(format.to), ...(type === '' ? {} : { type, id }) };
}

/** The cells of a redirect in BigCommerce's CSV. Undefined where it cannot be converted: a pattern, or no path. */
export function convert(
  format: ForeignFormat,
  { from, to, type = '', id = '' }: ForeignRedirect,
): string[] | undefined {
  if (format.hasPatterns === true && (isPattern(from) || isPattern(to))) return undefined;
  const { host, path } = splitPlace(from, format);
  const target = type === '' ? withSlash(to, format) : '';
  const row = parseRow([host ?? EXAMPLE_HOST, withSlash(path, format), target, type, id], 1);
  return Array.isArray(row) ? undefined : cellsOf(row.domain, row);
}

function isPattern(text: string): boolean {
  return /[*^$()]|\/:[a-z]/i.test(text);
}

const SCHEME = /^https?:\/\//i;

/** Splits a URL, whose scheme may be left out, into its host and the rest of it. */
function splitPlace(text: string, { isWithoutSlash }: ForeignFormat): { host: string | undefined; path: string } {
  const bare = text.replace(SCHEME, '');
  const end = bare.search(/[/?#]/);
  const host = end === -1 ? bare : bare.slice(0, end);
  const hasHost = SCHEME.test(text) || (isWithoutSlash !== true && end !== -1 && host.includes('.'));
  return hasHost ? { host, path: bare.slice(host.length) || '/' } : { host: undefined, path: text };
}

function withSlash(text: string, { isWithoutSlash }: ForeignFormat): string {
  // Without a target it is not a redirect: a page that is gone (410), say.
  return isWithoutSlash === true && text !== '' && !text.startsWith('/') && !SCHEME.test(text) ? `/${text}` : text;
}

/** What to do with a CSV or a text. @param example a redirect of the file, converted */
export function csvAdvice(format: ForeignFormat, example: { cells: string[]; line: number } | undefined): string {
  const { from, to, known } = format;
  const [oldPath, target] = known.kind === 'csv' ? [`\`${from}\``, `\`${to}\``] : [from, to];
  const row = renderCsv([example?.cells ?? [EXAMPLE_HOST, '/old', '/new', '', '']]).trimEnd();
  return [
    `Write a CSV with the first line \`${HEADER}\` and a row for each redirect: ${oldPath} goes into Old Path, ${target} into Manual URL/Path, and Domain is the host of your storefront.`,
    `${example === undefined ? 'A row looks like this' : `Line ${example.line} becomes`}: \`${row}\`.`,
    ...sharedAdvice(format),
    'For `plan` and `sync`, a list in JSON or YAML works as well, without a domain: [{"from_path": "/old", "to": "/new"}].',
  ].join(' ');
}

/** What to do with a list. @param cells a redirect of the list, converted */
export function listAdvice(format: ForeignFormat, cells: readonly string[] | undefined): string {
  const [, from = '/old', to = '/new'] = cells ?? [];
  return [
    `Make it a list whose items have only these keys: \`${format.from}\` becomes \`from_path\`, and \`${format.to}\` becomes \`to\`.`,
    `${cells === undefined ? 'An item looks like this' : 'One of them becomes'}: \`[${JSON.stringify({ from_path: from, to })}]\`.`,
    ...sharedAdvice(format),
  ].join(' ');
}

function sharedAdvice({ only, isWithoutSlash, hasPatterns }: ForeignFormat): string[] {
  return [
    ...(only === undefined ? [] : [`Take only the rows whose \`${only.column}\` is ${only.values.join(' or ')}.`]),
    ...(isWithoutSlash === true ? ['Add a "/" in front of paths that lack it.'] : []),
    ...(hasPatterns === true
      ? ['Leave out patterns (*, :name, regular expressions): BigCommerce does not support them.']
      : []),
  ];
}
