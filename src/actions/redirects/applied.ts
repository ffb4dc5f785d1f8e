import type { RedirectPlan } from '../../domain/redirects/plan.ts';
import type { KnownRedirect, RedirectRow } from '../../domain/redirects/redirect.ts';
import type { ActionError, ActionErrorOptions } from '../../errors.ts';
import type { AppliedRecord } from '../../report/redirects-record.ts';
import { isUntouched } from '../../report/redirects-words.ts';
import type { Phase } from '../../report/run-events.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';

/** How far a `sync` got: what a run that ends early can report about itself. */

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
  /** To be called whenever `applied` changes. */
  report: () => void;
  phase: Phase;
  dependencies: RedirectsDependencies;
}

/** What the upserts left behind. */
export interface Written {
  /** Ids that are to be deleted. */
  doomed: ReadonlySet<number>;
  /** Those of them that an upsert wrote after all: they must not be deleted. */
  writtenIds: Set<number>;
  /** What was sent, but is missing from the answer under its own old path. */
  unconfirmed: Upsert[];
}

/** Options shared by all errors that end a `sync` midway. */
export function cutShortOptions(applied: AppliedRecord, cause: ActionError): ActionErrorOptions {
  const rest = 'reads the site again and does the rest.';
  const rerun = cause.fix === undefined ? `Run the job again: it ${rest}` : `${cause.fix} The next run ${rest}`;
  const fix = isUntouched(applied) ? cause.fix : rerun;
  return {
    title: cause.title,
    topic: cause.topic,
    outcome: isUntouched(applied) ? 'error' : 'partial',
    ...(fix !== undefined && { fix }),
    cause,
  };
}
