import type { UpsertAnswer } from '../../bigcommerce/redirects.ts';
import { isSameTarget, type KnownRedirect, pathText, type RedirectRow } from '../../domain/redirects/redirect.ts';
import { ActionError } from '../../errors.ts';
import { statusOf } from '../../net/errors.ts';
import { formatCount } from '../../report/format.ts';
import type { AppliedRecord } from '../../report/redirects-record.ts';
import { appliedText, countMade } from '../../report/redirects-words.ts';
import { type ApplyContext, type Changes, cutShortOptions, type Upsert, type Written } from './applied.ts';
import { deletableOf } from './deletable.ts';
import { type Connected, findPlaces, namesOf, type RedirectsDependencies } from './dependencies.ts';

/**
 * Statuses of rejections that may be about a single redirect of a batch; others, such as 403, concern the whole
 * request.
 */
const ROW_STATUSES: readonly unknown[] = [400, 409, 422];

/**
 * Upserts per request. The platform's own limit is not documented; a client library went from 100 to 50 "according to
 * the API's response" (API document, section 2), and a 413 says that it was exceeded.
 */
const UPSERT_BATCH = 50;
const PARTIAL = 207;
const MAX_NAMED = 10;

/**
 * Carries out a plan: additions and changes first, deletions last, so that no desired path is ever without its
 * redirect.
 * @throws ActionError that says what was done and what was not
 */
export async function applyPlan(
  changes: Changes,
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<void> {
  const { run, signal } = dependencies;
  const toDo = changes.added.length + changes.changed.length + changes.removed.length;
  const applied: AppliedRecord = { added: 0, changed: 0, removed: 0, toDo, uncertain: 0 };
  const doomed = new Set(changes.removed.map(({ id }) => id));
  const written: Written = { doomed, writtenIds: new Set(), unconfirmed: [] };
  await run.phase('Apply', async (phase) => {
    const report = () => {
      run.emit({ type: 'applied', ...applied });
      phase.status(`${formatCount(countMade(applied))} of ${formatCount(applied.toDo)} changes made`);
    };
    const context: ApplyContext = { ...connected, changes, applied, written, report, phase, dependencies };
    report();
    try {
      await upsertAll(context);
      await deleteAll(await deletableOf(context), context);
    } catch (error) {
      report();
      if (signal.aborted || !(error instanceof ActionError)) throw error;
      throw new ActionError(`${error.message} ${appliedText(applied)}`, cutShortOptions(applied, error));
    }
    phase.result(
      `${formatCount(applied.added)} added, ${formatCount(applied.changed)} changed, ${formatCount(applied.removed)} deleted`,
    );
  });
}

async function upsertAll(context: ApplyContext): Promise<void> {
  const { changes, client, report, phase } = context;
  const queue: Upsert[] = [
    ...changes.added.map((redirect) => ({ kind: 'added' as const, redirect })),
    ...changes.changed.map(({ after }) => ({ kind: 'changed' as const, redirect: after })),
  ];
  let size = UPSERT_BATCH;
  let isRepeated = false;
  for (let at = 0; at < queue.length; ) {
    const batch = queue.slice(at, at + size);
    const answer = await whileUncertain(batch.length, context, () =>
      client.upsertRedirects(
        changes.siteId,
        batch.map(({ redirect }) => redirect),
      ),
    );
    if (answer.kind === 'done') {
      noteAnswer(batch, answer.redirects, context);
      at += batch.length;
      isRepeated = false;
    } else if (batch.length > 1 && (answer.kind === 'too-large' || isAboutRows(answer))) {
      size = Math.ceil(batch.length / 2);
      const why = answer.kind === 'too-large' ? 'are too many for one request (413)' : 'were rejected together';
      phase.info(`${batch.length} redirects ${why}: sending ${size} at a time from now on.`);
    } else if (answer.kind !== 'too-large' && answer.kind !== 'rejected') {
      const missing = await findMissing(batch, answer.error, context);
      if (missing.length > 0) checkProgress(answer, { batch, missing, isRepeated });
      isRepeated = missing.length > 0;
      queue.splice(at, batch.length, ...missing);
    } else {
      throw answer.kind === 'too-large' || isAboutRows(answer) ? rejectedRow(batch[0], answer.error) : answer.error;
    }
    report();
  }
}

/** Checks whether sending the missing redirects again makes sense. @throws ActionError where it does not */
function checkProgress(
  { kind, error }: Extract<UpsertAnswer, { error: ActionError }>,
  { batch, missing, isRepeated }: { batch: readonly Upsert[]; missing: readonly Upsert[]; isRepeated: boolean },
): void {
  if (kind === 'uncertain' && isRepeated) throw error;
  // After a partial failure, some may still succeed by themselves; once a limit is reached, none will.
  if (kind === 'plan-limit' || (kind === 'partial' && missing.length === batch.length)) {
    const lines = missing.slice(0, MAX_NAMED).map(({ redirect }) => `line ${redirect.line} (${pathText(redirect)})`);
    throw notDone('written', missing.length, lines, error);
  }
}

/** @param named some of the redirects */
function notDone(
  verb: 'written' | 'deleted',
  total: number,
  named: readonly string[],
  cause: ActionError,
): ActionError {
  const rest = total > named.length ? ` and ${formatCount(total - named.length)} more` : '';
  const { message, title, fix } = cause;
  return new ActionError(`${message} Not ${verb}: ${named.join(', ')}${rest}.`, { title, ...(fix && { fix }), cause });
}

/** Between request and answer, it is unknown what happened to these. */
async function whileUncertain<T>(
  size: number,
  { applied, report, deadline }: ApplyContext,
  work: () => Promise<T>,
): Promise<T> {
  deadline.signal.throwIfAborted();
  applied.uncertain = size;
  report();
  try {
    const answer = await work();
    applied.uncertain = 0;
    return answer;
  } catch (error) {
    // Certainly rejected, unless the request was cut off.
    if (!deadline.signal.aborted) applied.uncertain = 0;
    throw error;
  }
}

/** Records only ids that are to be deleted: the others may be many. */
function noteWritten(redirects: readonly KnownRedirect[], { doomed, writtenIds }: Written): void {
  for (const { id } of redirects) if (doomed.has(id)) writtenIds.add(id);
}

/** Records what the answer says about a batch. */
function noteAnswer(batch: readonly Upsert[], redirects: readonly KnownRedirect[], context: ApplyContext): void {
  const { applied, written, dependencies } = context;
  const answered = findPlaces(
    redirects,
    batch.map(({ redirect }) => redirect),
  );
  const other: RedirectRow[] = [];
  noteWritten(redirects, written);
  for (const upsert of batch) {
    const { kind, redirect } = upsert;
    applied[kind] += 1;
    const found = answered.get(redirect.fromPath);
    if (found === undefined) written.unconfirmed.push(upsert);
    else if (!isSameTarget(found.target, redirect.target)) other.push(redirect);
  }
  if (other.length === 0) return;
  dependencies.run.warn(
    `The platform stored a different target for ${namesOf(other)} than was sent: the next \`plan\` shows it, and would change it again.`,
    'Stored with another target',
  );
}

/** Looks up a batch whose answer was lost. @returns those that are not in place */
async function findMissing(batch: readonly Upsert[], cause: ActionError, context: ApplyContext): Promise<Upsert[]> {
  const { applied, written } = context;
  const redirects = batch.map(({ redirect }) => redirect);
  const current = findPlaces(await readAgain(batch.length, cause, context), redirects);
  const missing: Upsert[] = [];
  for (const upsert of batch) {
    const { kind, redirect } = upsert;
    const found = current.get(redirect.fromPath);
    if (found === undefined || !isSameTarget(found.target, redirect.target)) {
      missing.push(upsert);
      continue;
    }
    applied[kind] += 1;
    noteWritten([found], written);
  }
  return missing;
}

/** @throws the cause where the list cannot be read: these stay uncertain then */
async function readAgain(size: number, cause: ActionError, context: ApplyContext): Promise<KnownRedirect[]> {
  const { applied, report, dependencies, changes, client, phase, deadline } = context;
  dependencies.run.warn(
    `${cause.message} Reading the site's redirects again to see what was done.`,
    'No answer to a write',
  );
  applied.uncertain = size;
  report();
  try {
    phase.status('reading the redirects again');
    const current = await client.listRedirects(changes.siteId, () => {});
    applied.uncertain = 0;
    return current;
  } catch (error) {
    if (deadline.signal.aborted || !(error instanceof ActionError)) throw error;
    dependencies.run.info(error.message);
    throw cause;
  }
}

async function deleteAll(removed: readonly KnownRedirect[], context: ApplyContext): Promise<void> {
  const { client, applied, report } = context;
  let ids = removed.map(({ id }) => id);
  let isRepeated = false;
  while (ids.length > 0) {
    const batch = ids.slice(0, Math.max(1, client.deleteBatchSize(ids)));
    const rest = ids.slice(batch.length);
    const answer = await whileUncertain(batch.length, context, () => client.deleteRedirects(batch));
    if (answer === 'deleted') {
      applied.removed += batch.length;
      ids = rest;
      isRepeated = false;
    } else if ('uncertain' in answer) {
      const there = new Set((await readAgain(batch.length, answer.uncertain, context)).map(({ id }) => id));
      const left = batch.filter((id) => there.has(id));
      applied.removed += batch.length - left.length;
      const isPartial = statusOf(answer.uncertain) === PARTIAL;
      if (isPartial && left.length === batch.length) {
        const paths = removed.filter(({ id }) => left.includes(id)).slice(0, MAX_NAMED);
        throw notDone('deleted', left.length, paths.map(pathText), answer.uncertain);
      }
      if (left.length > 0 && isRepeated && !isPartial) throw answer.uncertain;
      isRepeated = left.length > 0;
      ids = [...left, ...rest];
    } else {
      throw answer.rejected;
    }
    report();
  }
}

/** A single redirect of the batch may be the cause: halving the batch finds it, and writes the ones before it. */
function isAboutRows(answer: UpsertAnswer): boolean {
  return answer.kind === 'rejected' && ROW_STATUSES.includes(statusOf(answer.error));
}

function rejectedRow(upsert: Upsert | undefined, cause: ActionError): ActionError {
  const about = upsert === undefined ? '' : ` It concerns line ${upsert.redirect.line} (${pathText(upsert.redirect)}).`;
  return new ActionError(`${cause.message}${about}`, {
    title: cause.title,
    topic: cause.topic,
    fix: cause.fix ?? 'Correct what the platform reports, and run the job again.',
    cause,
  });
}
