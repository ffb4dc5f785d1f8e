import { escapeInvisible } from '../domain/invisible.ts';
import { type KnownRedirect, type Redirect, targetText } from '../domain/redirects/redirect.ts';
import { countFitting } from './fit-rows.ts';
import { count, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { fold } from './page.ts';
import type { PlanRecord, RedirectsRecord } from './redirects-record.ts';
import { CHANGE_KINDS, type ChangeKind, DONE_WORDS, planWords, TO_DO_WORDS } from './redirects-words.ts';
import { widthOf, wrapText } from './text-width.ts';

/** A plan as a block of GitHub's diffs: `+` what is added, `!` what changes, `-` what is removed. Pure. */

/** What a phone shows of a line of code in a summary, without scrolling. */
const MAX_COLUMNS = 36;
/** More are shown once they are asked for. */
const MAX_OPEN_ROWS = 20;
/** Of a path or URL: a list of longer ones is unreadable. */
const MAX_PLACE_CHARS = 120;

/** As GitHub colours them: green, orange, red. */
const MARKS: Readonly<Record<ChangeKind, string>> = { added: '+', changed: '!', removed: '-' };

/** What a row says, each part by itself. */
interface Parts {
  mark: string;
  path: string;
  /** Where it leads. */
  target: string;
  /** Where it led. */
  was?: string;
}

export interface PlanDiff {
  /** The first rows of each kind. */
  open: string | undefined;
  /** The others, as far as they fit, and how many there are besides. */
  more: string | undefined;
}

/**
 * What is added, changed and removed, with true counts however many there are. What stays, since `delete` is off, is not
 * in it. After a failure all of it is folded: it is not known of each change whether it was made.
 * @param maxBytes of all rows together, as UTF-8
 */
export function renderPlanDiff(record: RedirectsRecord, maxBytes: number): PlanDiff {
  const { plan, keepsRemoved, outcome, failure } = record;
  if (plan === undefined) return { open: undefined, more: undefined };
  const kinds = CHANGE_KINDS.filter((kind) => keepsRemoved !== true || kind !== 'removed');
  const parts = kinds.map((kind) => partsOf(kind, plan));
  const rows = parts.map(layOut(parts.flat()));
  const fitting = countFitting(
    rows.map((list) => list.map((row) => Buffer.byteLength(row) + 1)),
    maxBytes,
  );
  const shown = rows.map((list, index) => list.slice(0, fitting[index]));
  const open = countFitting(
    shown.map((list) => list.map(() => 1)),
    MAX_OPEN_ROWS,
  );
  const others = shown.flatMap((list, index) => list.slice(open[index]));
  const words = outcome === 'complete' ? DONE_WORDS : TO_DO_WORDS;
  const rest = kinds
    .map((kind, index) => ({ kind, left: plan[kind] - (fitting[index] ?? 0) }))
    .filter(({ left }) => left > 0)
    .map(({ kind, left }) => `${formatCount(left)} more ${words[kind]}`);
  const ending = rest.length === 0 ? undefined : `and ${rest.join(', ')}`;
  const first = codeBlock(shown.flatMap((list, index) => list.slice(0, open[index])));
  const more = foldOf(others, ending);
  if (failure === undefined || first === undefined) return { open: first, more };
  return { open: undefined, more: fold(`The plan: ${planWords(record)}`, joined([first, more])) };
}

/** The redirects that the file does not have, where they stay. */
export function renderStaying({ plan, keepsRemoved }: RedirectsRecord, maxBytes: number): string | undefined {
  if (plan === undefined || keepsRemoved !== true || plan.removed === 0) return undefined;
  const parts = partsOf('removed', plan).map((one) => ({ ...one, mark: ' ' }));
  const rows = layOut(parts)(parts);
  const [fitting = 0] = countFitting([rows.map((row) => Buffer.byteLength(row) + 1)], maxBytes);
  const rest = plan.removed - fitting;
  const body = [codeBlock(rows.slice(0, fitting)), rest === 0 ? undefined : `and ${formatCount(rest)} more`];
  return fold(`${count(plan.removed, 'redirect')} not in the file`, joined(body));
}

/** Enough of a path or URL; invisible characters are escaped. */
export function limitPlace(place: string): string {
  return limitLabel(escapeInvisible(place), MAX_PLACE_CHARS);
}

function partsOf(kind: ChangeKind, { first }: PlanRecord): Parts[] {
  const mark = MARKS[kind];
  if (kind === 'changed') {
    return first.changed.map(({ before, after }) => ({ ...partsOfOne(mark, after), was: knownTarget(before) }));
  }
  if (kind === 'added') return first.added.map((row) => partsOfOne(mark, row));
  return first.removed.map((redirect) => ({ ...partsOfOne(mark, redirect), target: knownTarget(redirect) }));
}

function partsOfOne(mark: string, { fromPath, target }: Redirect): Parts {
  return { mark, path: limitPlace(fromPath), target: limitPlace(targetText(target)) };
}

/** With the address that a product or the like has now, where the platform says it. */
function knownTarget({ target, toUrl }: KnownRedirect): string {
  const address = target.kind === 'manual' || toUrl === undefined ? '' : ` (${limitPlace(toUrl)})`;
  return `${limitPlace(targetText(target))}${address}`;
}

/** Rows that fit into a line are aligned; others get a line for each of their parts. */
function layOut(all: readonly Parts[]): (parts: readonly Parts[]) => string[] {
  const short = all.filter((one) => widthOf(inLine(one, 0)) <= MAX_COLUMNS);
  const column = Math.max(0, ...short.map(({ path }) => widthOf(path)));
  return (parts) =>
    parts.map((one) => {
      const aligned = inLine(one, column);
      if (widthOf(aligned) <= MAX_COLUMNS) return aligned;
      const plain = inLine(one, 0);
      return widthOf(plain) <= MAX_COLUMNS ? plain : inLines(one);
    });
}

function inLine({ mark, path, target, was }: Parts, column: number): string {
  const padding = ' '.repeat(Math.max(0, column - widthOf(path)));
  return `${mark} ${path}${padding} → ${target}${was === undefined ? '' : ` (was ${was})`}`;
}

function inLines({ mark, path, target, was }: Parts): string {
  const texts = [path, `  → ${target}`, ...(was === undefined ? [] : [`  (was ${was})`])];
  const lines = texts.flatMap((text) => {
    // A line that is continued keeps its mark, and is indented further.
    const [first = '', ...others] = wrapText(text, MAX_COLUMNS - 2);
    return [
      first,
      ...(others.length === 0 ? [] : wrapText(others.join(''), MAX_COLUMNS - 6)).map((line) => `    ${line}`),
    ];
  });
  return lines.map((line) => `${mark} ${line}`).join('\n');
}

/** A fence is longer than any run of backticks in it, so that no path can end the block. */
function codeBlock(rows: readonly string[]): string | undefined {
  if (rows.length === 0) return undefined;
  const body = rows.join('\n');
  let longest = 0;
  for (const [run] of body.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}diff\n${body}\n${fence}`;
}

function foldOf(rows: readonly string[], ending: string | undefined): string | undefined {
  if (rows.length === 0) return ending;
  return fold(count(rows.length, 'more change'), joined([codeBlock(rows), ending]));
}

const joined = (parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined).join('\n\n');
