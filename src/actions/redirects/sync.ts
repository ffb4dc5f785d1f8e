import { hostOf } from '../../domain/redirects/address.ts';
import { findLoopClosers } from '../../domain/redirects/graph.ts';
import { isDead, isSameTarget, type KnownRedirect, pathText, targetText } from '../../domain/redirects/redirect.ts';
import { count } from '../../report/format.ts';
import { siteWords } from '../../report/redirects-words.ts';
import { whileConnected } from '../deadline.ts';
import { applyPlan } from './apply-plan.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';
import { readDesiredRows } from './desired.ts';
import { deletionGuard, makePlan, type SitePlan, type SyncInputs } from './plan.ts';

const MAX_NAMED = 20;

/**
 * Makes the redirects of a site what the file says.
 * @throws ActionError with the outcome of the run, which says what was done and what was not
 */
export async function syncSite(inputs: SyncInputs, dependencies: RedirectsDependencies): Promise<void> {
  const rows = await readDesiredRows({ ...inputs, ...inputs.task, asksSite: true }, dependencies);
  await whileConnected(dependencies, inputs.timeoutMs, async (connected) => {
    const site = await makePlan(rows, inputs, connected, dependencies);
    const guard = deletionGuard(site, inputs);
    if (guard !== undefined) throw guard;
    await carryOut(site, inputs, connected, dependencies);
  });
}

async function carryOut(
  { siteId, plan, current, domain }: SitePlan,
  { task }: SyncInputs,
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<void> {
  const { run, disk } = dependencies;
  const removed = task.delete ? plan.removed : [];
  if (plan.added.length + plan.changed.length + removed.length === 0) {
    const staying =
      plan.removed.length === 0
        ? ''
        : ` ${count(plan.removed.length, 'redirect')} that the file does not have ${plan.removed.length === 1 ? 'stays' : 'stay'}.`;
    const message = `The redirects of ${siteWords({ siteId, domain })} already match the file: nothing was changed.${staying}`;
    run.emit({ type: 'nothing-to-do', message, title: 'Nothing to change' });
    return;
  }
  await run.phase('Backup', async (phase) => {
    const touched = [...removed, ...plan.changed.flatMap(({ before, copies = [] }) => [before, ...copies])];
    const backedUp = restorable(current, touched, domain);
    const path = await disk.writeBackup(siteId, domain, backedUp);
    run.emit({ type: 'backup-written', path });
    phase.info(path);
    if (domain === '' && current.length > 0) {
      run.warn(
        'The column `Domain` of the backup is empty, since neither the file nor the platform shows the domain of the site. `plan` and `sync` accept it as it is; fill in the column before you `import` the backup.',
        'Backup without a domain',
      );
    }
    warnOfUnrestorable(current, backedUp, run);
    phase.result(count(backedUp.length, 'redirect'));
  });
  await applyPlan({ siteId, ...plan, removed, deletes: task.delete }, connected, dependencies);
}

/**
 * What a backup contains, so that every command accepts it: all redirects of the site except those that no file can
 * restore. These are targets with the id 0 that are deleted or overwritten now, further targets of a path that the site
 * has under several ids, and the redirect that closes a loop.
 * @param touched those that are deleted or overwritten now
 */
function restorable(
  current: readonly KnownRedirect[],
  touched: readonly KnownRedirect[],
  domain: string,
): readonly KnownRedirect[] {
  const lost = new Set(touched.filter(({ target }) => isDead(target)).map(({ id }) => id));
  const targets = new Map<string, KnownRedirect['target']>();
  const sound = current.filter(({ id, fromPath, target }) => {
    if (lost.has(id)) return false;
    const first = targets.get(fromPath);
    if (first === undefined) targets.set(fromPath, target);
    return first === undefined || isSameTarget(first, target);
  });
  const gone = new Set(touched.map(({ id }) => id));
  const closers = findLoopClosers(sound, domain === '' ? '' : hostOf(domain), (index) =>
    gone.has(sound[index]?.id ?? 0),
  );
  return closers.size === 0 ? sound : sound.filter((_, index) => !closers.has(index));
}

function warnOfUnrestorable(
  current: readonly KnownRedirect[],
  backedUp: readonly KnownRedirect[],
  run: RedirectsDependencies['run'],
): void {
  if (backedUp.length === current.length) return;
  const ids = new Set(backedUp.map(({ id }) => id));
  const others = current.filter(({ id }) => !ids.has(id));
  const lines = others.slice(0, MAX_NAMED).map((one) => `${pathText(one)} → ${targetText(one.target)}`);
  const rest = others.length > MAX_NAMED ? ` and ${others.length - MAX_NAMED} more` : '';
  run.warn(
    `The backup lacks ${count(others.length, 'redirect')} that no file can restore: ${lines.join(', ')}${rest}. Such a redirect has the target id 0, is another one of a path that the site has under several ids, or closes a loop.`,
    'Backup not complete',
  );
}
