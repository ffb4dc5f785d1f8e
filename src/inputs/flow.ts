import type { EnvironmentVariable } from '../domain/variables.ts';
import { choiceParser, integerParser, parseBoolean, parseMinutes } from './parsers.ts';
import { type ReadContext, readValue } from './readers.ts';
import { readVariables } from './variables.ts';
import { readVerification, type VerificationInputs } from './verification.ts';

/** How a bundle is deployed, a new one or an earlier one. */
export interface FlowInputs {
  variables: readonly EnvironmentVariable[];
  onConflict: 'fail' | 'wait';
  conflictTimeoutMs: number;
  maxAttempts: number;
  timeoutMs: number;
  dryRun: boolean;
  verification: VerificationInputs | 'off';
}

const MAX_ATTEMPTS_LIMIT = 10;

/** What an empty input means; `action.yml` says the same. */
const DEFAULTS = {
  onConflict: 'fail',
  conflictTimeoutMs: 10 * 60_000,
  maxAttempts: 2,
  timeoutMs: 15 * 60_000,
  dryRun: false,
} as const;

/**
 * An undefined value is wrong, and reported in `problems`.
 * @param createsProjects whether a rehearsal's project that is missing is made
 */
export function readFlowInputs(
  context: ReadContext,
  createsProjects: boolean,
): { [K in keyof FlowInputs]: FlowInputs[K] | undefined } {
  return {
    variables: readVariables(context),
    onConflict: readValue(context, 'on-conflict', choiceParser(['fail', 'wait']), DEFAULTS.onConflict),
    conflictTimeoutMs: readValue(context, 'conflict-timeout-minutes', parseMinutes, DEFAULTS.conflictTimeoutMs),
    maxAttempts: readValue(context, 'max-attempts', integerParser(1, MAX_ATTEMPTS_LIMIT), DEFAULTS.maxAttempts),
    timeoutMs: readValue(context, 'timeout-minutes', parseMinutes, DEFAULTS.timeoutMs),
    dryRun: readValue(context, 'dry-run', parseBoolean, DEFAULTS.dryRun),
    verification: readVerification(context, createsProjects),
  };
}
