import type { RedirectPlan } from '../../domain/redirects/plan.ts';
import type { KnownRedirect, RedirectRow } from '../../domain/redirects/redirect.ts';
import type { ActionError, ActionErrorOptions } from '../../errors.ts';
import { count, formatCount } from '../../report/format.ts';
import type { AppliedRecord } from '../../report/redirects-record.ts';
import { countMade, doubtSentences, isUntouched } from '../../report/redirects-words.ts';
import type { Phase } from '../../report/reporters.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';

/** How far a `sync` has come: what a run that ends early can truthfully say of itself. */

export interface Changes extends Pick<RedirectPlan, 'added' | 'changed'> {
  siteId: number;
  /** Those that are to be deleted. */
  removed: readonly KnownRedirect[];
  /** Whether anything may be deleted. */
  deletes: boolean;
}

/** A redirect that is to be written. */
export interface Upsert {
  kind: 'added' | 'changed';
  redirect: RedirectRow;
}

export interface ApplyContext extends Connected {
  changes: Changes;
  applied: AppliedRecord;
  written: Written;
  /** Keeps the record true: to be called whenever `applied` changes. */
  tell: () => void;
  phase: Phase;
  dependencies: RedirectsDependencies;
}

/** What upserts have left behind. */
export interface Written {
  /** What is to be deleted. */
  doomed: ReadonlySet<number>;
  /** Those of them that an upsert has written after all: they may not be deleted. */
  writtenIds: Set<number>;
  /** What was sent, and not found in the answer under its own old path. */
  unconfirmed: Upsert[];
}

/** Sentences: what was made, what may have been, and what was not. */
export function appliedText(applied: AppliedRecord): string {
  const { added, changed, removed, toDo, uncertain } = applied;
  const made = countMade(applied);
  const rest = toDo - made - uncertain;
  const was = (many: number) => (many === 1 ? 'was' : 'were');
  if (isUntouched(applied)) return `Nothing of ${count(toDo, 'change')} was made.`;
  return [
    `${formatCount(made)} of ${count(toDo, 'change')} ${was(made)} made: ${formatCount(added)} added, ${formatCount(changed)} changed, ${formatCount(removed)} deleted.`,
    ...doubtSentences(applied),
    `${formatCount(rest)} ${was(rest)} not made.`,
  ].join(' ');
}

/** What every end of a `sync` in the middle has in common. */
export function cutShortOptions(applied: AppliedRecord, cause: ActionError): ActionErrorOptions {
  const rest = 'reads the site anew and does the rest.';
  const rerun = cause.fix === undefined ? `Run the job again: it ${rest}` : `${cause.fix} The next run ${rest}`;
  return {
    title: cause.title,
    outcome: isUntouched(applied) ? 'error' : 'partial',
    fix: isUntouched(applied) ? (cause.fix ?? '') : rerun,
    cause,
  };
}
