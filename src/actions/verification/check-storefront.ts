import type { PageResult, PathCheck, VerificationRecord } from '../../domain/verification/checks.ts';
import type { Pages } from '../../domain/verification/page.ts';
import type { Phase } from '../../report/run-events.ts';

/** The storefront that is asked, and what for. */
export interface CheckTarget {
  /** Addresses that the platform named for it; the first one is asked, and redirects are followed to all of them. */
  urls: readonly [string, ...string[]];
  checks: readonly PathCheck[];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

export interface CheckRequest extends CheckTarget {
  /** What `/BUILD_ID` has to answer; undefined if that is not known. */
  buildId: string | undefined;
  timeoutMs: number;
  /** What came of the same pages before the deployment; empty if they were not asked. */
  before: readonly PageResult[];
}

export interface CheckDependencies {
  pages: Pages;
  signal: AbortSignal;
  phase: Phase;
}

/**
 * Asks the pages of a storefront until all are healthy, or the time is over.
 * @throws only the signal's reason
 */
export async function checkStorefront(
  { urls: [url] }: CheckRequest,
  _dependencies: CheckDependencies,
): Promise<VerificationRecord> {
  return { state: 'skipped', url, durationMs: 0, pages: [] };
}

/** Asks each page once, as it is before a deployment. @throws only the signal's reason */
export async function lookAtPages(
  _target: CheckTarget,
  _dependencies: Omit<CheckDependencies, 'phase'>,
): Promise<PageResult[]> {
  return [];
}
