import { escapeInvisible } from '../domain/invisible.ts';
import { type KnownRedirect, type RedirectTarget, targetText } from '../domain/redirects/redirect.ts';
import { type CountedTable, renderCountedTables } from './counted-table.ts';
import { formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { code } from './markdown.ts';
import type { PlanRecord, RedirectsRecord } from './redirects-record.ts';
import { type ChangeWords, DONE_WORDS, TO_DO_WORDS } from './redirects-words.ts';

/** Of a path or URL in a cell: a table of longer ones is unreadable. */
const MAX_CELL_CHARS = 120;

interface Tense {
  words: ChangeWords;
  /** Over the targets of redirects that change. */
  change: string;
  /** Over the targets of those that are removed. */
  before: string;
}

const DONE: Tense = {
  words: DONE_WORDS,
  change: 'Led to → leads to',
  before: 'Led to',
};
const TO_DO: Tense = {
  words: TO_DO_WORDS,
  change: 'Leads to → will lead to',
  before: 'Leads to',
};
/** For a run that failed: it is unknown which of them were done. */
const INTENDED: Tense = {
  words: { added: 'to add, by the plan', changed: 'to change, by the plan', removed: 'to remove, by the plan' },
  change: 'Led to → is to lead to',
  before: 'Led to',
};

/**
 * What is added, changed and removed: a table each, truncated with true counts; undefined where there is nothing.
 * @param maxBytes of all rows together, as UTF-8
 */
export function renderPlanTables(record: RedirectsRecord, maxBytes: number): string | undefined {
  const { plan, outcome, keepsRemoved } = record;
  if (plan === undefined) return undefined;
  const tense = outcome === 'complete' ? DONE : outcome === 'planned' || outcome === 'unchanged' ? TO_DO : INTENDED;
  const removed =
    keepsRemoved === true ? stayingTable(plan) : removedTable(plan, tense, removedWords(record, plan, tense));
  const shown = [addedTable(plan, tense), changedTable(plan, tense), removed].filter(({ total }) => total > 0);
  return shown.length === 0 ? undefined : renderCountedTables(shown, maxBytes);
}

/** Enough of a path or URL for a cell of a table; invisible characters are escaped. */
export function pathCell(path: string): string {
  return code(limitLabel(escapeInvisible(path), MAX_CELL_CHARS));
}

export function targetCell(target: RedirectTarget): string {
  return pathCell(targetText(target));
}

function addedTable({ added, first }: PlanRecord, { words }: Tense): CountedTable {
  const rows = first.added.map(({ line, fromPath, target }) => [`${line}`, pathCell(fromPath), targetCell(target)]);
  return {
    heading: `${formatCount(added)} ${words.added}`,
    header: ['Line', 'Old path', 'Leads to'],
    rows,
    total: added,
  };
}

function changedTable({ changed, first }: PlanRecord, { words, change }: Tense): CountedTable {
  const rows = first.changed.map(({ before, after }) => [
    `${after.line}`,
    pathCell(after.fromPath),
    `${knownTargetCell(before)} → ${targetCell(after.target)}`,
  ]);
  return {
    heading: `${formatCount(changed)} ${words.changed}`,
    header: ['Line', 'Old path', change],
    rows,
    total: changed,
  };
}

/** A redirect that turned out to be a desired one in another spelling was not deleted, although planned. */
function removedWords({ applied }: RedirectsRecord, { removed }: PlanRecord, tense: Tense): string {
  const all = `${formatCount(removed)} ${tense.words.removed}`;
  if (tense !== DONE || applied === undefined || applied.removed === removed) return all;
  return `${formatCount(applied.removed)} of ${all}: the warnings say what was not`;
}

function removedTable({ removed, first }: PlanRecord, { before }: Tense, heading: string): CountedTable {
  const rows = first.removed.map((redirect) => [pathCell(redirect.fromPath), knownTargetCell(redirect)]);
  return { heading, header: ['Old path', before], rows, total: removed };
}

function stayingTable(plan: PlanRecord): CountedTable {
  const stay = plan.removed === 1 ? 'it stays' : 'they stay';
  const heading = `${formatCount(plan.removed)} not in the file: ${stay}, since <code>delete</code> is off`;
  return removedTable(plan, TO_DO, heading);
}

/** With the address that a product or the like has now, where the platform says it. */
function knownTargetCell({ target, toUrl }: KnownRedirect): string {
  const address = target.kind === 'manual' || toUrl === undefined ? '' : ` (${pathCell(toUrl)})`;
  return `${targetCell(target)}${address}`;
}
