import { type DeployOutcome, type DeployRecord, liveOf } from './deploy-record.ts';

/** The headline says so. */
const HARMLESS: readonly DeployOutcome[] = ['dry-run', 'skipped'];

/**
 * Whether a run that is no success changed the storefront, as Markdown. Undefined where more is said of what is live: after
 * a rehearsal, a verification or a rollback.
 */
export function storefrontLine(record: DeployRecord): string | undefined {
  const { outcome, rehearsal, restored } = record;
  if (HARMLESS.includes(outcome) || rehearsal !== undefined || restored !== undefined) return undefined;
  switch (liveOf(record)) {
    case 'as-before':
      return 'The storefront is unchanged.';
    case 'unknown':
      return '**The storefront may or may not have changed.**';
    default:
      return undefined;
  }
}
