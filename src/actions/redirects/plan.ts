import { whileConnected } from '../deadline.ts';
import type { RedirectsDependencies } from './dependencies.ts';
import { readDesiredRows } from './desired.ts';
import { deletionGuard, makePlan, type SyncInputs } from './make-plan.ts';

/** Says what `sync` would do. @throws ActionError */
export async function planSite(inputs: SyncInputs, dependencies: RedirectsDependencies): Promise<void> {
  const { reporter } = dependencies;
  const rows = await readDesiredRows({ ...inputs, ...inputs.task, asksSite: true }, dependencies);
  const { plan } = await whileConnected(dependencies, inputs.timeoutMs, (connected) =>
    makePlan(rows, inputs, connected, dependencies),
  );
  const guard = deletionGuard(plan, inputs);
  if (guard !== undefined) reporter.warn(`\`sync\` would refuse to begin: ${guard.message}`);
}
