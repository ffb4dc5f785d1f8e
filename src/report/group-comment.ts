import {
  type GroupRow,
  isSameEnvironment,
  type RowFacts,
  renderGroupFooter,
  renderRow,
} from '../domain/comment-group.ts';
import { SHARED_PREVIEW } from '../domain/comment-marker.ts';
import { isUuid } from '../domain/uuid.ts';
import { formatBytes, formatDuration } from './format.ts';
import { limitedLink, limitLabel, limitUrl } from './limits.ts';
import { code, table, text } from './markdown.ts';
import { factsLine, fold } from './page.ts';
import { commitCell } from './sections.ts';

/** GitHub refuses a comment of more than 65,536 characters; the rest is for the hidden lines at its start. */
const MAX_GROUP_CHARS = 63_000;

/**
 * The comment that several projects share, as Markdown: a table with a row for each, below it what is to be done for those
 * that failed, and the rest folded. Details that do not fit are left out: first the folded ones, then all. Pure.
 *
 * @param footer Markdown of the user's own, harmless already
 * @returns undefined if not even the rows fit
 */
export function renderGroupComment(rows: readonly GroupRow[], footer = ''): string | undefined {
  const withoutFolded = rows.map((row) => (isOpen(row) ? row : { ...row, detail: '' }));
  const withoutAny = rows.map((row) => ({ ...row, detail: '' }));
  return [rows, withoutFolded, withoutAny]
    .map((shown) => renderAll(shown, footer))
    .find(({ length }) => length <= MAX_GROUP_CHARS);
}

function renderAll(rows: readonly GroupRow[], footer: string): string {
  const open = rows.filter(isOpen);
  const folded = rows.filter((row) => !isOpen(row));
  const isFoldEmpty = folded.every(({ detail }) => detail === '');
  const foldedRows = folded.map((row) => section(row, rows)).join('\n\n');
  const sections = [
    `### ${heading(rows)}`,
    table(
      ['Project', 'Result'],
      rows.map((row) => [nameCell(row, rows), resultCell(row.shown)]),
    ),
    ...open.map((row) => section(row, rows)),
    // What has nothing to show is stored all the same.
    isFoldEmpty ? foldedRows : fold(open.length === 0 ? 'Details' : 'Details of the others', foldedRows),
    renderGroupFooter(footer),
  ];
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`.toWellFormed();
}

/** What went wrong, and what to do, must not need a click. */
function isOpen({ shown }: GroupRow): boolean {
  return shown.kind === 'bad' || shown.kind === 'neutral';
}

function section(row: GroupRow, rows: readonly GroupRow[]): string {
  const stored = renderRow(row);
  return row.detail === '' ? stored : `#### ${row.shown.mark} ${nameOf(row, rows)}\n\n${stored}`;
}

/** Names the environment, where it is the same one. */
function heading(rows: readonly GroupRow[]): string {
  const [first, ...others] = rows;
  const countOf = (kind: RowFacts['kind']) => rows.filter(({ shown }) => shown.kind === kind).length;
  const [good, bad, pending] = [countOf('good'), countOf('bad'), countOf('pending')];
  const environment = commonEnvironment(rows);
  const where = environment === undefined ? '' : ` to ${text(limitLabel(environment))}`;
  const all = rows.length;
  if (bad > 0) return `❌ Deploying${where}: ${bad} of ${all} failed`;
  if (pending > 0) return `⏳ Deploying${where}: ${all - pending} of ${all} done`;
  if (good > 0)
    return `✅ Deployed${where}: ${good === all ? '' : `${good} of `}${all === 1 ? '1 project' : `${all} projects`}`;
  const { mark, words } = first?.shown ?? {};
  const isSame = words !== undefined && others.every(({ shown }) => shown.words === words && shown.mark === mark);
  return isSame ? `${mark} ${words}` : `⏸️ Not deployed${where}`;
}

function commonEnvironment(rows: readonly GroupRow[]): string | undefined {
  const names = new Set(rows.map(({ key }) => key.environment.toLowerCase()));
  return names.size === 1 ? rows[0]?.key.environment : undefined;
}

/** A UUID, which nobody knows by heart, is short: all of it is among the ids. */
function shortName({ key, shown }: GroupRow): string {
  const name = shown.name ?? (key.project === SHARED_PREVIEW ? 'shared preview' : key.project);
  return isUuid(name) ? `${name.slice(0, 8)}…` : limitLabel(name);
}

/** With the store, where projects of several stores have the same name. */
function nameOf(row: GroupRow, rows: readonly GroupRow[]): string {
  const { key } = row;
  const name = shortName(row);
  const isSame = (other: GroupRow) => shortName(other) === name && isSameEnvironment(other.key, key);
  const isUnique = key.store === undefined || rows.filter(isSame).length === 1;
  return isUnique ? code(name) : `${code(name)} of store ${code(limitLabel(key.store ?? ''))}`;
}

function nameCell(row: GroupRow, rows: readonly GroupRow[]): string {
  const environment = commonEnvironment(rows) === undefined ? `<br>${text(limitLabel(row.key.environment))}` : '';
  return `${row.shown.mark} ${nameOf(row, rows)}${environment}`;
}

function resultCell({ url, words, commit, sizeBytes, durationMs, runUrl }: RowFacts): string {
  const facts = factsLine([
    commit && commitCell({ sha: commit.sha, url: limitUrl(commit.url) }),
    sizeBytes === undefined ? undefined : formatBytes(sizeBytes),
    durationMs === undefined ? undefined : formatDuration(durationMs),
    runUrl === undefined ? undefined : limitedLink('Log', runUrl),
  ]);
  const address = url === undefined ? undefined : `**${breakableLink(url)}**`;
  return [address, words, facts].filter((part) => part !== undefined).join('<br>');
}

/** A phone's screen is narrower than most addresses, and a table's cell breaks no word by itself. */
function breakableLink(url: string): string {
  const html = limitedLink(url.replace(/^https:\/\//, '').replace(/\/$/, ''), url);
  const start = html.indexOf('>') + 1;
  return html.slice(0, start) + html.slice(start).replaceAll('.', '.<wbr>');
}
