import { count } from '../../report/format.ts';
import { whileConnected } from '../deadline.ts';
import { applyPlan } from './apply-plan.ts';
import type { Connected, RedirectsDependencies } from './dependencies.ts';
import { deletionGuard, makePlan, type SitePlan, type SyncInputs } from './make-plan.ts';
import { readWishedRows } from './wished.ts';

/**
 * Makes the redirects of a site what the file says.
 * @throws ActionError with the outcome of the run, which says what was done and what was not
 */
export async function syncSite(inputs: SyncInputs, dependencies: RedirectsDependencies): Promise<void> {
  const rows = await readWishedRows({ ...inputs, ...inputs.task }, dependencies);
  await whileConnected(dependencies, inputs.timeoutMs, async (connected) => {
    const site = await makePlan(rows, inputs, connected, dependencies);
    const guard = deletionGuard(site.plan, inputs);
    if (guard !== undefined) throw guard;
    await carryOut(site, inputs, connected, dependencies);
  });
}

async function carryOut(
  { plan, current, domain }: SitePlan,
  { task }: SyncInputs,
  connected: Connected,
  dependencies: RedirectsDependencies,
): Promise<void> {
  const { reporter, disk } = dependencies;
  const removed = task.delete ? plan.removed : [];
  if (plan.added.length + plan.changed.length + removed.length === 0) {
    const staying =
      plan.removed.length === 0 ? '' : ` ${count(plan.removed.length, 'redirect')} that the file has not stay.`;
    reporter.note(`Site ${task.siteId} is as the file says: nothing was changed.${staying}`, 'Nothing to change');
    return;
  }
  await reporter.phase('Backup', async (phase) => {
    const path = await disk.writeBackup(task.siteId, domain, current);
    reporter.backupWritten(path);
    phase.info(path);
    if (domain === '' && current.length > 0) {
      reporter.warn(
        'The column `Domain` of the backup is empty, since neither the file nor the platform says what the domain of the site is: fill it in before you import the backup.',
      );
    }
    phase.result(count(current.length, 'redirect'));
  });
  await applyPlan({ siteId: task.siteId, ...plan, removed }, connected, dependencies);
}
