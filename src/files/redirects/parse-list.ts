import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLError, type YAMLMap } from 'yaml';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import { type RowProblem, RowProblems, shown } from '../../domain/row-problems.ts';
import { convert, listAdvice } from './foreign-advice.ts';
import { formatOfItem, nameOf } from './foreign-formats.ts';
import { lineOf, parseListItem } from './list-item.ts';
import type { ListJob, ListOutcome } from './list-message.ts';

/**
 * The rows of a list in JSON or YAML: an array of `{from_path, to, domain?, site_id?}` in the terms of the REST API
 * (API document, section 2), where `to` is a path, a URL, `{type: "url", url}` or `{type: "product", entity_id}`; or an
 * answer of that API, with the array in its `data`. JSON is checked against its own grammar first, and then parsed as
 * YAML, which gives line numbers. Time and memory are linear in the text.
 */
export function parseList({ bytes, format, siteId }: ListJob): ListOutcome {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const syntax = format === 'json' ? jsonProblem(text) : undefined;
  if (syntax !== undefined) return { kind: 'not-a-list', problems: [syntax] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    // 'warn' would print to the console, and 'silent' would hide a second document.
    logLevel: 'error',
    // That check is quadratic in the number of keys: `parseListItem` looks for duplicates itself.
    uniqueKeys: false,
  });
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
    return { kind: 'not-a-list', problems: [{ line: 1, message: 'It is nested too deeply.' }] };
  }
  const problems = new RowProblems();
  for (const error of document.errors) problems.add(lineAt(error, lines), () => faultText(error));
  const list = listIn(document.contents);
  if (list === undefined) {
    const message = 'This is not a list. In JSON, a list begins with "["; in YAML, each redirect with "- ".';
    return { kind: 'not-a-list', problems: problems.count > 0 ? problems.sorted() : [{ line: 1, message }] };
  }
  const foreign = foreignList(list.items, lines);
  if (foreign !== undefined) return foreign;
  const { missing } = list;
  if (missing !== undefined) problems.add(lineOf(document.contents, lines), () => missing);
  return readItems(list.items, { lines, siteId, problems });
}

function readItems(
  items: readonly unknown[],
  { lines, siteId, problems }: { lines: LineCounter; siteId: number | undefined; problems: RowProblems },
): ListOutcome {
  const rows: RedirectRow[] = [];
  for (const item of items) {
    const parsed = parseListItem(item, lines, siteId);
    if (!Array.isArray(parsed)) rows.push(parsed);
    else for (const { line, message } of parsed) problems.add(line, () => message);
  }
  return { kind: 'read', rows, problems: problems.sorted(), problemCount: problems.count };
}

interface FoundList {
  items: readonly unknown[];
  /** A sentence, where this is one page of a longer list: `sync` would delete the rest. */
  missing: string | undefined;
}

/** The list in a document: the document itself, `data` in an answer of the API, or another key in other systems. */
function listIn(contents: unknown): FoundList | undefined {
  if (isSeq(contents)) return { items: contents.items, missing: undefined };
  if (!isMap(contents)) return undefined;
  const data = childOf(contents, 'data');
  if (isSeq(data)) return { items: data.items, missing: missingText(contents, data.items.length) };
  const others = contents.items.map(({ value }) => value).filter((value) => isSeq(value));
  const list = others.find((value) => isMap(value.items[0]) && formatOfItem(keysOf(value.items[0])) !== undefined);
  return list === undefined ? undefined : { items: list.items, missing: undefined };
}

/** What is missing, where an answer of the API is only one page. */
function missingText(answer: YAMLMap, count: number): string | undefined {
  const total = childOf(childOf(childOf(answer, 'meta'), 'pagination'), 'total');
  if (!isScalar(total) || typeof total.value !== 'number' || total.value <= count) return undefined;
  return `This is one page of the API's answer, with ${count} of ${total.value} redirects. Combine the items of all pages in one list.`;
}

/** The value of a key, or of the first of several; undefined where there is none. */
function childOf(map: unknown, key: string): unknown {
  if (!isMap(map)) return undefined;
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
}

function keysOf(item: YAMLMap): string[] {
  return item.items.flatMap(({ key }) => (isScalar(key) && typeof key.value === 'string' ? [key.value] : []));
}

/** By the first item that is a map: items of one system look alike. */
function foreignList(items: readonly unknown[], lines: LineCounter): ListOutcome | undefined {
  const first = items.find((item) => isMap(item));
  if (first === undefined) return undefined;
  const keys = keysOf(first);
  const format = keys.includes('from_path') ? undefined : formatOfItem(keys);
  if (format === undefined) return undefined;
  const example = items.slice(0, MAX_EXAMPLES).flatMap((item) => {
    const redirect = { from: textAt(item, format.from), to: textAt(item, format.to) };
    return convert(format, redirect) === undefined ? [] : [redirect];
  })[0];
  const cells = example && convert(format, example);
  return { kind: 'foreign', name: format.name, line: lineOf(first, lines), advice: listAdvice(format, cells) };
}

/** Items searched for an example to show. */
const MAX_EXAMPLES = 100;

/** The text at `key.key` of an item, whatever the case of the keys. */
function textAt(item: unknown, path: string): string {
  let found = item;
  for (const name of path.split('.')) {
    if (!isMap(found)) return '';
    found = found.items.find(({ key }) => isScalar(key) && nameOf(String(key.value)) === nameOf(name))?.value;
  }
  return isScalar(found) && typeof found.value === 'string' ? found.value : '';
}

function jsonProblem(text: string): RowProblem | undefined {
  const message = jsonFault(text);
  if (message === undefined) return undefined;
  // Node appends an excerpt or the position.
  const words = message.replace(/ in JSON at.*$|, (?:\.\.\.)?".*$/s, '');
  return { line: jsonFaultLine(text), message: `This is not valid JSON: ${shown(words)}.` };
}

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Node gives no position for some errors, so this searches for the first line up to which the text is invalid, and not
 * merely incomplete.
 */
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

function lineAt({ pos }: YAMLError, lines: LineCounter): number {
  return Math.max(1, lines.linePos(pos[0]).line);
}

/** The parser's message may quote the text at any length. */
function faultText({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') {
    return 'Another document begins here ("---"), which would be ignored. Combine them in one list.';
  }
  return `This is not valid YAML: ${shown(message)}.`;
}
