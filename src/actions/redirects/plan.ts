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
import { siteWords } from '../../report/redirects-words.ts';
import type { Phase } from '../../report/run-events.ts';
import { whileConnected } from '../deadline.ts';
import { checkDeadTargets } from './dead-targets.ts';
import { type Connected, namesOf, type RedirectsDependencies, warnOfRows } from './dependencies.ts';
import { readDesiredRows } from './desired.ts';
import { readSite, type SiteWithRedirects } from './site.ts';

/** Lines of the log for each kind of change. */
const MAX_SHOWN = 20;

export type SyncInputs = Pick<RedirectsInputs, 'file' | 'timeoutMs'> & {
  task: RedirectsTask & { command: 'plan' | 'sync' };
};

export interface SitePlan {
  siteId: number;
  plan: RedirectPlan;
  current: readonly KnownRedirect[];
  /** '' where neither the file nor the site shows it. */
  domain: string;
}

/** Shows what `sync` would do. @throws ActionError */
export async function planSite(inputs: SyncInputs, dependencies: RedirectsDependencies): Promise<void> {
  const { run } = dependencies;
  const rows = await readDesiredRows({ ...inputs, ...inputs.task, asksSite: true }, dependencies);
  const site = await whileConnected(dependencies, inputs.timeoutMs, (connected) =>
    makePlan(rows, inputs, connected, dependencies),
  );
  const guard = deletionGuard(site, inputs);
  if (guard !== undefined) run.warn(`\`sync\` would not start: ${guard.message}`, '`sync` would not start');
}

/**
 * Works out what has to change so that the site has the redirects of the file.
 * @throws FileError where the file does not fit the site
 */
export async function makePlan(
  rows: readonly RedirectRow[],
  inputs: SyncInputs,
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<SitePlan> {
  const place = { file: inputs.file, siteId: inputs.task.siteId };
  const { siteId, current } = await readSite(rows, place, connected, dependencies);
  return await dependencies.run.phase('Plan', async (phase) => {
    const plan = planRedirects(current, rows, { deletes: inputs.task.delete });
    const deletes = inputs.task.delete ? plan.removed.length : 0;
    const domain = checkDomain(rows, { siteId, current }, inputs, { ...dependencies, phase, deletes });
    if (domain !== '') dependencies.run.emit({ type: 'site-known', domain });
    // Only once the domain is right: for another site's file, these checks mean nothing.
    checkDeadTargets(rows, current, inputs.file, dependencies);
    checkLoops(rows, { current, staying: inputs.task.delete ? [] : plan.removed, domain }, inputs, dependencies);
    const keepsRemoved = !inputs.task.delete;
    dependencies.run.emit({ type: 'plan-made', plan, keepsRemoved });
    if (rows.length === 0 && deletes > 0) {
      dependencies.run.warn(
        `${dependencies.shownPathOf(inputs.file)} has no redirects: with \`delete: true\`, all ${formatCount(deletes)} of site ${siteId} are deleted.`,
        'All redirects would be deleted',
      );
    }
    warnOfSplit(plan, siteId, inputs, dependencies);
    for (const line of planLines(plan, keepsRemoved)) phase.info(line);
    phase.result(planText(plan, keepsRemoved));
    return { siteId, plan, current, domain };
  });
}

/** `3 to add, 1 to change, 2 to remove`. */
function planText({ added, changed, removed, unchanged }: RedirectPlan, keepsRemoved: boolean): string {
  const what = keepsRemoved && removed.length > 0 ? 'not in the file, which stay' : 'to remove';
  return `${formatCount(added.length)} to add, ${formatCount(changed.length)} to change, ${formatCount(removed.length)} ${what}, ${formatCount(unchanged)} unchanged`;
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

/** It is not documented which of them a visitor gets. */
function warnOfSplit(
  { split }: RedirectPlan,
  siteId: number,
  { task }: SyncInputs,
  { run }: RedirectsDependencies,
): void {
  if (split.length === 0) return;
  const names = namesOf(split);
  const whatToDo = task.delete
    ? '`sync` keeps the ids that do, and deletes the others.'
    : '`sync` writes the path again; it deletes ids that lead elsewhere only with `delete: true`.';
  run.warn(
    `Site ${siteId} has ${count(split.length, 'old path')} of the file (${names}) under several ids that do not all lead where the file says. ${whatToDo}`,
    'A path under several ids',
  );
}

/** @returns the domain; '' where nothing shows it */
function checkDomain(
  rows: readonly RedirectRow[],
  { siteId, current }: SiteWithRedirects,
  { file }: SyncInputs,
  {
    phase,
    run,
    shownPathOf,
    deletes,
  }: Pick<RedirectsDependencies, 'run' | 'shownPathOf'> & { phase: Phase; deletes: number },
): string {
  const named = rows.find(({ domain }) => domain !== '');
  const known = siteDomainOf(current);
  if (named === undefined) {
    if (rows.length > 0) phase.info('The file names no domain: assuming that its rows are for this site.');
    return [...(known ?? [])][0] ?? '';
  }
  if (known === undefined) {
    const text = `The redirects of site ${siteId} do not show its domain: assuming that it is ${named.domain}.`;
    // If the assumption is wrong, another site's redirects are deleted.
    if (deletes > 0) run.warn(text, 'Domain of the site not known');
    else phase.info(text);
    return named.domain;
  }
  if (known.has(hostOf(named.domain))) return named.domain;
  const domains = [...known].join(', ');
  throw new FileError(
    file,
    [{ line: named.line, message: `The domain is "${named.domain}", and that of site ${siteId} is ${domains}.` }],
    {
      message: `${shownPathOf(file)} is for another site.`,
      topic: 'redirects-file-not-usable',
      title: 'The file is for another site',
      fix: 'Correct `site-id` or the domain; if both are right, use a list in JSON or YAML, which needs no domain.',
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
  { run, shownPathOf }: RedirectsDependencies,
): void {
  const found = findResultingLoops(rows, staying, domain === '' ? undefined : domain, createInPlace(current));
  warnOfRows(run, {
    title: 'Loop that the site already has',
    rows: found.known,
    count: found.knownCount,
    meaning:
      'Visitors of these never arrive. The site already has it, so nothing changes: point one of them to where the page is now.',
    maxAnnotations: 1,
  });
  if (found.stayingCount > 0) {
    run.warn(
      `The site has ${count(found.stayingCount, 'loop')} that do not involve the file: ${found.staying.slice(0, 3).join(' ')}`,
      'Loops on the site',
    );
  }
  if (found.loopCount === 0) return;
  throw new FileError(file, found.loops, {
    message: `With ${shownPathOf(file)}, the site would have ${count(found.loopCount, 'loop')}, formed by its rows${task.delete ? '' : ' and redirects that stay'}.`,
    topic: 'redirects-in-a-loop',
    title: 'The site would have loops',
    fix: `Correct the file${task.delete ? '' : ', or set `delete: true` if the redirects that it does not have should be deleted'}.`,
    detailCount: found.loopCount,
  });
}

/** Whether the site has exactly the redirect of a row. Indexed on first use, which is rare. */
function createInPlace(current: readonly KnownRedirect[]): (row: RedirectRow) => boolean {
  const keyOf = ({ fromPath, target }: Redirect) => JSON.stringify([fromPath, targetText(target)]);
  let known: ReadonlySet<string> | undefined;
  return (row) => {
    known ??= new Set(current.map(keyOf));
    return known.has(keyOf(row));
  };
}

/** With `delete`: why nothing may be deleted; undefined where the plan is within `max-deletes`. */
export function deletionGuard(site: SitePlan, { task }: SyncInputs): ActionError | undefined {
  const { removed } = site.plan;
  if (!task.delete || removed.length <= task.maxDeletes) return undefined;
  return new ActionError(
    `${count(removed.length, 'redirect')} of ${siteWords(site)} would be deleted, but \`max-deletes\` allows ${task.maxDeletes}.`,
    {
      topic: 'more-deletions-than-allowed',
      title: 'More deletions than allowed',
      fix: 'Check the plan: is this the right file, and the right `site-id`? If so, raise `max-deletes` for this run.',
    },
  );
}
