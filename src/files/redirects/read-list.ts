import { isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import type { RowProblem } from '../../domain/row-problems.ts';
import { RowProblems } from '../../domain/row-problems.ts';
import { FileError } from '../../errors.ts';
import { parseListItem } from './list-item.ts';
import type { RedirectFile } from './redirect-file.ts';

/**
 * The rows of a list in JSON or YAML: an array of `{from_path, to, domain?, site_id?}` in the words of the REST API
 * (API document, section 2), where `to` is a path, a URL, `{type: "url", url}` or `{type: "product", entity_id}`.
 * JSON is held to its own grammar, and then read as the YAML that it is too, for the lines.
 * @throws FileError for a text that is no such list
 */
export function parseList(
  text: string,
  path: string,
  format: 'json' | 'yaml',
  siteId: number | undefined,
): Pick<RedirectFile, 'rows' | 'problems' | 'problemCount'> {
  const bare = text.replace(/^\ufeff/, '');
  const syntax = format === 'json' ? jsonProblem(bare) : undefined;
  if (syntax !== undefined) throw notAList(path, format, [syntax]);
  const lines = new LineCounter();
  // `logLevel`: warnings would go to the console; and with 'silent', nobody would be told of a second document.
  const document = parseDocument(bare, { lineCounter: lines, prettyErrors: false, version: '1.2', logLevel: 'error' });
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
    throw notAList(path, format, [{ line: 1, message: 'It is nested too deeply.' }]);
  }
  const errors = document.errors.map((error) => yamlProblem(error, lines));
  if (!isSeq(document.contents)) {
    const message = 'It is not a list. It begins with "[" in JSON, and its redirects with "- " in YAML.';
    throw notAList(path, format, errors.length > 0 ? errors : [{ line: 1, message }]);
  }
  const problems = new RowProblems();
  for (const { line, message } of errors) problems.add(line, () => message);
  const rows: RedirectRow[] = [];
  for (const item of document.contents.items) {
    const parsed = parseListItem(item, lines, siteId);
    if (!Array.isArray(parsed)) rows.push(parsed);
    else for (const { line, message } of parsed) problems.add(line, () => message);
  }
  return { rows, problems: problems.sorted(), problemCount: problems.count };
}

function jsonProblem(text: string): RowProblem | undefined {
  const message = jsonFault(text);
  if (message === undefined) return undefined;
  // Node adds a piece of the text, or the place.
  const words = message.replace(/ in JSON at.*$|, (?:\.\.\.)?".*$/s, '');
  return { line: jsonFaultLine(text), message: `It is not JSON: ${words}.` };
}

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Node names no place for some faults: so it is the first line up to which the text is wrong, and not merely unfinished. */
function jsonFaultLine(text: string): number {
  const ends = [...text.matchAll(/\n|$/g)].map(({ 0: end, index }) => index + end.length);
  let [sound, wrong] = [-1, ends.length - 1];
  while (wrong - sound > 1) {
    const middle = Math.floor((sound + wrong) / 2);
    if (isUnfinished(text.slice(0, ends[middle]))) sound = middle;
    else wrong = middle;
  }
  return wrong + 1;
}

function isUnfinished(text: string): boolean {
  const message = jsonFault(text);
  const position = /at position (\d+)/.exec(message ?? '')?.[1];
  return message === undefined || /end of JSON input/.test(message) || Number(position) >= text.length;
}

function yamlProblem({ code, message, pos }: YAMLError, lines: LineCounter): RowProblem {
  return { line: Math.max(1, lines.linePos(pos[0]).line), message: faultText(code, message) };
}

function faultText(code: YAMLError['code'], message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'A key stands there twice.';
    case 'MULTIPLE_DOCS':
      return 'Another document begins here ("---"), which would not be read. Make one list of them.';
    default:
      return `It is not YAML: ${message}.`;
  }
}

function notAList(path: string, format: 'json' | 'yaml', problems: readonly RowProblem[]): FileError {
  return new FileError(path, problems, {
    message: `The file is not a list of redirects in ${format === 'json' ? 'JSON' : 'YAML'}:`,
    title: 'File not readable',
    fix: 'Correct the file; the README shows what such a list looks like. Nothing was sent.',
  });
}
