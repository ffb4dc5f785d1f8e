import { isAlias, isMap, isScalar, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { DYNAMIC_TYPES, type RedirectRow, type RedirectTarget } from '../../domain/redirects/redirect.ts';
import { checkDomain, checkManualUrl, checkOldPath, isDynamicId } from '../../domain/redirects/row.ts';
import type { RowProblem } from '../../domain/row-problems.ts';
import { quoted } from '../../domain/row-problems.ts';

type Fields = ReadonlyMap<string, unknown>;

const KEYS = ['from_path', 'to', 'domain', 'site_id'];
/** What the API gives along in its answers, and nobody has to know here. */
const IGNORED_KEYS = ['id', 'to_url'];
const TARGET_KEYS = ['type', 'url', 'entity_id'];
const SHAPE = 'It looks like {"from_path": "/old", "to": "/new"}.';

/** An item of a list, or all that is wrong with it. An item as the API gives it is one, too. */
export function parseListItem(
  node: unknown,
  lines: LineCounter,
  siteId: number | undefined,
): RedirectRow | RowProblem[] {
  const line = lineOf(node, lines);
  if (isAlias(node))
    return [{ line, message: 'This is an alias (*…), which is not read here: write the redirect out.' }];
  if (!isMap(node)) return [{ line, message: `This is not a redirect. ${SHAPE}` }];
  const problems: RowProblem[] = [];
  const tell = (message: string) => problems.push({ line, message });
  const fields = readFields(node, KEYS, lines, problems);
  const domain = checkedText(fields, 'domain', checkDomain, tell) ?? '';
  const fromPath = checkedText(fields, 'from_path', checkOldPath, tell);
  if (!fields.has('from_path')) tell(`from_path is missing. ${SHAPE}`);
  checkSite(fields.get('site_id'), siteId, tell);
  const target = parseTarget(fields, lines, problems, tell);
  if (problems.length > 0 || fromPath === undefined || target === undefined) return problems;
  return { domain, fromPath, target, line };
}

/** Where a node begins, from 1. */
export function lineOf(node: unknown, lines: LineCounter): number {
  const start = (node as Node | null)?.range?.[0];
  return start === undefined ? 1 : Math.max(1, lines.linePos(start).line);
}

/** Plain values, and the nodes of all others, by their keys. */
function readFields(map: YAMLMap, known: readonly string[], lines: LineCounter, problems: RowProblem[]): Fields {
  const fields = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
    if (name !== undefined && known.includes(name)) {
      if (fields.has(name)) problems.push({ line: lineOf(key, lines), message: 'A key stands there twice.' });
      fields.set(name, isScalar(value) ? value.value : value);
      continue;
    }
    if (name !== undefined && known === KEYS && IGNORED_KEYS.includes(name)) continue;
    const what = name === undefined ? 'A key that is no text' : `The key ${quoted(name)}`;
    problems.push({ line: lineOf(key, lines), message: `${what} is not known here. Known: ${known.join(', ')}.` });
  }
  return fields;
}

/** A field that has to be a text and to stand a test; undefined where there is none, or where it is wrong. */
function checkedText(
  fields: Fields,
  key: string,
  check: (text: string, label: string) => { faults: readonly string[]; value: string },
  tell: (message: string) => void,
): string | undefined {
  if (!fields.has(key)) return undefined;
  const given = fields.get(key);
  if (typeof given !== 'string') {
    tell(`${key} is not a text.`);
    return undefined;
  }
  const { faults, value } = check(given, key);
  for (const fault of faults) tell(fault);
  return faults.length > 0 ? undefined : value;
}

function checkSite(given: unknown, siteId: number | undefined, tell: (message: string) => void): void {
  if (given === undefined) return;
  if (!isId(given)) tell('site_id is not a whole number from 1 on.');
  else if (siteId !== undefined && given !== siteId) {
    tell(
      `site_id is ${given}, and the input \`site-id\` is ${siteId}: one run takes one site. Take it out, or correct \`site-id\`.`,
    );
  }
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function parseTarget(
  fields: Fields,
  lines: LineCounter,
  problems: RowProblem[],
  tell: (message: string) => void,
): RedirectTarget | undefined {
  const given = fields.get('to');
  if (!fields.has('to')) {
    tell(`to is missing. ${SHAPE}`);
    return undefined;
  }
  if (typeof given === 'string') return manual(fields, 'to', tell);
  if (!isMap(given)) {
    tell('to is neither a text nor {"type": …}.');
    return undefined;
  }
  const target = withoutBlanks(readFields(given, TARGET_KEYS, lines, problems));
  const type = target.get('type');
  if (type === 'url') {
    if (target.has('entity_id')) tell('to has an entity_id, which the type "url" has not.');
    if (!target.has('url')) tell('to has no url.');
    return manual(target, 'url', tell);
  }
  return dynamic(target, type, tell);
}

/** The API may give both kinds of targets, of which the one that does not count is blank. */
function withoutBlanks(target: Fields): Fields {
  const blank = target.get('type') === 'url' ? 'entity_id' : 'url';
  return new Map(
    [...target].filter(([key, value]) => key !== blank || !(value === null || value === '' || value === 0)),
  );
}

function manual(fields: Fields, key: string, tell: (message: string) => void): RedirectTarget | undefined {
  if (fields.get(key) === '') {
    tell(`${key} is empty.`);
    return undefined;
  }
  const url = checkedText(fields, key, checkManualUrl, tell);
  return url === undefined ? undefined : { kind: 'manual', url };
}

function dynamic(target: Fields, type: unknown, tell: (message: string) => void): RedirectTarget | undefined {
  const known = DYNAMIC_TYPES.find((name) => name.toLowerCase() === type);
  const id = target.get('entity_id');
  if (known === undefined) {
    const allowed = ['url', ...DYNAMIC_TYPES.map((name) => name.toLowerCase())].join(', ');
    tell(`The type of to is ${typeof type === 'string' ? quoted(type) : 'not given'}. It is one of ${allowed}.`);
  } else if (target.has('url')) tell(`to has a url, which the type "${type}" has not.`);
  if (known !== undefined && !isDynamicId(id)) tell('entity_id is not a whole number from 1 on.');
  return known === undefined || !isDynamicId(id) ? undefined : { kind: 'dynamic', type: known, id };
}
