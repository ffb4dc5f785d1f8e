import type { Live } from '../domain/run-step.ts';
import { type DeployOutcome, type DeployRecord, liveOf } from './deploy-record.ts';

/** The headline says so. */
const HARMLESS: readonly DeployOutcome[] = ['dry-run', 'skipped'];

/**
 * Whether a run that is no success changed the storefront, as Markdown. Undefined where more is said of what is live: after
 * a rehearsal, a verification or a rollback.
 */
export function storefrontLine(record: DeployRecord): string | undefined {
  return storefrontWords({ ...record, live: liveOf(record) });
}

/** The same, of a record that says itself what is live. */
export function storefrontWords({
  outcome,
  failure,
  rehearsal,
  restored,
  live,
}: Pick<DeployRecord, 'outcome' | 'failure' | 'rehearsal' | 'restored'> & { live: Live }): string | undefined {
  // A failure that knows it says so itself.
  if (failure?.effect !== undefined) return undefined;
  if (HARMLESS.includes(outcome) || rehearsal !== undefined || restored !== undefined) return undefined;
  switch (live) {
    case 'as-before':
      return 'The storefront is unchanged.';
    case 'unknown':
      return '**The storefront may or may not have changed.**';
    default:
      return undefined;
  }
}
