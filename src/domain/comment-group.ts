import { type CommentKey, type CommentMemory, encodeKey } from './comment-marker.ts';

/**
 * One comment that several projects of a pull request share: input `comment-group`. Each project and environment has a row,
 * which its own runs alone write. Pure.
 */

export interface GroupRow {
  key: CommentKey;
  /** What it shows in the table. */
  shown: RowFacts;
  memory: RowMemory;
  /** Markdown below the table; '' where there is none. */
  detail: string;
}

/** `pending`: no verdict yet. `neutral`: neither a success nor a failure, such as a push that was not deployed. */
export type RowKind = 'good' | 'bad' | 'pending' | 'neutral';

export interface RowFacts {
  kind: RowKind;
  /** `✅` */
  mark: string;
  /** The project's name; undefined where it is not known. */
  name?: string | undefined;
  /** The state in words, as Markdown in one line; undefined where mark and address say it. */
  words?: string | undefined;
  /** The storefront's address, where it shows what the row says. */
  url?: string | undefined;
  commit?: { sha: string; url: string } | undefined;
  sizeBytes?: number | undefined;
  durationMs?: number | undefined;
  /** Of the run that wrote the row. */
  runUrl?: string | undefined;
}

/** The comment has the author of all rows. */
export type RowMemory = Omit<CommentMemory, 'writtenBy'>;

/** As on GitHub, environments are the same whatever their case. */
export function isSameEnvironment(one: CommentKey, other: CommentKey): boolean {
  return one.environment.toLowerCase() === other.environment.toLowerCase();
}

/** A name is unique only within a store. */
function isSameRow(one: CommentKey, other: CommentKey): boolean {
  return isMaybeSameRow(one, other) && one.store === other.store;
}

/** A run whose inputs were wrong may not know its store. */
function isMaybeSameRow(one: CommentKey, other: CommentKey): boolean {
  const isSameStore = one.store === undefined || other.store === undefined || one.store === other.store;
  return one.project === other.project && isSameEnvironment(one, other) && isSameStore;
}

/** Of each project and environment the row that shows the latest time. The order is the same whoever merges. */
export function mergeRows(rows: readonly GroupRow[]): GroupRow[] {
  const merged: GroupRow[] = [];
  for (const row of rows) {
    const index = merged.findIndex(({ key }) => isSameRow(key, row.key));
    const known = merged[index];
    if (known === undefined) merged.push(row);
    else if (isNewer(row, known)) merged[index] = row;
  }
  return withoutReplaced(merged).sort((one, other) => compare(sortKey(one), sortKey(other)));
}

/**
 * A row without its store goes once all rows that may be the same are newer, and replaces an older one where there is no
 * other: it must neither stay red for ever, nor cost another store its row.
 */
function withoutReplaced(rows: readonly GroupRow[]): GroupRow[] {
  const replaced = new Set<GroupRow>();
  for (const row of rows.filter(({ key }) => key.store === undefined)) {
    const [candidate, ...others] = rows.filter((other) => other !== row && isMaybeSameRow(other.key, row.key));
    if (candidate === undefined) continue;
    if ([candidate, ...others].every((other) => isNewer(other, row))) replaced.add(row);
    else if (others.length === 0) replaced.add(candidate);
  }
  return rows.filter((row) => !replaced.has(row));
}

function isNewer({ memory }: GroupRow, other: GroupRow): boolean {
  return (memory.shownAtMs ?? 0) > (other.memory.shownAtMs ?? 0);
}

export function findRow(rows: readonly GroupRow[], key: CommentKey): GroupRow | undefined {
  const exact = rows.find((row) => isSameRow(row.key, key));
  return (
    exact ??
    rows.filter((row) => isMaybeSameRow(row.key, key)).toSorted((one, other) => (isNewer(one, other) ? -1 : 1))[0]
  );
}

function sortKey({ key, shown }: GroupRow): string {
  return [shown.name ?? key.project, key.environment.toLowerCase(), key.project, key.store ?? ''].join('\n');
}

/** By code unit: two runners may have two locales. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The first line of the comment. */
export function renderGroupMarker(group: string): string {
  return `<!-- catalyst-deploy-action group=${encodeKey(group)} -->`;
}

const ROW_START = '<!-- catalyst-deploy-action row ';
const START_END = ' -->';
const ROW_END = '<!-- catalyst-deploy-action row-end -->';
/** Of a row without its detail, encoded. */
const MAX_ROW_CHARS = 6000;

/** The hidden lines that store a row, with its detail between them. */
export function renderRow(row: GroupRow): string {
  return [renderRowData(row), '', row.detail.trim(), '', ROW_END].join('\n');
}

/** What `renderRow` has stored: each row's data as JSON, yet to be checked, and its detail. */
export function readRows(body: string): { json: string; detail: string }[] {
  const rows: { json: string; detail: string }[] = [];
  let open: { json: string; lines: string[] } | undefined;
  for (const line of body.replaceAll('\r\n', '\n').split('\n')) {
    const json = open === undefined ? readRowData(line) : undefined;
    if (json !== undefined) open = { json, lines: [] };
    else if (line !== ROW_END) open?.lines.push(line);
    else if (open !== undefined) {
      rows.push({ json: open.json, detail: open.lines.join('\n').trim() });
      open = undefined;
    }
  }
  return rows;
}

/** The JSON of a line that begins a row; undefined for other lines, and where somebody has edited it. */
function readRowData(line: string): string | undefined {
  const data = line.slice(ROW_START.length, -START_END.length);
  const isRow = line.startsWith(ROW_START) && line.endsWith(START_END);
  if (!isRow || data.length > MAX_ROW_CHARS || !/^\S+$/.test(data)) return undefined;
  try {
    return decodeURIComponent(data);
  } catch {
    return undefined;
  }
}

const FOOTER = '<!-- catalyst-deploy-action footer -->';
/** Of what is taken over from a comment that somebody may have edited: more than the input's, escaped. */
const MAX_FOOTER_CHARS = 10_000;

/** The end of the comment. @param footer Markdown of the user's own, without HTML comments; '' for none */
export function renderGroupFooter(footer: string): string {
  return footer === '' ? '' : `${FOOTER}\n\n${footer}`;
}

/** What `renderGroupFooter` has put there; '' where there is none. */
export function readGroupFooter(body: string): string {
  const start = body.lastIndexOf(FOOTER);
  const footer = start === -1 ? '' : body.slice(start + FOOTER.length).trim();
  return footer.length > MAX_FOOTER_CHARS ? '' : footer;
}

/** Addresses that are too long for it are left out, since a part of one leads elsewhere. */
function renderRowData({ key, shown, memory }: GroupRow): string {
  const encode = (value: Omit<GroupRow, 'detail'>) => encodeURIComponent(JSON.stringify(value).toWellFormed());
  const { lastSuccess } = memory;
  const bareMemory = { ...memory, lastSuccess: lastSuccess && { ...lastSuccess, url: undefined } };
  const bareShown = { ...shown, url: undefined, runUrl: undefined, commit: undefined };
  const data = [
    { key, shown, memory },
    { key, shown, memory: bareMemory },
    { key, shown: bareShown, memory: bareMemory },
  ].map(encode);
  const fitting = data.find(({ length }) => length <= MAX_ROW_CHARS) ?? data.at(-1);
  return `${ROW_START}${fitting}${START_END}`;
}
