import type { ChangedRedirect } from '../../domain/redirects/plan.ts';
import { isSameTarget, type KnownRedirect } from '../../domain/redirects/redirect.ts';
import { trimEnd } from '../../domain/trim-ends.ts';
import { ActionError } from '../../errors.ts';
import { count } from '../../report/format.ts';
import type { ApplyContext, Upsert } from './applied.ts';
import { findPlaces, namesOf } from './dependencies.ts';

/**
 * What of the plan's deletions may still be deleted once the upserts are made. Whether the platform takes two spellings
 * of a path (`/a` and `/A`) for the same is not documented: if it does, what looks like an old redirect is a desired one
 * by now, and goes on being there. And of a path under several ids, which one it has overwritten is not documented, either.
 * @returns in the order of their ids
 * @throws ActionError where that can't be made out
 */
export async function deletableOf(context: ApplyContext): Promise<readonly KnownRedirect[]> {
  const { changes, written, applied, tell } = context;
  const { removed } = changes;
  const several = changes.changed.filter(({ copies }) => copies !== undefined);
  const now = written.unconfirmed.length + several.length > 0 ? await readNow(several.length, context) : [];
  const isCopy = idsOf(several);
  const others = removed.filter(({ id }) => !isCopy.has(id));
  const isUntold = written.unconfirmed.length > 0;
  const deletable = (isUntold ? compareAgain(now, others, context) : others).filter(
    ({ id }) => !written.writtenIds.has(id),
  );
  warnOfKept(others, deletable, context);
  const copies = wrongCopies(several, now, removed.length - others.length, context);
  applied.toDo += deletable.length + copies.length - removed.length;
  tell();
  return copies.length === 0 ? deletable : [...deletable, ...copies].sort((one, other) => one.id - other.id);
}

/** The answers do not say what they were to say, or do not have to: the list does. */
async function readNow(
  severalCount: number,
  { changes, written, client, phase }: ApplyContext,
): Promise<KnownRedirect[]> {
  const { length } = written.unconfirmed;
  const why =
    length > 0
      ? `The answers do not name ${count(length, 'redirect')} by the path that was sent`
      : `${count(severalCount, 'path')} had several ids`;
  phase.info(`${why}: reading the site's redirects again.`);
  phase.status('reading the redirects again');
  return await client.listRedirects(changes.siteId, () => {});
}

function idsOf(several: readonly ChangedRedirect[]): ReadonlySet<number> {
  return new Set(several.flatMap(({ before, copies = [] }) => [before, ...copies].map(({ id }) => id)));
}

/** Those that are planned to go and are not deleted, though the file has them not. */
function warnOfKept(
  planned: readonly KnownRedirect[],
  deletable: readonly KnownRedirect[],
  { dependencies }: ApplyContext,
): void {
  const kept = planned.length - deletable.length;
  if (kept === 0) return;
  const ids = new Set(deletable.map(({ id }) => id));
  const names = namesOf(planned.filter(({ id }) => !ids.has(id)));
  dependencies.reporter.warn(
    `${count(kept, 'redirect')} that the file has not (${names}) ${kept === 1 ? 'is' : 'are'} not deleted: the platform takes the path for another spelling of one that the file has, or somebody else has changed it meanwhile. Write such a path in the file as the platform has it.`,
  );
}

/**
 * Of paths that were written, and that the site has under several ids: those ids that lead elsewhere still. They are
 * deleted only where another one leads where it should by now.
 * @param planned how many the plan has of them
 */
function wrongCopies(
  several: readonly ChangedRedirect[],
  now: readonly KnownRedirect[],
  planned: number,
  { changes, dependencies }: ApplyContext,
): KnownRedirect[] {
  if (several.length === 0) return [];
  const known = idsOf(several);
  const rows = new Map(several.map(({ after }) => [after.fromPath, after]));
  const ofPaths = now.filter(({ fromPath }) => rows.has(fromPath));
  const places = findPlaces(ofPaths, [...rows.values()]);
  const leadsAsItShould = ({ fromPath, target }: KnownRedirect) => {
    const row = rows.get(fromPath);
    return row !== undefined && isSameTarget(row.target, target);
  };
  const wrong = ofPaths.filter((redirect) => !leadsAsItShould(redirect));
  const deletable = wrong.filter(({ id, fromPath }) => {
    const place = places.get(fromPath);
    return changes.deletes && known.has(id) && place !== undefined && leadsAsItShould(place);
  });
  const left = wrong.length - deletable.length;
  if (left > 0) {
    const deleted = new Set(deletable);
    const names = namesOf(wrong.filter((redirect) => !deleted.has(redirect)));
    dependencies.reporter.warn(
      `${count(left, 'redirect')} (${names}) ${left === 1 ? 'leads' : 'lead'} elsewhere than the file says, under an id of ${left === 1 ? 'its' : 'their'} own. ${changes.deletes ? 'Look at the next `plan`.' : 'The platform did not overwrite it: `delete: true` removes it.'}`,
    );
  } else if (deletable.length < planned) {
    dependencies.reporter.warn(
      `${count(planned - deletable.length, 'further id')} of paths that the file has (${namesOf([...rows.values()])}) ${planned - deletable.length === 1 ? 'is' : 'are'} not deleted: the platform has overwritten what was to go, and it leads where the file says.`,
    );
  }
  return deletable;
}

/** Holds what the answers did not name against what the site has now. */
function compareAgain(
  now: readonly KnownRedirect[],
  removed: readonly KnownRedirect[],
  context: ApplyContext,
): KnownRedirect[] {
  const { written, dependencies } = context;
  const sent = written.unconfirmed;
  const places = findPlaces(
    now,
    sent.map(({ redirect }) => redirect),
  );
  const missing = sent.filter(({ redirect }) => !places.has(redirect.fromPath));
  const spellings = new Set(now.map(({ fromPath }) => foldPath(fromPath)));
  const lost = [
    ...missing.filter(({ redirect }) => !spellings.has(foldPath(redirect.fromPath))),
    ...asBefore(sent, places, context),
  ];
  if (lost.length > 0) throw notInPlace(lost, context);
  if (missing.length > 0) {
    const names = namesOf(missing.map(({ redirect }) => redirect));
    dependencies.reporter.warn(
      `The platform keeps ${count(missing.length, 'redirect')} (${names}) under another spelling than the file's: write such a path as the platform has it, else every \`plan\` finds it to add.`,
    );
  }
  const taken = new Set(missing.map(({ redirect }) => foldPath(redirect.fromPath)));
  const ids = new Map(now.map((redirect) => [redirect.id, redirect]));
  return removed.filter((before) => {
    const after = ids.get(before.id);
    // Somebody was quicker; to delete it once more does no harm.
    if (after === undefined) return true;
    if (taken.has(foldPath(after.fromPath))) return false;
    return after.fromPath === before.fromPath && isSameTarget(after.target, before.target);
  });
}

/** Those that lead where they led before. A third target is what the platform made of the one that was sent. */
function asBefore(
  sent: readonly Upsert[],
  places: ReadonlyMap<string, KnownRedirect>,
  { changes }: ApplyContext,
): Upsert[] {
  const paths = new Set(sent.map(({ redirect }) => redirect.fromPath));
  const before = new Map(
    changes.changed.filter(({ after }) => paths.has(after.fromPath)).map((one) => [one.after.fromPath, one.before]),
  );
  return sent.filter(({ redirect: { fromPath, target } }) => {
    const [was, is] = [before.get(fromPath), places.get(fromPath)];
    if (was === undefined || is === undefined) return false;
    return !isSameTarget(is.target, target) && isSameTarget(is.target, was.target);
  });
}

function notInPlace(lost: readonly Upsert[], { applied }: ApplyContext): ActionError {
  // The platform said that they were made, and does not show them: now nobody knows.
  for (const { kind } of lost) applied[kind] -= 1;
  applied.uncertain = lost.length;
  const names = namesOf(lost.map(({ redirect }) => redirect));
  return new ActionError(
    `The platform took ${count(lost.length, 'redirect')} (${names}), and does not list ${lost.length === 1 ? 'it' : 'them'} as sent.`,
    {
      title: 'Redirects are not where they were put',
      fix: 'Nothing is deleted while it is not known what the site has. Look at the redirects in the control panel.',
    },
  );
}

/** All that a platform may plausibly take for the same path. */
function foldPath(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURI(path);
  } catch {
    // Not escaped as URLs are: compared as it is.
  }
  return trimEnd(decoded.normalize('NFKC').toLowerCase(), '/');
}
