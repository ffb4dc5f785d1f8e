import papaparse from 'papaparse';
import { entityProblem, parseTargetType, pathProblem, urlProblem } from './checks.ts';
import type { RedirectContent, RedirectTo } from './records.ts';
import type { RedirectStore } from './store.ts';

/** "The headers must be defined as follows" (the vendor's description of an import). */
const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';

const COLUMNS = HEADER.split(',');

/** A row of an import, as it was received. */
export type ImportRow = readonly string[];

/** The rows after the header; undefined if the text is not a CSV with that header. */
export function parseRows(text: string): ImportRow[] | undefined {
  // The parser would drop a byte-order mark, but "Domain" with one in front is another header.
  if (text.startsWith('\uFEFF')) return undefined;
  const { data, errors } = papaparse.parse<string[]>(text, { delimiter: ',' });
  if (errors.length > 0) return undefined;
  const [header, ...rows] = data;
  if (header?.length !== COLUMNS.length || header.some((cell, index) => cell !== COLUMNS[index])) return undefined;
  // The end after the last line break is not a row; any other blank line is one, and is rejected.
  if (rows.at(-1)?.join('') === '' && rows.at(-1)?.length === 1) rows.pop();
  return rows;
}

/** The redirect of a row, or why the platform rejects it. */
export function parseRow(row: ImportRow, store: RedirectStore): (RedirectContent & { siteId: number }) | string {
  if (row.length !== COLUMNS.length) return `The row must have ${COLUMNS.length} columns.`;
  const [domain = '', fromPath = '', url = '', type = '', id = ''] = row;
  const site = store.findDomain(domain);
  if (site === undefined) return `The domain "${domain}" is not one of this store.`;
  const problem = pathProblem(fromPath);
  if (problem !== undefined) return `The old path ${problem}.`;
  const to = parseCells(url, type, id);
  return typeof to === 'string' ? to : { siteId: site.id, fromPath, to };
}

function parseCells(url: string, type: string, id: string): RedirectTo | string {
  const isDynamic = type !== '' || id !== '';
  if (url === '' && !isDynamic) return 'The row has no target.';
  if (url !== '' && isDynamic) return 'The row has two targets.';
  if (!isDynamic) {
    const problem = urlProblem(url);
    return problem === undefined ? { type: 'url', url } : `The manual URL ${problem}.`;
  }
  const known = type === capitalize(type.toLowerCase()) ? parseTargetType(type.toLowerCase()) : undefined;
  if (known === undefined || known === 'url') return `The dynamic target type "${type}" is unknown.`;
  const entityId = /^\d+$/.test(id) ? Number(id) : undefined;
  const problem = entityProblem(entityId);
  if (problem !== undefined || entityId === undefined) return `The dynamic target ID ${problem}.`;
  return { type: known, entity_id: entityId };
}

/** The CSV of an export. Nothing says what the further column is called. */
export function renderRows(
  redirects: readonly { domain: string; fromPath: string; to: RedirectTo; toUrl: string }[],
  withUrls: boolean,
): string {
  const rows = redirects.map(({ domain, fromPath, to, toUrl }) => [
    domain,
    fromPath,
    ...(to.type === 'url' ? [to.url, '', ''] : ['', capitalize(to.type), String(to.entity_id)]),
    ...(withUrls ? [to.type === 'url' ? '' : toUrl] : []),
  ]);
  const header = withUrls ? [...COLUMNS, 'Dynamic Target URL'] : COLUMNS;
  return `${papaparse.unparse([header, ...rows], { newline: '\n' })}\n`;
}

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
