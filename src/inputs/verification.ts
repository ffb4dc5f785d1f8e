import { HOME_PAGE, type PathCheck } from '../domain/verification/checks.ts';
import type { ReadContext } from './readers.ts';

/** How a deployed storefront is verified. */
export interface VerificationInputs {
  /** At least one. */
  paths: readonly PathCheck[];
  /** Names in lower case. Their values are masked. */
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  onFailure: 'fail' | 'warn' | 'rollback';
  rehearsal: RehearsalInputs | undefined;
}

/** Where a bundle is deployed first. */
export interface RehearsalInputs {
  /** Name of the project. */
  project: string;
  /** A rehearsal that is inconclusive stops the deployment, too. */
  isStrict: boolean;
  /** Make the project if there is none of that name. */
  createIfMissing: boolean;
}

/** Undefined: an input is wrong, and reported in `problems`. */
export function readVerification(_context: ReadContext): VerificationInputs | 'off' | undefined {
  return { paths: [HOME_PAGE], headers: {}, timeoutMs: 60_000, onFailure: 'fail', rehearsal: undefined };
}
