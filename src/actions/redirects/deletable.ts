import { isSameTarget, type KnownRedirect, type Redirect } from '../../domain/redirects/redirect.ts';
import { trimEnd } from '../../domain/trim-ends.ts';
import { ActionError } from '../../errors.ts';
import { count } from '../../report/format.ts';
import type { ApplyContext } from './applied.ts';
import { byPath } from './dependencies.ts';

const MAX_NAMED = 3;

/**
 * What of the plan's deletions may still be deleted once the upserts are made. Whether the platform takes two spellings
 * of a path (`/a` and `/A`) for the same is not documented: if it does, what looks like an old redirect is a wished one
 * by now, and goes on being there.
 * @throws ActionError where that can't be made out
 */
export async function deletableOf(context: ApplyContext): Promise<readonly KnownRedirect[]> {
  const { changes, written, applied, tell, dependencies } = context;
  const { removed } = changes;
  const isUntold = written.unconfirmed.length > 0;
  const deletable = (isUntold ? await compareAgain(context) : removed).filter(({ id }) => !written.writtenIds.has(id));
  const kept = removed.length - deletable.length;
  if (kept === 0) return deletable;
  applied.toDo -= kept;
  tell();
  const paths = new Set(deletable.map(({ id }) => id));
  const names = namesOf(removed.filter(({ id }) => !paths.has(id)));
  dependencies.reporter.warn(
    `${count(kept, 'redirect')} that the file has not (${names}) ${kept === 1 ? 'is' : 'are'} not deleted: the platform takes the path for another spelling of one that the file has, or somebody else has changed it meanwhile. Write such a path in the file as the platform has it.`,
  );
  return deletable;
}

/** The answers do not say what they were to say: the list does. */
async function compareAgain({ changes, written, client, phase, dependencies }: ApplyContext): Promise<KnownRedirect[]> {
  phase.info(
    `The answers do not name ${count(written.unconfirmed.length, 'redirect')} by the path that was sent: reading the site's redirects again.`,
  );
  phase.status('reading the redirects again');
  const now = await client.listRedirects(changes.siteId, () => {});
  const current = byPath(now);
  const missing = written.unconfirmed.filter(({ fromPath }) => !current.has(fromPath));
  const spellings = new Set(now.map(({ fromPath }) => foldPath(fromPath)));
  const lost = missing.filter(({ fromPath }) => !spellings.has(foldPath(fromPath)));
  if (lost.length > 0) {
    throw new ActionError(
      `The platform took ${count(lost.length, 'redirect')} (${namesOf(lost)}), and does not list ${lost.length === 1 ? 'it' : 'them'}.`,
      {
        title: 'Redirects are not where they were put',
        fix: 'Nothing is deleted while it is not known what the site has. Look at the redirects in the control panel.',
      },
    );
  }
  if (missing.length > 0) {
    dependencies.reporter.warn(
      `The platform keeps ${count(missing.length, 'redirect')} (${namesOf(missing)}) under another spelling than the file's: write such a path as the platform has it, else every \`plan\` finds it to add.`,
    );
  }
  const taken = new Set(missing.map(({ fromPath }) => foldPath(fromPath)));
  const ids = new Map(now.map((redirect) => [redirect.id, redirect]));
  return changes.removed.filter((before) => {
    const after = ids.get(before.id);
    // Somebody was quicker; to delete it once more does no harm.
    if (after === undefined) return true;
    if (taken.has(foldPath(after.fromPath))) return false;
    return after.fromPath === before.fromPath && isSameTarget(after.target, before.target);
  });
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

function namesOf(redirects: readonly Redirect[]): string {
  const names = redirects.slice(0, MAX_NAMED).map(({ fromPath }) => fromPath);
  const rest = redirects.length - names.length;
  return [...names, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
