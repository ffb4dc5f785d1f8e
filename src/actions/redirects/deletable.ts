import type { ChangedRedirect } from '../../domain/redirects/plan.ts';
import { isSameTarget, type KnownRedirect } from '../../domain/redirects/redirect.ts';
import { trimEnd } from '../../domain/trim-ends.ts';
import { ActionError } from '../../errors.ts';
import { count } from '../../report/format.ts';
import type { ApplyContext, Upsert } from './applied.ts';
import { findPlaces, namesOf } from './dependencies.ts';

/**
 * Which of the planned deletions are still safe once the upserts are done. It is not documented whether the platform
 * treats two spellings of a path (`/a` and `/A`) as the same: if so, what looks like an old redirect is a desired one
 * by now and has to stay. Nor is it documented which one it overwrites where a path has several ids.
 * @returns in the order of their ids
 * @throws ActionError where this cannot be determined
 */
export async function deletableOf(context: ApplyContext): Promise<readonly KnownRedirect[]> {
  const { changes, written, applied, report } = context;
  const { removed } = changes;
  const several = changes.changed.filter(({ copies }) => copies !== undefined);
  const now = written.unconfirmed.length + several.length > 0 ? await readNow(several.length, context) : [];
  const isCopy = idsOf(several);
  const others = removed.filter(({ id }) => !isCopy.has(id));
  const hasUnconfirmed = written.unconfirmed.length > 0;
  const deletable = (hasUnconfirmed ? compareAgain(now, others, context) : others).filter(
    ({ id }) => !written.writtenIds.has(id),
  );
  warnOfRetained(others, deletable, context);
  const copies = wrongCopies(several, now, removed.length - others.length, context);
  applied.toDo += deletable.length + copies.length - removed.length;
  report();
  return copies.length === 0 ? deletable : [...deletable, ...copies].sort((one, other) => one.id - other.id);
}

/** Reads the site's list, since the answers are incomplete or need not say which id was written. */
async function readNow(
  severalCount: number,
  { changes, written, client, phase }: ApplyContext,
): Promise<KnownRedirect[]> {
  const { length } = written.unconfirmed;
  const why =
    length > 0
      ? `The answers do not list ${count(length, 'redirect')} under the path that was sent`
      : `${count(severalCount, 'path')} had several ids`;
  phase.info(`${why}: reading the site's redirects again.`);
  phase.status('reading the redirects again');
  return await client.listRedirects(changes.siteId, () => {});
}

function idsOf(several: readonly ChangedRedirect[]): ReadonlySet<number> {
  return new Set(several.flatMap(({ before, copies = [] }) => [before, ...copies].map(({ id }) => id)));
}

/** Warns of planned deletions that are left out. */
function warnOfRetained(
  planned: readonly KnownRedirect[],
  deletable: readonly KnownRedirect[],
  { dependencies }: ApplyContext,
): void {
  const retained = planned.length - deletable.length;
  if (retained === 0) return;
  const ids = new Set(deletable.map(({ id }) => id));
  const names = namesOf(planned.filter(({ id }) => !ids.has(id)));
  dependencies.run.warn(
    `${count(retained, 'redirect')} that the file does not have (${names}) ${retained === 1 ? 'was' : 'were'} not deleted: the platform treats the path as another spelling of one in the file, or somebody else has changed it meanwhile. Write such a path in the file as the platform has it.`,
    'Redirects not deleted',
  );
}

/**
 * For written paths that the site has under several ids: the ids that still lead elsewhere. They are deleted only where
 * another id now leads to the right target.
 * @param planned how many of them the plan deletes
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
    dependencies.run.warn(
      `${count(left, 'redirect')} (${names}) ${left === 1 ? 'leads' : 'lead'} elsewhere than the file says, under ${left === 1 ? 'an id of its' : 'ids of their'} own. ${changes.deletes ? 'Check the next `plan`.' : 'The platform did not overwrite it: `delete: true` removes it.'}`,
      'Redirects lead elsewhere',
    );
  } else if (deletable.length < planned) {
    dependencies.run.warn(
      `${count(planned - deletable.length, 'further id')} of paths in the file (${namesOf([...rows.values()])}) ${planned - deletable.length === 1 ? 'was' : 'were'} not deleted: the platform has overwritten what was to be deleted, and it now leads where the file says.`,
      'Redirects not deleted',
    );
  }
  return deletable;
}

/** Compares what the answers did not name with the site's current redirects. */
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
    dependencies.run.warn(
      `The platform stores ${count(missing.length, 'redirect')} (${names}) under another spelling than the file's: write such a path as the platform has it, or every \`plan\` will want to add it again.`,
      'Stored under another spelling',
    );
  }
  const respelled = new Set(missing.map(({ redirect }) => foldPath(redirect.fromPath)));
  const ids = new Map(now.map((redirect) => [redirect.id, redirect]));
  return removed.filter((before) => {
    const after = ids.get(before.id);
    // Somebody else has deleted it; deleting it again does no harm.
    if (after === undefined) return true;
    if (respelled.has(foldPath(after.fromPath))) return false;
    return after.fromPath === before.fromPath && isSameTarget(after.target, before.target);
  });
}

/** Those that still lead where they led before. A third target is the platform's version of the one that was sent. */
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
  // The platform confirmed them, but does not list them: their state is unknown.
  for (const { kind } of lost) applied[kind] -= 1;
  applied.uncertain = lost.length;
  const names = namesOf(lost.map(({ redirect }) => redirect));
  return new ActionError(
    `The platform accepted ${count(lost.length, 'redirect')} (${names}), but does not list ${lost.length === 1 ? 'it' : 'them'} as sent.`,
    {
      topic: 'the-site-has-changed-meanwhile',
      title: 'Redirects are missing after the write',
      fix: 'Nothing is deleted while the state of the site is unknown. Check the redirects in the control panel.',
    },
  );
}

/** One form for all spellings that a platform could plausibly treat as the same path. */
function foldPath(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURI(path);
  } catch {
    // Not valid URL escapes: compared as written.
  }
  return trimEnd(decoded.normalize('NFKC').toLowerCase(), '/');
}
