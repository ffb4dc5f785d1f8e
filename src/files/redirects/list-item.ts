import { isAlias, isMap, isScalar, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { DYNAMIC_TYPES, type RedirectRow, type RedirectTarget } from '../../domain/redirects/redirect.ts';
import { checkDomain, checkManualUrl, checkOldPath, isDynamicId } from '../../domain/redirects/row.ts';
import type { RowProblem } from '../../domain/row-problems.ts';
import { quoted } from '../../domain/row-problems.ts';

type Fields = ReadonlyMap<string, unknown>;

const KEYS = ['from_path', 'to', 'domain', 'site_id'];
/** Further keys of the API's answers, which are ignored. */
const IGNORED_KEYS = ['id', 'to_url'];
const TARGET_KEYS = ['type', 'url', 'entity_id'];
const SHAPE = 'It looks like {"from_path": "/old", "to": "/new"}.';

/** An item of a list, also as the API returns it; or everything that is wrong with it. */
export function parseListItem(
  node: unknown,
  lines: LineCounter,
  siteId: number | undefined,
): RedirectRow | RowProblem[] {
  const line = lineOf(node, lines);
  if (isAlias(node))
    return [{ line, message: 'This is an alias (*…), which is not supported: write the redirect out.' }];
  if (!isMap(node)) return [{ line, message: `This is not a redirect. ${SHAPE}` }];
  const problems: RowProblem[] = [];
  const report = (message: string) => problems.push({ line, message });
  const fields = readFields(node, KEYS, lines, problems);
  const domain = checkedText(fields, 'domain', checkDomain, report) ?? '';
  const fromPath = checkedText(fields, 'from_path', checkOldPath, report);
  if (!fields.has('from_path')) report(`from_path is missing. ${SHAPE}`);
  const site = checkedSite(fields.get('site_id'), siteId, report);
  const target = parseTarget(fields, lines, problems, report);
  if (problems.length > 0 || fromPath === undefined || target === undefined) return problems;
  return { domain, fromPath, target, line, ...(site === undefined ? {} : { siteId: site }) };
}

/** The line where a node begins, from 1. */
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
      if (fields.has(name)) problems.push({ line: lineOf(key, lines), message: 'This key occurs twice.' });
      fields.set(name, isScalar(value) ? value.value : value);
      continue;
    }
    if (name !== undefined && known === KEYS && IGNORED_KEYS.includes(name)) continue;
    const what = name === undefined ? 'A key that is not a string' : `The key ${quoted(name)}`;
    problems.push({ line: lineOf(key, lines), message: `${what} is not known here. Known keys: ${known.join(', ')}.` });
  }
  return fields;
}

/** A field that must be a valid string; undefined where it is missing or wrong. */
function checkedText(
  fields: Fields,
  key: string,
  check: (text: string, label: string) => { faults: readonly string[]; value: string },
  report: (message: string) => void,
): string | undefined {
  if (!fields.has(key)) return undefined;
  const given = fields.get(key);
  if (typeof given !== 'string') {
    report(`${key} is not a string.`);
    return undefined;
  }
  const { faults, value } = check(given, key);
  for (const fault of faults) report(fault);
  return faults.length > 0 ? undefined : value;
}

/** The site that an item names, unless the input names it as well. */
function checkedSite(
  given: unknown,
  siteId: number | undefined,
  report: (message: string) => void,
): number | undefined {
  if (given === undefined) return undefined;
  if (!isId(given)) report('site_id is not a positive whole number.');
  else if (siteId === undefined) return given;
  else if (given !== siteId) {
    report(
      `site_id is ${given}, but the input \`site-id\` is ${siteId}: a run is for one site. Remove it, or correct \`site-id\`.`,
    );
  }
  return undefined;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function parseTarget(
  fields: Fields,
  lines: LineCounter,
  problems: RowProblem[],
  report: (message: string) => void,
): RedirectTarget | undefined {
  const given = fields.get('to');
  if (!fields.has('to')) {
    report(`to is missing. ${SHAPE}`);
    return undefined;
  }
  if (typeof given === 'string') return manual(fields, 'to', report);
  if (!isMap(given)) {
    report('to is neither a string nor {"type": …}.');
    return undefined;
  }
  const target = withoutBlanks(readFields(given, TARGET_KEYS, lines, problems));
  const type = target.get('type');
  if (type === 'url') {
    if (target.has('entity_id')) report('to has an entity_id, which the type "url" does not allow.');
    if (!target.has('url')) report('to has no url.');
    return manual(target, 'url', report);
  }
  return dynamic(target, type, report);
}

/** The API may return both kinds of targets, with the unused one blank. */
function withoutBlanks(target: Fields): Fields {
  const blank = target.get('type') === 'url' ? 'entity_id' : 'url';
  return new Map(
    [...target].filter(([key, value]) => key !== blank || !(value === null || value === '' || value === 0)),
  );
}

function manual(fields: Fields, key: string, report: (message: string) => void): RedirectTarget | undefined {
  if (fields.get(key) === '') {
    report(`${key} is empty.`);
    return undefined;
  }
  const url = checkedText(fields, key, checkManualUrl, report);
  return url === undefined ? undefined : { kind: 'manual', url };
}

function dynamic(target: Fields, type: unknown, report: (message: string) => void): RedirectTarget | undefined {
  const known = DYNAMIC_TYPES.find((name) => name.toLowerCase() === type);
  const id = target.get('entity_id');
  if (known === undefined) {
    const allowed = ['url', ...DYNAMIC_TYPES.map((name) => name.toLowerCase())].join(', ');
    report(
      `The type of to is ${typeof type === 'string' ? quoted(type) : 'not given'}. It has to be one of ${allowed}.`,
    );
  } else if (target.has('url')) report(`to has a url, which the type "${type}" does not allow.`);
  if (known !== undefined && !isDynamicId(id)) report('entity_id is not a positive whole number.');
  return known === undefined || !isDynamicId(id) ? undefined : { kind: 'dynamic', type: known, id };
}
