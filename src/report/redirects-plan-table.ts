import { type KnownRedirect, type RedirectTarget, targetText } from '../domain/redirects/redirect.ts';
import { type CountedTable, renderCountedTables } from './counted-table.ts';
import { limitLabel } from './limits.ts';
import { code } from './markdown.ts';
import type { PlanRecord } from './redirects-record.ts';

/** Of a path or URL in a cell: a table of longer ones cannot be read. */
const MAX_CELL_CHARS = 150;

export interface PlanTableOptions {
  /** Of all tables together, as UTF-8. */
  maxBytes: number;
  keepsRemoved: boolean;
  /** The changes were made, all of them. */
  isDone: boolean;
}

/** What is added, changed and removed: a table each, cut with true counts; undefined where there is nothing. */
export function renderPlanTables(plan: PlanRecord, options: PlanTableOptions): string | undefined {
  const tables = [addedTable(plan, options), changedTable(plan, options), removedTable(plan, options)];
  const shown = tables.filter(({ total }) => total > 0);
  if (shown.length === 0) return undefined;
  return renderCountedTables(shown, options.maxBytes);
}

/** Enough of a path or URL for a cell of a table. */
export function pathCell(path: string): string {
  return code(limitLabel(path, MAX_CELL_CHARS));
}

export function targetCell(target: RedirectTarget): string {
  return pathCell(targetText(target));
}

function addedTable({ added, first }: PlanRecord, { isDone }: PlanTableOptions): CountedTable {
  const rows = first.added.map(({ line, fromPath, target }) => [`${line}`, pathCell(fromPath), targetCell(target)]);
  return { title: isDone ? 'added' : 'to add', header: ['Line', 'Old path', 'Leads to'], rows, total: added };
}

function changedTable({ changed, first }: PlanRecord, { isDone }: PlanTableOptions): CountedTable {
  const rows = first.changed.map(({ before, after }) => [
    `${after.line}`,
    pathCell(after.fromPath),
    `${knownTargetCell(before)} → ${targetCell(after.target)}`,
  ]);
  const header = ['Line', 'Old path', isDone ? 'Led to → leads to' : 'Leads to → will lead to'];
  return { title: isDone ? 'changed' : 'to change', header, rows, total: changed };
}

function removedTable({ removed, first }: PlanRecord, { isDone, keepsRemoved }: PlanTableOptions): CountedTable {
  const rows = first.removed.map((redirect) => [pathCell(redirect.fromPath), knownTargetCell(redirect)]);
  const title = isDone ? 'removed' : 'to remove';
  return {
    title: keepsRemoved ? 'not in the file (they stay: <code>delete</code> is off)' : title,
    header: ['Old path', isDone && !keepsRemoved ? 'Led to' : 'Leads to'],
    rows,
    total: removed,
  };
}

/** With the address that a product or the like has now, where the platform says it. */
function knownTargetCell({ target, toUrl }: KnownRedirect): string {
  const address = target.kind === 'manual' || toUrl === undefined ? '' : ` (${pathCell(toUrl)})`;
  return `${targetCell(target)}${address}`;
}
