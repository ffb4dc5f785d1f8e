import { hostOf, siteDomainOf } from '../../domain/redirects/address.ts';
import { findResultingLoops } from '../../domain/redirects/check.ts';
import { planRedirects, type RedirectPlan } from '../../domain/redirects/plan.ts';
import {
  type KnownRedirect,
  pathText,
  type Redirect,
  type RedirectRow,
  targetText,
} from '../../domain/redirects/redirect.ts';
import { ActionError, FileError } from '../../errors.ts';
import type { RedirectsInputs, RedirectsTask } from '../../inputs/redirects.ts';
import { count, formatCount } from '../../report/format.ts';
import type { Phase } from '../../report/reporters.ts';
import { DeadlineError } from '../deadline.ts';
import { checkDeadTargets } from './dead-targets.ts';
import { type Connected, namesOf, type RedirectsDependencies } from './dependencies.ts';

/** Of each kind of change, so many are lines of the log. */
const MAX_SHOWN = 20;

export type SyncInputs = Pick<RedirectsInputs, 'file' | 'timeoutMs'> & {
  task: RedirectsTask & { command: 'plan' | 'sync' };
};

export interface SitePlan {
  plan: RedirectPlan;
  current: readonly KnownRedirect[];
  /** '' where neither the file nor the site says. */
  domain: string;
}

/**
 * What has to be done so that the site has what the file wishes.
 * @throws FileError where the file does not go with the site
 */
export async function makePlan(
  rows: readonly RedirectRow[],
  inputs: SyncInputs,
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<SitePlan> {
  const { siteId } = inputs.task;
  const current = await readCurrent(siteId, connected, dependencies);
  return await dependencies.reporter.phase('Plan', async (phase) => {
    const plan = planRedirects(current, rows, { deletes: inputs.task.delete });
    const deletes = inputs.task.delete ? plan.removed.length : 0;
    const domain = checkDomain(rows, current, inputs, { ...dependencies, phase, deletes });
    // Of another site's file, none of it would be true.
    checkDeadTargets(rows, current, inputs.file, dependencies);
    checkLoops(rows, { current, staying: inputs.task.delete ? [] : plan.removed, domain }, inputs, dependencies);
    const keepsRemoved = !inputs.task.delete;
    dependencies.reporter.plan(plan, { keepsRemoved });
    if (rows.length === 0 && deletes > 0) {
      dependencies.reporter.warn(
        `${dependencies.shownPathOf(inputs.file)} has no redirects: with \`delete: true\`, all ${formatCount(deletes)} of site ${siteId} are to go.`,
      );
    }
    warnOfSplit(plan, inputs, dependencies);
    for (const line of planLines(plan, keepsRemoved)) phase.info(line);
    phase.result(planText(plan, keepsRemoved));
    return { plan, current, domain };
  });
}

async function readCurrent(
  siteId: number,
  { client }: Connected,
  { reporter }: Pick<RedirectsDependencies, 'reporter'>,
  title = "Read the site's redirects",
): Promise<KnownRedirect[]> {
  return await reporter.phase(title, async (phase) => {
    const onProgress = (read: number, total: number) =>
      phase.status(`${formatCount(read)} of ${formatCount(total)} read`);
    const current = await client.listRedirects(siteId, onProgress).catch((error: unknown) => {
      throw error instanceof DeadlineError ? notReadInTime(siteId, error) : error;
    });
    phase.result(`${count(current.length, 'redirect')} of site ${siteId}`);
    return current;
  });
}

/** That the time is up says nothing of what was done by then. */
function notReadInTime(siteId: number, cause: DeadlineError): ActionError {
  const message = `${cause.message} Not all redirects of site ${siteId} were read by then, and nothing was changed.`;
  return new ActionError(message, { title: cause.title, fix: cause.fix ?? '', cause });
}

/** `3 to add, 1 to change, 2 to remove`. */
function planText({ added, changed, removed, unchanged }: RedirectPlan, keepsRemoved: boolean): string {
  const what = keepsRemoved && removed.length > 0 ? 'that the file has not, which stay' : 'to remove';
  return `${formatCount(added.length)} to add, ${formatCount(changed.length)} to change, ${formatCount(removed.length)} ${what}, ${formatCount(unchanged)} as they are`;
}

/** The first of each kind; the summary has more of them. */
function planLines({ added, changed, removed, split }: RedirectPlan, keepsRemoved: boolean): string[] {
  const several = new Set(split.map(({ fromPath }) => fromPath));
  const oneOf = ({ fromPath }: Redirect) => (several.has(fromPath) ? ', one of several ids' : '');
  const show = <T>(all: readonly T[], lineOf: (one: T) => string) => [
    ...all.slice(0, MAX_SHOWN).map(lineOf),
    ...(all.length > MAX_SHOWN ? [`  and ${formatCount(all.length - MAX_SHOWN)} more`] : []),
  ];
  const arrow = (redirect: Redirect) => `${pathText(redirect)} → ${targetText(redirect.target)}`;
  return [
    ...show(added, (row) => `+ ${arrow(row)}`),
    ...show(changed, ({ before, after }) => `~ ${arrow(after)} (was ${targetText(before.target)}${oneOf(before)})`),
    ...show(removed, (redirect) =>
      keepsRemoved ? `  ${arrow(redirect)} (stays)` : `- ${arrow(redirect)}${oneOf(redirect)}`,
    ),
  ];
}

/** Which of them a visitor gets, no document says. */
function warnOfSplit({ split }: RedirectPlan, { task }: SyncInputs, { reporter }: RedirectsDependencies): void {
  if (split.length === 0) return;
  const names = namesOf(split);
  const whatToDo = task.delete
    ? '`sync` leaves what leads where the file says, and deletes the others.'
    : '`sync` writes the path again, and only with `delete: true` it deletes what leads elsewhere.';
  reporter.warn(
    `Site ${task.siteId} has ${count(split.length, 'old path')} of the file (${names}) under several ids that do not all lead where the file says. ${whatToDo}`,
  );
}

/** @returns the domain, as far as anybody says it */
function checkDomain(
  rows: readonly RedirectRow[],
  current: readonly KnownRedirect[],
  { file, task }: SyncInputs,
  {
    phase,
    reporter,
    shownPathOf,
    deletes,
  }: Pick<RedirectsDependencies, 'reporter' | 'shownPathOf'> & { phase: Phase; deletes: number },
): string {
  const named = rows.find(({ domain }) => domain !== '');
  const known = siteDomainOf(current);
  if (named === undefined) {
    if (rows.length > 0) phase.info('The file names no domain: its rows are taken for those of the site.');
    return [...(known ?? [])][0] ?? '';
  }
  if (known === undefined) {
    const text = `Whether ${named.domain} is the domain of site ${task.siteId} is not known: none of its redirects tells. It is taken for it.`;
    // Were it another site's, what that has would be deleted.
    if (deletes > 0) reporter.warn(text);
    else phase.info(text);
    return named.domain;
  }
  if (known.has(hostOf(named.domain))) return named.domain;
  const domains = [...known].join(', ');
  throw new FileError(
    file,
    [{ line: named.line, message: `The domain is "${named.domain}", and that of site ${task.siteId} is ${domains}.` }],
    {
      message: `${shownPathOf(file)} is for another site.`,
      title: 'The file is for another site',
      fix: 'Correct `site-id` or the domain; where both are right, give a list in JSON or YAML, which needs no domain. Nothing was changed.',
    },
  );
}

function checkLoops(
  rows: readonly RedirectRow[],
  {
    current,
    staying,
    domain,
  }: { current: readonly KnownRedirect[]; staying: readonly KnownRedirect[]; domain: string },
  { file, task }: SyncInputs,
  { reporter, shownPathOf }: RedirectsDependencies,
): void {
  const found = findResultingLoops(rows, staying, domain === '' ? undefined : domain, createInPlace(current));
  reporter.warnRows(found.known, 'Loop that the site has', {
    count: found.knownCount,
    meaning:
      'No visitor of these ever arrives. The site has it already, so that nothing changes: let one of them lead to where the page is now.',
    maxAnnotations: 1,
  });
  if (found.stayingCount > 0) {
    reporter.warn(
      `The site has ${count(found.stayingCount, 'loop')} that the file has no part in: ${found.staying.slice(0, 3).join(' ')}`,
    );
  }
  if (found.loopCount === 0) return;
  throw new FileError(file, found.loops, {
    message: `With ${shownPathOf(file)} the site would have ${count(found.loopCount, 'loop')}, made by its rows${task.delete ? '' : ' and redirects that stay'}.`,
    title: 'The site would have loops',
    fix: `Correct the file${task.delete ? '' : ', or give `delete: true` where the redirects that it has not are to go'}. Nothing was changed.`,
    detailCount: found.loopCount,
  });
}

/** Whether the site has the very redirect of a row. Mostly nobody asks. */
function createInPlace(current: readonly KnownRedirect[]): (row: RedirectRow) => boolean {
  const keyOf = ({ fromPath, target }: Redirect) => JSON.stringify([fromPath, targetText(target)]);
  let known: ReadonlySet<string> | undefined;
  return (row) => {
    known ??= new Set(current.map(keyOf));
    return known.has(keyOf(row));
  };
}

/** With `delete`: why the site is left alone; undefined where nothing speaks against it. */
export function deletionGuard({ removed }: RedirectPlan, { task }: SyncInputs): ActionError | undefined {
  if (!task.delete || removed.length <= task.maxDeletes) return undefined;
  return new ActionError(
    `${count(removed.length, 'redirect')} of site ${task.siteId} would be deleted, and \`max-deletes\` allows ${task.maxDeletes}.`,
    {
      title: 'More deletions than allowed',
      fix: 'Nothing was changed. Look at the plan: is this the right file, and the right `site-id`? If so, raise `max-deletes` for this run.',
    },
  );
}
